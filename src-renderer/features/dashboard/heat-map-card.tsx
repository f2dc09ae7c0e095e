import { type KeyboardEvent, useMemo } from 'react';
import { useNavigate } from 'react-router';
import type { Dashboard } from '../../../src-shared/contract/statistics';
import { serverNow } from '../../lib/clock';
import { formatClock, formatDay, formatNumber, formatWeekday } from '../../lib/time-text';
import { instantOf, wallOf } from '../../lib/wall-clock';
import { Card } from '../../ui/page';
import { Skeleton } from '../../ui/states';
import { lookOf } from '../../ui/status';
import styles from './heat-map.module.css';

const hourMs = 3_600_000;
const dayMs = 24 * hourMs;
const days = 7;

interface Cell {
  readonly start: number;
  readonly counts: Readonly<Record<string, number>>;
  readonly total: number;
  readonly bad: number;
  readonly missed: number;
}

/** One row a day of the viewer's calendar, one cell an hour. */
export function cellsOf(hours: Dashboard['hours'], now: number): readonly (readonly Cell[])[] {
  const known = new Map(hours.map(({ hour, by_status }) => [Date.parse(hour), by_status]));
  const today = Math.floor(wallOf(now) / dayMs) * dayMs;
  return Array.from({ length: days }, (_, index) => {
    const day = today - (days - 1 - index) * dayMs;
    return Array.from({ length: 24 }, (_, hour) => {
      const start = instantOf(day + hour * hourMs);
      // Zones of half an hour: the program counts by whole hours of UTC.
      const counts = known.get(Math.floor(start / hourMs) * hourMs) ?? {};
      const total = Object.values(counts).reduce((sum, count) => sum + count, 0);
      const bad = (counts.failed ?? 0) + (counts.timeout ?? 0) + (counts.interrupted ?? 0);
      return { start, counts, total, bad, missed: counts.missed ?? 0 };
    });
  });
}

/** none, good (three strengths), a few failed, more than one in twenty, ten, five: a step and not a shade, so that it can be read. */
function levelOf({ total, bad, missed }: Cell, most: number): string {
  if (total === 0) return 'none';
  if (bad / total >= 0.2) return 'bad-3';
  if (bad / total >= 0.05) return bad / total >= 0.1 ? 'bad-2' : 'bad-1';
  if (missed > 0) return 'missed';
  if (bad > 0) return 'few';
  const share = total / most;
  return share > 0.6 ? 'good-3' : share > 0.25 ? 'good-2' : 'good-1';
}

function describe({ start, counts, total }: Cell, now: number): string {
  const when = `${formatDay(start, now)} ${formatClock(start)}-${formatClock(start + hourMs)}`;
  if (total === 0) return `${when}: nothing ran`;
  const words = Object.entries(counts).map(
    ([status, count]) => `${formatNumber(count)} ${lookOf(status).word.toLowerCase()}`,
  );
  return `${when}: ${words.join(', ')}`;
}

/** A week of outcomes: when do things go wrong? */
export function HeatMapCard({ hours }: { readonly hours: Dashboard['hours'] | undefined }) {
  const navigate = useNavigate();
  const now = serverNow();
  // biome-ignore lint/correctness/useExhaustiveDependencies: the hour matters, not the instant
  const rows = useMemo(() => (hours ? cellsOf(hours, now) : undefined), [hours, Math.floor(now / hourMs)]);
  const most = Math.max(1, ...(rows ?? []).flat().map((cell) => cell.total));

  const onKeyDown = (event: KeyboardEvent<HTMLElement>) => {
    const by = { ArrowLeft: -1, ArrowRight: 1, ArrowUp: -24, ArrowDown: 24 }[event.key];
    if (by === undefined) return;
    event.preventDefault();
    const all = [...event.currentTarget.querySelectorAll<HTMLElement>('button')];
    all[all.indexOf(document.activeElement as HTMLElement) + by]?.focus();
  };

  return (
    <Card
      title="Week"
      note="outcomes by hour, your time"
      end={
        <span className={styles.legend} aria-hidden="true">
          <i data-level="good-2" /> well
          <i data-level="bad-1" /> over 5 % failed
          <i data-level="bad-3" /> over 20 %
          <i data-level="missed" /> missed
        </span>
      }
    >
      {!rows ? (
        <div className={styles.box}>
          <Skeleton height={200} />
        </div>
      ) : (
        // biome-ignore lint/a11y/useSemanticElements: a fieldset is for forms
        <div
          className={styles.box}
          role="group"
          aria-label="Outcomes of the week by hour"
          onKeyDown={onKeyDown}
        >
          <div className={styles.hours} aria-hidden="true">
            {[0, 6, 12, 18].map((hour) => (
              <span key={hour}>{String(hour).padStart(2, '0')}:00</span>
            ))}
          </div>
          {rows.map((cells, index) => (
            <div key={cells[0]?.start ?? index} className={styles.row}>
              <span className={styles.day} aria-hidden="true">
                {formatWeekday(cells[0]?.start ?? now)}
              </span>
              {cells.map((cell, hour) =>
                cell.start > now ? (
                  <span key={cell.start} className={styles.cell} data-level="future" />
                ) : (
                  <button
                    type="button"
                    key={cell.start}
                    tabIndex={index === rows.length - 1 && hour === 0 ? 0 : -1}
                    className={styles.cell}
                    data-level={levelOf(cell, most)}
                    aria-label={describe(cell, now)}
                    title={describe(cell, now)}
                    onClick={() =>
                      navigate(
                        `/executions?from=${new Date(cell.start).toISOString()}&to=${new Date(cell.start + hourMs).toISOString()}`,
                      )
                    }
                  />
                ),
              )}
            </div>
          ))}
        </div>
      )}
    </Card>
  );
}
