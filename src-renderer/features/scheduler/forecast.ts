import { api } from '../../lib/api';

export type Forecast = Awaited<ReturnType<typeof api.schedule.forecast>>;
export type PlannedJob = Forecast['jobs'][number];

/** Rows of jobs that are shown; the hours above them hold all runs. */
const mostRows = 200;

/** What will run between two instants, by the hour and by job. */
export function loadForecast(from: number, to: number): Promise<Forecast> {
  return api.schedule.forecast({
    query: {
      from: new Date(from).toISOString(),
      to: new Date(to).toISOString(),
      limit: 0,
      job_limit: mostRows,
    },
  });
}
