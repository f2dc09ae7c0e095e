import { fillMacros } from '../../../src-shared/macros/fill-macros';
import { hasMacros } from '../../../src-shared/macros/parse-macros';
import { formatExecutionId } from '../../../src-shared/model/ids';
import type { ParamValues } from '../../../src-shared/model/params';
import { type Chain, chainList } from '../../../src-shared/model/run-rules';
import type { Job } from '../jobs/job';
import type { ExecutionRecord } from '../ports/store';
import { macroLookup } from './run-config';
import { refuseParams, zoneOf } from './run-params';
import type { RunRequest } from './run-request';

/** A job that is to follow: run it, or say in its history why not. */
export type ChainStep =
  | { readonly kind: 'run'; readonly request: RunRequest }
  | { readonly kind: 'skip'; readonly request: RunRequest; readonly reason: string }
  /** There is no such job, so there is no history to say it in. */
  | { readonly kind: 'missing'; readonly job_id: string };

/** Longer chains are a mistake, even without a circle. */
const longestChain = 50;

function wanted(job: Job, finished: Pick<ExecutionRecord, 'status'>): readonly Chain[] {
  if (finished.status === 'success') return chainList(job.definition.on_success);
  // Cancelled, interrupted and skipped runs have not failed.
  return finished.status === 'failed' || finished.status === 'timeout'
    ? chainList(job.definition.on_failure)
    : [];
}

/** Ids of the jobs that follow a run which ended so. */
export function followersOf(job: Job, finished: Pick<ExecutionRecord, 'status'>): readonly string[] {
  return wanted(job, finished).map((chain) => chain.run);
}

/** Params for the next job, with the macros of this run filled in. A text is what is wrong. */
function chainParams(chain: Chain, request: RunRequest, finished: ExecutionRecord): ParamValues | string {
  const { definition } = request.job;
  const lookup = macroLookup(
    {
      job_id: finished.job_id,
      job_name: finished.job_name,
      execution_id: formatExecutionId(finished.execution_id),
      attempt: finished.retry_count + 1,
      scheduled_time: request.scheduled_time ?? finished.start_time,
      start_time: finished.start_time,
    },
    {
      definitions: definition.params ?? {},
      values: (finished.metadata.params ?? {}) as ParamValues,
    },
    () => {
      throw new Error('A secret can not be handed on as a param; name it in the job that needs it');
    },
  );
  const values: Record<string, string | number | boolean> = {};
  for (const [name, value] of Object.entries(chain.params ?? {})) {
    if (typeof value !== 'string' || !hasMacros(value)) {
      values[name] = value;
      continue;
    }
    const filled = fillMacros(value, lookup, zoneOf(request.job), true);
    if (filled.problem !== undefined) return filled.problem;
    values[name] = filled.value;
  }
  return values;
}

/** The jobs that follow a finished run, by its on_success and on_failure. Retries to come and trials have none. */
export function chainSteps(
  request: RunRequest,
  finished: ExecutionRecord,
  find: (job_id: string) => Job | undefined,
): ChainStep[] {
  if (request.isTest) return [];
  return wanted(request.job, finished).map((chain, index): ChainStep => {
    const job = find(chain.run);
    if (!job) return { kind: 'missing', job_id: chain.run };
    const path = [...(request.chain?.path ?? []), finished.job_id];
    const params = chainParams(chain, request, finished);
    const next: RunRequest = {
      job,
      trigger: 'chain',
      scheduled_time: null,
      retry_count: 0,
      first_execution_id: null,
      requested_by: null,
      chain: { execution_id: finished.execution_id, status: finished.status, path },
      // A second try to follow the same run, after a crash, finds it taken.
      claim: `after ${formatExecutionId(finished.execution_id)} ${index}`,
      ...(typeof params === 'string' ? {} : { params }),
    };
    const skip = (reason: string): ChainStep => ({ kind: 'skip', request: next, reason });
    if (typeof params === 'string') return skip(`Its params could not be filled: ${params}`);
    if (path.includes(chain.run))
      return skip(`The chain ${[...path, chain.run].join(' -> ')} goes round in a circle: stopped here`);
    if (path.length >= longestChain)
      return skip(`The chain is longer than ${longestChain} jobs: stopped here`);
    if (!job.record.enabled) return skip('The job is disabled');
    if (job.disabledReason) return skip(job.disabledReason);
    try {
      refuseParams(job, params);
    } catch (error) {
      return skip(error instanceof Error ? error.message : String(error));
    }
    return { kind: 'run', request: next };
  });
}
