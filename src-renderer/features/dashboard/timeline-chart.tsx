import { useEffect, useRef, useState } from 'react';
import type { TimelineJob } from '../../../src-shared/contract/statistics';
import { formatClock, formatDay } from '../../lib/time-text';
import { startOfDay } from '../../lib/wall-clock';
import styles from './timeline.module.css';
import { axisMarks, type Scale, xOf } from './timeline-geometry';
import { rowHeight, TimelineRow } from './timeline-row';

const axisHeight = 24;
/** More lines than these are scrolled within the chart; those out of sight are not drawn. */
const mostRows = 14;
const overscan = 4;
const day = 86_400_000;

interface ChartProps {
  readonly jobs: readonly TimelineJob[];
  readonly stretch: { readonly from: number; readonly to: number };
  readonly now: number;
  readonly width: number;
  /** In (-1) or out (1). */
  readonly onZoom: (by: 1 | -1) => void;
}

/**
 * A Gantt chart by job: what ran is solid, what runs grows, what will run is dashed, what was missed is a diamond.
 * A click opens the execution; by keyboard arrows walk the runs of a row and Enter opens.
 */
export function TimelineChart({ jobs, stretch, now, width, onZoom }: ChartProps) {
  const nameWidth = width > 900 ? 180 : 132;
  const scale: Scale = { ...stretch, width: Math.max(100, width - nameWidth) };
  const height = axisHeight + jobs.length * rowHeight + 4;
  const nowX = xOf(now, scale);
  const marks = axisMarks(scale);
  const isLong = stretch.to - stretch.from > 1.5 * day;
  const body = useRef<HTMLDivElement>(null);
  const [firstRow, setFirstRow] = useState(0);
  const isScrolled = jobs.length > mostRows;
  const first = isScrolled ? Math.max(0, Math.min(firstRow - overscan, jobs.length - mostRows)) : 0;
  const last = isScrolled ? firstRow + mostRows + overscan : jobs.length;

  useEffect(() => {
    const element = body.current;
    if (!element) return;
    const onWheel = (event: WheelEvent) => {
      if (!event.ctrlKey) return;
      event.preventDefault();
      onZoom(event.deltaY > 0 ? 1 : -1);
    };
    // React listens passively to the wheel; the page's own zoom must be held back.
    element.addEventListener('wheel', onWheel, { passive: false });
    return () => element.removeEventListener('wheel', onWheel);
  }, [onZoom]);

  return (
    <div
      ref={body}
      className={styles.window}
      style={isScrolled ? { height: axisHeight + mostRows * rowHeight } : undefined}
      // Scrolled by its lines, which take the focus: the chart itself is no stop.
      onScroll={({ currentTarget }) => setFirstRow(Math.floor(currentTarget.scrollTop / rowHeight))}
    >
      <div className={styles.chart} style={{ height }}>
        <div className={styles.axis} style={{ left: nameWidth, height }} aria-hidden="true">
          {marks.map((mark) => (
            <span key={mark} className={styles.mark} style={{ left: xOf(mark, scale) }} />
          ))}
        </div>
        {jobs.slice(first, last).map((job, index) => (
          <TimelineRow
            key={job.job_id}
            job={job}
            scale={scale}
            nameWidth={nameWidth}
            now={now}
            top={axisHeight + (first + index) * rowHeight}
          />
        ))}
        <span className={styles.now} style={{ left: nameWidth + nowX, height }} aria-hidden="true" />
        <div className={styles.head} style={{ height: axisHeight }} aria-hidden="true">
          {marks.map(
            (mark) =>
              Math.abs(xOf(mark, scale) - nowX) > 44 &&
              xOf(mark, scale) < scale.width - 20 && (
                <span key={mark} style={{ left: nameWidth + xOf(mark, scale) }}>
                  {isLong && isMidnight(mark) ? formatDay(mark, now) : formatClock(mark)}
                </span>
              ),
          )}
          <b style={{ left: nameWidth + nowX }}>{formatClock(now)}</b>
        </div>
      </div>
    </div>
  );
}

const isMidnight = (instant: number) => startOfDay(instant) === instant;
