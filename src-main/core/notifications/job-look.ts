import type { Job } from '../jobs/job';
import type { JobRegistry } from '../jobs/job-registry';
import type { Clock } from '../ports/clock';
import type { NotificationPorts } from '../ports/notifier';
import type { Store } from '../ports/store';
import type { RunQueue } from '../run/run-queue';
import { isTestRun } from '../run/run-request';
import { holdAt, type PreparedWindow } from '../schedule/maintenance-window';
import type { Scheduler } from '../schedule/scheduler';
import type { SlotLedger } from '../schedule/slot-ledger';
import { audienceOf, foldingOf } from './audience';
import { reminderMessage } from './compose-message';
import { isExpected, unkeptPromises } from './expectations';
import type { JobWatch } from './job-watch';
import { type NewsDeps, newsOfLongRun } from './news';
import { reminderAt } from './trouble';
import type { WatchBook } from './watch-book';

/**
 * One look at all jobs for what does not happen: planned runs that are not there, promises that are not kept, runs
 * that take too long, and trouble that lasts and is told of again.
 */
export function createJobLook({
  store,
  registry,
  scheduler,
  queue,
  ledger,
  maintenance,
  ports,
  clock,
  newsDeps,
  book,
}: {
  readonly store: Pick<Store, 'executions'>;
  readonly registry: JobRegistry;
  readonly scheduler: Scheduler;
  readonly queue: Pick<RunQueue, 'status'>;
  readonly ledger: Pick<SlotLedger, 'standstill'>;
  readonly maintenance: { readonly windows: readonly PreparedWindow[] };
  readonly ports: NotificationPorts;
  readonly clock: Clock;
  readonly newsDeps: NewsDeps;
  readonly book: WatchBook;
}): () => Promise<void> {
  /** Jobs that have to be looked at; made anew when a job changed. */
  let expected: { readonly version: number; readonly jobs: readonly Job[] } | undefined;
  const expectedJobs = (): readonly Job[] => {
    if (expected?.version !== registry.version)
      expected = {
        version: registry.version,
        jobs: registry.all().filter((job) => job.record.enabled && isExpected(job, newsDeps)),
      };
    return expected.jobs;
  };

  const look = async (): Promise<void> => {
    const now = clock.now();
    const active = queue.status().executions;
    for (const job of expectedJobs()) {
      const { job_id } = job.record;
      const plan = await scheduler.planOf(job);
      const noted = await unkeptPromises(
        newsDeps,
        job,
        {
          plan,
          underWay: active.filter(({ row }) => row.job_id === job_id),
          standstill: plan && ledger.standstill(plan),
          holdAt: (slot) => holdAt(maintenance.windows, job.definition.tags, slot),
        },
        book.watchOf(job_id),
        now,
      );
      await book.keep(job_id, noted);
    }
    for (const { row, state, started } of active) {
      const job = state === 'running' && !isTestRun(row) ? registry.get(row.job_id) : undefined;
      if (!job || book.watchOf(row.job_id).longRun === row.execution_id) continue;
      const news = await newsOfLongRun(newsDeps, job, { row, started }, now);
      if (news)
        await book.keep(row.job_id, {
          watch: { ...book.watchOf(row.job_id), longRun: row.execution_id },
          news: [news],
        });
    }
    for (const [job_id, watch] of book.all()) await remind(job_id, watch, now);
  };

  const remind = async (job_id: string, watch: JobWatch, now: number): Promise<void> => {
    const job = registry.get(job_id);
    const { trouble } = watch;
    if (!job) {
      await book.forget(job_id);
      return;
    }
    if (!trouble || !job.record.enabled) return;
    const due = reminderAt(trouble, foldingOf(job, ports));
    if (due === undefined || due > now) return;
    const { targets } = audienceOf(job, 'on_failure', ports);
    const row = await store.executions.get(trouble.last_execution_id);
    const message = await reminderMessage(newsDeps, job, row, trouble, now);
    await book.keep(job_id, {
      watch: { ...watch, trouble: { ...trouble, lastTold: now, untold: 0 } },
      news: [
        {
          key: `${job_id} reminder ${trouble.since} ${due}`,
          message,
          targets,
          execution_id: row?.execution_id ?? null,
        },
      ],
    });
  };

  return look;
}
