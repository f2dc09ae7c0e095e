import type { AppError } from '../../../src-shared/errors';
import type { Clock } from '../ports/clock';
import type { JobsFile } from '../ports/jobs-file';
import type { Logger } from '../ports/logger';
import type { Store } from '../ports/store';
import { isTestRun } from '../run/run-request';
import { latestOwnRun } from '../run/test-run';
import type { AuditTrail } from '../security/audit-trail';
import type { JobBuilder } from './build-job';
import { type SyncReport, synchroniseJobsFile } from './job-file-sync';
import type { JobRegistry } from './job-registry';

/** So many jobs of a file are named one by one in the audit. */
const mostNamed = 200;

/** The stored jobs, and the last that is known of each. */
export async function loadJobs(deps: {
  readonly store: Store;
  readonly registry: JobRegistry;
  readonly builder: JobBuilder;
  readonly logger: Logger;
}): Promise<void> {
  const { store, registry } = deps;
  for (const record of await store.jobs.list()) {
    const job = deps.builder.fromRecord(record);
    if (job.disabledReason && record.enabled)
      deps.logger.debug(`Job "${record.job_id}" will not run: ${job.disabledReason}`);
    registry.put(job);
  }
  await loadLatestRuns(store, registry);
}

/** The newest run of each job that is stored. */
async function loadLatestRuns(store: Store, registry: JobRegistry): Promise<void> {
  for (const latest of await store.executions.latestPerJob()) {
    const own = isTestRun(latest) ? await latestOwnRun(store.executions, latest) : latest;
    if (own) registry.noteExecution(own);
  }
}

type TakeInDeps = Omit<Parameters<typeof synchroniseJobsFile>[0], 'file'> & {
  readonly store: Store;
  readonly audit: Pick<AuditTrail, 'append'>;
  readonly clock: Clock;
  readonly logger: Logger;
};

/** Takes in what is new in the jobs file, and notes it in the audit. A file that can't be read is only told. */
export async function takeInJobsFile(file: JobsFile, deps: TakeInDeps): Promise<void> {
  const report = await synchroniseJobsFile({ ...deps, file }).catch((error: AppError) => {
    deps.logger.error(`the jobs file could not be synchronised: ${error.message}`);
  });
  // A job that comes anew may have been here before: its history was kept.
  if (report && report.added.length > 0) await loadLatestRuns(deps.store, deps.registry);
  if (report && report.added.length + report.updated.length > 0) await noteTakenIn(file, report, deps);
}

async function noteTakenIn(
  file: JobsFile,
  { added, updated, conflicts }: SyncReport,
  { audit, clock, logger }: TakeInDeps,
): Promise<void> {
  const named = (ids: readonly string[]) =>
    ids.length > mostNamed ? [...ids.slice(0, mostNamed), `${ids.length - mostNamed} more`] : ids;
  await audit
    .append({
      time: clock.now(),
      actor: 'jobs file',
      origin: 'start-up',
      action: 'jobs.synchronise',
      subject: file.path,
      outcome: 'ok',
      details: JSON.stringify({
        added: named(added),
        updated: named(updated),
        kept_as_edited_here: named(conflicts),
      }),
    })
    .catch((error: unknown) => logger.error('the audit row could not be written', { error: String(error) }));
}
