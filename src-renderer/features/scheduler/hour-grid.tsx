import { useMemo } from 'react';
import { serverNow } from '../../lib/clock';
import { formatClock, formatDay, formatNumber, plural, viewerZone } from '../../lib/time-text';
import type { Forecast } from './forecast';
import styles from './hour-grid.module.css';

interface Cell {
  readonly at: number;
  readonly runs: number;
  readonly withheld: number;
  readonly waits: number;
  readonly collisions: number;
  /** Runs are only counted here; how they meet was not worked out. */
  readonly isCounted: boolean;
}

/** Full hours from the one we are in to the end, each with what happens in it. */
export function hourCells({ hours, worked_out_until }: Forecast): readonly Cell[] {
  const until = Date.parse(worked_out_until);
  return hours.map(({ from, ...hour }) => ({
    ...hour,
    at: Date.parse(from),
    isCounted: Date.parse(from) >= until,
  }));
}

const hourFormat = new Intl.DateTimeFormat('en', { hour: '2-digit', hourCycle: 'h23', timeZone: viewerZone });
/** The hour of the day as the viewer's clock shows it. */
const hourOf = ({ at }: Cell) => Number(hourFormat.format(at));

const shades = 5;
/** `12K`: a cell has room for four figures. */
const shortNumber = new Intl.NumberFormat('en', {
  notation: 'compact',
  maximumFractionDigits: 0,
});
const exactBelow = 1000;
const cellNumber = (value: number) => (value < exactBelow ? String(value) : shortNumber.format(value));

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
                  cell.withheld > 0 && `${formatNumber(cell.withheld)} will not run`,
                  cell.waits > 0 && `${formatNumber(cell.waits)} will wait`,
                  cell.collisions > 0 && `runs will meet`,
                  cell.isCounted && 'counted only',
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
                        {cell.runs > 0 ? cellNumber(cell.runs) : ''}
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
