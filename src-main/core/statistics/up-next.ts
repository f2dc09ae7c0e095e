import type { Dashboard } from '../../../src-shared/contract/statistics';
import type { Job } from '../jobs/job';
import type { JobRegistry } from '../jobs/job-registry';
import type { RunQueue } from '../run/run-queue';
import type { Scheduler } from '../schedule/scheduler';
import { dayMs } from './history-figures';
import type { JobStatisticsService } from './job-statistics';

export interface Overlapping {
  /** When the run that is under way began. */
  readonly since: number;
  /** How long it usually takes; null when nobody knows yet. */
  readonly usualSeconds: number | null;
  readonly overlap: Job['effective']['overlap'];
}

const consequence = {
  skip: 'skipped',
  queue: 'waits for its end',
  replace: 'ends it and takes its place',
} as const;

/**
 * What may go wrong with a planned run of a job that is at its limit of runs; undefined when it should be over by
 * then. Only what is known is foretold: nobody knows when a run ends that has no usual duration, or is beyond it.
 */
export function overlapWarning(slot: number, now: number, run: Overlapping): string | undefined {
  const end = run.usualSeconds === null ? undefined : run.since + run.usualSeconds * 1000;
  const isForeseen = end !== undefined && end >= now;
  if (isForeseen && end <= slot) return undefined;
  const what = consequence[run.overlap];
  return isForeseen
    ? `would overlap the running one: ${what}`
    : `if the running one has not ended by then: ${what}`;
}

/** The jobs due first, with what can be foreseen of them. */
export async function upNext(
  deps: {
    readonly registry: JobRegistry;
    readonly scheduler: Scheduler;
    readonly queue: RunQueue;
    readonly jobFigures: JobStatisticsService;
  },
  now: number,
  limit: number,
): Promise<Dashboard['next']> {
  const due: { readonly job: Job; readonly at: number }[] = [];
  for (const job of deps.registry.all()) {
    const at = deps.scheduler.nextRun(job.record.job_id);
    if (at !== undefined && at < now + dayMs) due.push({ job, at });
  }
  due.sort((a, b) => a.at - b.at);
  const active = deps.queue.status().executions;
  const items = await Promise.all(
    due.slice(0, limit).map(async ({ job, at }) => {
      const { job_id, name } = job.record;
      const own = active.filter(({ row }) => row.job_id === job_id);
      const [oldest] = own;
      const foreseen =
        !job.definition.shadow && oldest && own.length >= job.effective.max_instances
          ? overlapWarning(at, now, {
              since: oldest.row.start_time,
              usualSeconds: (await deps.jobFigures.of(job_id)).usual_seconds,
              overlap: job.effective.overlap,
            })
          : undefined;
      const warning = job.definition.shadow ? 'in shadow: recorded, not run' : foreseen;
      return {
        job_id,
        job_name: name,
        scheduled_time: new Date(at).toISOString(),
        ...(warning ? { warning } : {}),
      };
    }),
  );
  return { total: due.length, items };
}
