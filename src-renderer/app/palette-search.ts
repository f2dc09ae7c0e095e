import type { ExecutionSummary } from '../../src-shared/model/execution';
import type { JobSummary } from '../../src-shared/model/job';
import { api } from '../lib/api';

export interface Found {
  readonly jobs: readonly JobSummary[];
  readonly executions: readonly ExecutionSummary[];
}

export const nothingFound: Found = { jobs: [], executions: [] };

/** `exec_12`, `12`, `#12`: an execution by its number. */
function executionNumber(text: string): string | undefined {
  return /^(?:exec_|#)?([1-9]\d{0,14})$/i.exec(text)?.[1];
}

async function findExecutions(text: string): Promise<readonly ExecutionSummary[]> {
  const number = executionNumber(text);
  if (number !== undefined) {
    const found = await api.executions.get({ params: { execution_id: number } }).catch(() => undefined);
    return found ? [found.execution] : [];
  }
  if (text === '') return [];
  const { executions } = await api.executions.list({ query: { search: text, limit: 5 } });
  return executions;
}

/** `run nightly load` asks for the job, `run` alone may be the beginning of a name. */
const jobWords = (text: string): string => /^run\s+(.+)$/i.exec(text)?.[1] ?? text;

/** Jobs by name, id, tag or description, best first, and executions by number, job or error message. */
export async function search(text: string): Promise<Found> {
  const [{ jobs }, executions] = await Promise.all([
    api.jobs.list({
      query: {
        ...(text === ''
          ? { sort: '-last_run' as const }
          : { search: jobWords(text), sort: 'relevance' as const }),
        limit: 6,
      },
    }),
    findExecutions(text),
  ]);
  return { jobs, executions };
}
