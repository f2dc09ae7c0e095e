import type { ExecutionRecord } from '../ports/store';

/** Counts since the program started; the numbers behind /api/admin/job-queue/metrics. */
export interface RunStatistics {
  /** `waitMs`: from the planned instant to the start; `running`: how many run now, this one included. */
  started(waitMs: number, running: number): void;
  finished(record: ExecutionRecord): void;
  skipped(): void;
  snapshot(): {
    readonly started: number;
    readonly finished: number;
    readonly by_status: Readonly<Record<string, number>>;
    readonly average_duration_seconds: number | null;
    readonly average_wait_seconds: number | null;
    readonly maximum_running: number;
  };
}

export function createRunStatistics(): RunStatistics {
  const byStatus = new Map<string, number>();
  let started = 0;
  let finished = 0;
  let waited = 0;
  let lasted = 0;
  let maximum = 0;
  const count = (status: string) => byStatus.set(status, (byStatus.get(status) ?? 0) + 1);

  return {
    started(waitMs, running) {
      started += 1;
      waited += Math.max(0, waitMs);
      maximum = Math.max(maximum, running);
    },
    finished(record) {
      finished += 1;
      lasted += record.duration_seconds ?? 0;
      count(record.status);
    },
    skipped: () => count('skipped'),
    snapshot: () => ({
      started,
      finished,
      by_status: Object.fromEntries(byStatus),
      average_duration_seconds: finished ? Math.round((lasted / finished) * 1000) / 1000 : null,
      average_wait_seconds: started ? Math.round(waited / started) / 1000 : null,
      maximum_running: maximum,
    }),
  };
}
