import { formatDuration } from '../lib/time-text';
import styles from './spark-bars.module.css';
import { barColour, lookOf } from './status';

export interface SparkBar {
  readonly status: string;
  readonly duration_seconds: number | null;
  /** More for the hover text, e.g. when it started. */
  readonly note?: string;
}

const width = 92;
const height = 18;
const shortest = 4;

/** The last runs, oldest first: height is the duration, colour the outcome. Always `slots` wide. */
export function SparkBars({
  bars,
  slots = 14,
}: {
  readonly bars: readonly SparkBar[];
  readonly slots?: number;
}) {
  const step = width / slots;
  const longest = Math.max(...bars.map((bar) => bar.duration_seconds ?? 0), 0.001);
  const offset = slots - bars.length;
  return (
    <svg
      className={styles.bars}
      width={width}
      height={height}
      viewBox={`0 0 ${width} ${height}`}
      role="img"
      aria-label={describe(bars)}
    >
      {bars.map((bar, index) => {
        // The square root keeps short runs visible beside one that took hours.
        const share = Math.sqrt((bar.duration_seconds ?? 0) / longest);
        const size = shortest + (height - shortest) * share;
        return (
          <rect
            // biome-ignore lint/suspicious/noArrayIndexKey: a bar is its place
            key={index}
            x={(offset + index) * step}
            y={height - size}
            width={step - 1.6}
            height={size}
            rx={1}
            fill={barColour(bar.status)}
          >
            <title>{`${lookOf(bar.status).word}, ${formatDuration(bar.duration_seconds)}${bar.note ? `\n${bar.note}` : ''}`}</title>
          </rect>
        );
      })}
    </svg>
  );
}

function describe(bars: readonly SparkBar[]): string {
  if (bars.length === 0) return 'no runs yet';
  const counts = new Map<string, number>();
  for (const { status } of bars) counts.set(status, (counts.get(status) ?? 0) + 1);
  const words = [...counts].map(([status, count]) => `${count} ${lookOf(status).word.toLowerCase()}`);
  return `last ${bars.length} runs: ${words.join(', ')}`;
}
