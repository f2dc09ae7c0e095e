import type { KeyboardEvent } from 'react';
import { useNavigate } from 'react-router';
import type { TimelineJob } from '../../../src-shared/contract/statistics';
import { formatClock, formatDuration, formatFull } from '../../lib/time-text';
import { barColour, lookOf } from '../../ui/status';
import styles from './timeline.module.css';
import { type Mark, marksOf, type Scale, spreadSlots } from './timeline-geometry';

export const rowHeight = 30;
const barHeight = 14;
const slotWidth = 5;

function describe({ run, count, start, end }: Mark): string {
  const { word } = lookOf(run.status);
  const when = formatFull(start);
  if (count > 1)
    return `${count} runs, ${run.count > 1 ? `worst: ${word}` : `all: ${word}`}\n${when} to ${formatClock(end)}`;
  if (run.status === 'missed' || run.status === 'skipped') return `${word}\n${when}`;
  return `${word}, ${formatDuration((end - start) / 1000)}\n${when}`;
}

/** A job's line of the chart: its name, its runs, and what is planned. */
export function TimelineRow({
  job,
  scale,
  nameWidth,
  now,
  top,
}: {
  readonly job: TimelineJob;
  readonly scale: Scale;
  readonly nameWidth: number;
  readonly now: number;
  readonly top: number;
}) {
  const navigate = useNavigate();
  const open = (execution_id: string) => navigate(`/executions/${execution_id}`);
  const planned = Math.max(
    slotWidth,
    ((job.usual_seconds ?? 0) * 1000 * scale.width) / (scale.to - scale.from),
  );

  const onKeyDown = (event: KeyboardEvent<HTMLElement>) => {
    if (event.key !== 'ArrowLeft' && event.key !== 'ArrowRight') return;
    event.preventDefault();
    const all = [...event.currentTarget.querySelectorAll<HTMLElement>('button')];
    const at = all.indexOf(document.activeElement as HTMLElement);
    const next = at < 0 ? all.at(-1) : all[at + (event.key === 'ArrowRight' ? 1 : -1)];
    next?.focus();
  };
  const marks = marksOf(job.runs, scale, now);

  return (
    // biome-ignore lint/a11y/useSemanticElements: a fieldset is for forms
    <div
      className={styles.row}
      style={{ top, height: rowHeight }}
      role="group"
      aria-label={job.name}
      onKeyDown={onKeyDown}
    >
      <button
        type="button"
        className={styles.name}
        style={{ width: nameWidth - 8 }}
        title={job.name}
        onClick={() => navigate(`/jobs/${encodeURIComponent(job.job_id)}`)}
      >
        <span dir="auto">{job.name}</span>
      </button>
      <div className={styles.lane} style={{ left: nameWidth, width: scale.width }}>
        {marks.map((mark, index) => {
          const { run, box } = mark;
          const isDiamond = run.status === 'missed' && mark.count === 1;
          return (
            <button
              type="button"
              key={run.execution_id}
              // One stop of Tab a row: the newest run; arrows lead to the others.
              tabIndex={index === marks.length - 1 ? 0 : -1}
              className={isDiamond ? styles.diamond : styles.run}
              data-running={run.status === 'running' || undefined}
              data-outlined={run.status === 'interrupted' || undefined}
              aria-label={describe(mark)}
              title={describe(mark)}
              style={
                isDiamond
                  ? { left: box.x - 5 }
                  : { left: box.x, width: box.width, height: barHeight, background: barColour(run.status) }
              }
              onClick={() => open(run.execution_id)}
            />
          );
        })}
        {spreadSlots(job.slots, scale, slotWidth + 3).map(({ at, x }) => (
          <span
            key={at}
            className={styles.slot}
            title={`Planned\n${formatFull(at)}`}
            style={{ left: x, width: Math.min(planned, scale.width - x), height: barHeight }}
          />
        ))}
      </div>
    </div>
  );
}
