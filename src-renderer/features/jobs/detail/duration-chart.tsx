import { type KeyboardEvent, useRef } from 'react';
import { useNavigate } from 'react-router';
import type { ExecutionSummary } from '../../../../src-shared/model/execution';
import { formatDuration, formatFull, formatRoughDuration } from '../../../lib/time-text';
import { barColour, lookOf } from '../../../ui/status';
import { useWidth } from '../../../ui/use-width';
import styles from './duration-chart.module.css';

const height = 140;
const axisWidth = 64;
const widest = 22;

/** How long the last runs took, oldest first: height the duration, colour the outcome, a line for the usual one. */
export function DurationChart({
  runs,
  usualSeconds,
}: {
  /** Newest first. */
  readonly runs: readonly ExecutionSummary[];
  readonly usualSeconds: number | null;
}) {
  const navigate = useNavigate();
  const box = useRef<HTMLDivElement>(null);
  const width = Math.max(200, useWidth(box) || 600) - axisWidth;
  const most = Math.min(runs.length, Math.floor(width / 6), 100);
  const shown = runs.slice(0, most).reverse();
  const longest = Math.max(0.001, usualSeconds ?? 0, ...shown.map((run) => run.duration_seconds ?? 0));
  const step = Math.min(widest, width / Math.max(1, shown.length));
  const usualY = usualSeconds === null ? undefined : height - (height * usualSeconds) / longest;

  const onKeyDown = (event: KeyboardEvent<HTMLElement>) => {
    const by = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
    if (by === undefined) return;
    event.preventDefault();
    const all = [...event.currentTarget.querySelectorAll<HTMLElement>('button')];
    all[all.indexOf(document.activeElement as HTMLElement) + by]?.focus();
  };

  return (
    // biome-ignore lint/a11y/useSemanticElements: a fieldset is for forms
    <div
      ref={box}
      className={styles.chart}
      role="group"
      aria-label="Durations of the last runs"
      onKeyDown={onKeyDown}
    >
      <div className={styles.axis} aria-hidden="true">
        <span>{formatRoughDuration(longest)}</span>
        {usualY !== undefined && usualY > 18 && usualY < height - 18 && (
          <span style={{ position: 'absolute', top: usualY - 8, right: 8 }}>
            {formatRoughDuration(usualSeconds)}
          </span>
        )}
        <span>0</span>
      </div>
      <div className={styles.bars} style={{ height }}>
        {usualY !== undefined && <span className={styles.usual} style={{ top: usualY }} aria-hidden="true" />}
        {shown.map((run, index) => {
          const label = `${lookOf(run.status).word}, ${formatDuration(run.duration_seconds)}\n${formatFull(Date.parse(run.start_time))}`;
          return (
            <button
              type="button"
              key={run.execution_id}
              className={styles.bar}
              tabIndex={index === shown.length - 1 ? 0 : -1}
              aria-label={label}
              title={label}
              style={{
                left: index * step,
                width: step,
                ['--bar' as string]: barColour(run.status),
                ['--size' as string]: `${Math.max(3, (height * (run.duration_seconds ?? 0)) / longest)}px`,
              }}
              onClick={() => navigate(`/executions/${run.execution_id}`)}
            />
          );
        })}
      </div>
    </div>
  );
}
