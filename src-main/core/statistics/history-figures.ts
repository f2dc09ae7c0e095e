import type { Clock } from '../ports/clock';
import type { HourCount, StatisticsRepository } from '../ports/statistics-store';

type Totals = Awaited<ReturnType<StatisticsRepository['totals']>>;

/** Counts over the whole history. Asked for by every open window at once, so each answer serves for a while. */
export interface HistoryFigures {
  /** The last 24 hours by outcome. */
  day(): Promise<Totals>;
  /** The last 7 days by hour and outcome. */
  week(): Promise<readonly HourCount[]>;
}

export const hourMs = 3_600_000;
export const dayMs = 24 * hourMs;
const dayKeptMs = 2000;
/** The week is the longest question; only its last hour moves. */
const weekKeptMs = 20_000;

function keep<T>(work: () => Promise<T>, forMs: number, clock: Clock): () => Promise<T> {
  let at = Number.NEGATIVE_INFINITY;
  let answer: Promise<T> | undefined;
  return () => {
    if (answer && clock.monotonic() - at < forMs) return answer;
    at = clock.monotonic();
    const own = work();
    answer = own;
    own.catch(() => {
      if (answer === own) answer = undefined;
    });
    return own;
  };
}

export function createHistoryFigures(deps: {
  readonly statistics: StatisticsRepository;
  readonly clock: Clock;
}): HistoryFigures {
  const { statistics, clock } = deps;
  const startOfHour = (instant: number) => Math.floor(instant / hourMs) * hourMs;
  return {
    day: keep(() => statistics.totals(clock.now() - dayMs), dayKeptMs, clock),
    week: keep(() => statistics.hours(startOfHour(clock.now()) - 7 * dayMs), weekKeptMs, clock),
  };
}

/** Successes among the runs that ended by themselves; null of none. */
export function successRate(counts: Readonly<Record<string, number | undefined>>): number | null {
  const good = counts.success ?? 0;
  const ended = good + (counts.failed ?? 0) + (counts.timeout ?? 0) + (counts.interrupted ?? 0);
  return ended === 0 ? null : Math.round((good / ended) * 10_000) / 10_000;
}
