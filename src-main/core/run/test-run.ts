import { AppError } from '../../../src-shared/errors';
import { parseJobDocument } from '../../../src-shared/job-document';
import type { ParamValues } from '../../../src-shared/model/params';
import type { JobTypeRegistry } from '../job-type-registry';
import type { JobBuilder } from '../jobs/build-job';
import { recordOf, refuseErrors } from '../jobs/job-record';
import type { Clock } from '../ports/clock';
import type { ExecutionRecord, ExecutionRepository } from '../ports/store';
import { refuseParams } from './run-params';
import type { RunQueue } from './run-queue';
import { isTestRun } from './run-request';

/** Trials of job texts that are not saved. */
export interface TestRuns {
  /**
   * Runs a text once, by hand, without retries: an execution like any other, with `test_run` in its metadata.
   * Throws `validation_failed` with every issue of the text, `conflict` when this machine can't run it.
   */
  start(
    yaml: string,
    params: ParamValues,
    by: string,
  ): Promise<{ readonly execution_id: number; readonly status: 'pending' | 'running' }>;
}

export function createTestRuns(deps: {
  readonly jobTypes: JobTypeRegistry;
  readonly builder: JobBuilder;
  readonly queue: Pick<RunQueue, 'runNow'>;
  readonly clock: Clock;
}): TestRuns {
  return {
    async start(yaml, params, by) {
      const { definition, issues } = parseJobDocument(yaml, deps.jobTypes);
      refuseErrors(issues);
      if (!definition) throw new AppError('validation_failed', 'The text holds no job');
      const now = deps.clock.now();
      const record = recordOf(
        { definition, text: yaml },
        { created_date: now, modified_date: now, created_by: by, source: null, source_digest: null },
      );
      const job = deps.builder.fromDefinition(record, definition);
      if (job.disabledReason) {
        throw new AppError('conflict', `Job "${definition.job_id}" can't run here: ${job.disabledReason}`);
      }
      refuseParams(job, params);
      return deps.queue.runNow({
        job,
        params,
        trigger: 'manual',
        scheduled_time: null,
        retry_count: 0,
        first_execution_id: null,
        requested_by: by,
        isTest: true,
      });
    },
  };
}

const lookedBack = 100;

/** The newest execution of a job that was no trial; undefined when its last hundred all were. */
export async function latestOwnRun(
  executions: Pick<ExecutionRepository, 'list'>,
  { job_id }: Pick<ExecutionRecord, 'job_id'>,
): Promise<ExecutionRecord | undefined> {
  const rows = await executions.list(
    { job_id },
    { limit: lookedBack, offset: 0, sort: 'execution_id', descending: true },
  );
  return rows.find((row) => !isTestRun(row));
}
