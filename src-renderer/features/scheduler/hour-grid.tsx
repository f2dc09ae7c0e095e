import { useMemo } from 'react';
import { serverNow } from '../../lib/clock';
import { formatClock, formatDay, plural, viewerZone } from '../../lib/time-text';
import type { Forecast } from './forecast';
import styles from './scheduler.module.css';

const hourMs = 3_600_000;

interface Cell {
  readonly at: number;
  runs: number;
  withheld: number;
  collisions: number;
}

/** Full hours from the one we are in to the end, each with what happens in it. */
export function hourCells(forecast: Forecast): readonly Cell[] {
  const first = Math.floor(Date.parse(forecast.from) / hourMs) * hourMs;
  const end = Date.parse(forecast.to);
  const cells: Cell[] = [];
  for (let at = first; at < end; at += hourMs) cells.push({ at, runs: 0, withheld: 0, collisions: 0 });
  const cellOf = (instant: number) => cells[Math.floor((instant - first) / hourMs)];
  for (const run of forecast.runs) {
    const cell = cellOf(Date.parse(run.expected_start ?? run.scheduled_time));
    if (!cell) continue;
    if (run.fate === 'planned') cell.runs += run.count ?? 1;
    else cell.withheld += run.count ?? 1;
  }
  for (const { from, to } of forecast.collisions) {
    const last = Math.min(Date.parse(to), end - 1);
    for (let at = Math.floor(Date.parse(from) / hourMs) * hourMs; at <= last; at += hourMs) {
      const cell = cellOf(at);
      if (cell) cell.collisions += 1;
    }
  }
  return cells;
}

const hourFormat = new Intl.DateTimeFormat('en', { hour: '2-digit', hourCycle: 'h23', timeZone: viewerZone });
/** The hour of the day as the viewer's clock shows it. */
const hourOf = ({ at }: Cell) => Number(hourFormat.format(at));

const shades = 5;

/** One row a day, one cell an hour: the darker, the more runs; hours in which runs will meet are marked. */
export function HourGrid({
  forecast,
  chosen,
  onChoose,
}: {
  readonly forecast: Forecast;
  readonly chosen: number | undefined;
  readonly onChoose: (hour: number | undefined) => void;
}) {
  const cells = useMemo(() => hourCells(forecast), [forecast]);
  const most = Math.max(1, ...cells.map((cell) => cell.runs));
  const now = serverNow();
  const days = new Map<string, Cell[]>();
  for (const cell of cells) {
    const day = formatDay(cell.at, now);
    days.set(day, [...(days.get(day) ?? []), cell]);
  }
  return (
    <div className={styles.gridRoom}>
      <table className={styles.grid}>
        <caption className="visually-hidden">Planned runs by hour</caption>
        <thead>
          <tr>
            <td />
            {Array.from({ length: 24 }, (_, hour) => (
              // biome-ignore lint/suspicious/noArrayIndexKey: hours of a day are what they are
              <th key={hour} scope="col">
                {hour % 3 === 0 ? (
                  String(hour).padStart(2, '0')
                ) : (
                  <span className="visually-hidden">{hour}</span>
                )}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {[...days].map(([day, members]) => (
            <tr key={day}>
              <th scope="row">{day}</th>
              {Array.from({ length: 24 }, (_, hour) => {
                const cell = members.find((member) => hourOf(member) === hour);
                // biome-ignore lint/suspicious/noArrayIndexKey: hours of a day are what they are
                if (!cell) return <td key={hour} />;
                const shade = cell.runs === 0 ? 0 : Math.max(1, Math.ceil((cell.runs / most) * shades));
                const words = [
                  plural(cell.runs, 'run'),
                  cell.withheld > 0 && `${cell.withheld} will not run`,
                  cell.collisions > 0 && `runs will meet`,
                ].filter(Boolean);
                const label = `${day} ${formatClock(cell.at)}: ${words.join(', ')}`;
                return (
                  // biome-ignore lint/suspicious/noArrayIndexKey: hours of a day are what they are
                  <td key={hour}>
                    <button
                      type="button"
                      className={styles.cell}
                      data-shade={shade}
                      data-collides={cell.collisions > 0 || undefined}
                      aria-pressed={chosen === cell.at}
                      aria-label={label}
                      title={label}
                      onClick={() => onChoose(chosen === cell.at ? undefined : cell.at)}
                    >
                      <span aria-hidden="true">
                        {cell.collisions > 0 ? '!' : ''}
                        {cell.runs > 0 ? cell.runs : ''}
                      </span>
                    </button>
                  </td>
                );
              })}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
