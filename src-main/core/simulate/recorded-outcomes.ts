import type { ExecutionRepository } from '../ports/store';
import { isTestRun } from '../run/run-request';
import type { AssumedOutcome, OutcomeOf } from './simulated-core';

/** So many of a job's last runs are played again. */
const mostPlayed = 200;

/** The last outcomes of a job, oldest first. Trials, and runs that were cancelled or broken off, say nothing. */
async function outcomesOf(
  executions: Pick<ExecutionRepository, 'list'>,
  job_id: string,
): Promise<AssumedOutcome[]> {
  const rows = await executions.list(
    { job_id, status: ['success', 'failed', 'timeout', 'retry'] },
    { limit: mostPlayed, offset: 0, sort: 'execution_id', descending: true },
  );
  return rows
    .filter((row) => !isTestRun(row))
    .reverse()
    .map((row) => ({
      duration_seconds: row.duration_seconds ?? 0,
      status: row.status === 'success' ? 'success' : 'failed',
    }));
}

/** Plays the recorded runs of each job again, in their order, over and over; `assumed` for jobs without any. */
export async function recordedOutcomes(
  executions: Pick<ExecutionRepository, 'list'> | undefined,
  job_ids: readonly string[],
  assumed: AssumedOutcome,
): Promise<OutcomeOf> {
  const recorded = new Map<string, { readonly outcomes: readonly AssumedOutcome[]; turn: number }>();
  if (executions)
    for (const job_id of job_ids)
      recorded.set(job_id, { outcomes: await outcomesOf(executions, job_id), turn: 0 });
  return ({ job_id }) => {
    const own = recorded.get(job_id);
    const outcome = own?.outcomes[own.turn % own.outcomes.length];
    if (own) own.turn += 1;
    return outcome ?? assumed;
  };
}
