import { mostForecastRuns } from '../../../src-shared/contract/schedule';
import { api } from '../../lib/api';

export type Forecast = Awaited<ReturnType<typeof api.schedule.forecast>>;
export type PlannedRun = Forecast['runs'][number];

/** A day is asked for at a time: more than `mostForecastRuns` are refused. */
const stepMs = 24 * 3_600_000;

/** What will run between two instants. */
export async function loadForecast(from: number, to: number): Promise<Forecast> {
  const parts: Forecast[] = [];
  for (let at = from; at < to; at += stepMs) {
    const query = {
      from: new Date(at).toISOString(),
      to: new Date(Math.min(to, at + stepMs)).toISOString(),
      limit: mostForecastRuns,
    };
    parts.push(await api.schedule.forecast({ query }));
  }
  const [first] = parts;
  if (!first) throw new Error('the stretch of time is empty');
  return {
    ...first,
    to: new Date(to).toISOString(),
    runs: parts.flatMap((part) => part.runs),
    collisions: parts.flatMap((part) => part.collisions),
    total: parts.reduce((sum, part) => sum + part.total, 0),
    truncated: parts.some((part) => part.truncated),
  };
}

export const startOf = (run: PlannedRun): number => Date.parse(run.expected_start ?? run.scheduled_time);

/** Runs of one job that share their fate, shown as one row: a job of every minute must not hide the others. */
export interface Row {
  readonly run: PlannedRun;
  readonly count: number;
  readonly last: number;
}

export function groupRuns(runs: readonly PlannedRun[]): readonly Row[] {
  const rows = new Map<string, Row>();
  for (const run of runs) {
    const key = `${run.job_id} ${run.fate} ${run.reason ?? ''}`;
    const known = rows.get(key);
    rows.set(key, {
      run: known?.run ?? run,
      count: (known?.count ?? 0) + (run.count ?? 1),
      last: Date.parse(run.last_scheduled_time ?? run.scheduled_time),
    });
  }
  return [...rows.values()];
}
