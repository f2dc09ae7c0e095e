import type { AppEvent } from '../../../src-shared/contract/events';
import type { ExecutionSummary } from '../../../src-shared/model/execution';
import { failedStatuses } from './tray-watch';

/** One note to a person. */
export interface FailureNote {
  readonly title: string;
  readonly body: string;
  /** The page it opens. */
  readonly path: string;
  /** What "run again" would run; absent when it stands for several jobs. */
  readonly job_id: string | undefined;
}

/** The page that a note about a job or an execution leads to. */
export function pathOf(job_id: string | null, execution_id: string | null): string {
  if (execution_id) return `/executions/${encodeURIComponent(execution_id)}`;
  return job_id ? `/jobs/${encodeURIComponent(job_id)}` : '/';
}

/** Failures within this time of the first are told together when there are many. */
const gatherMs = 1500;
const mostSingle = 3;

const words: Readonly<Record<string, string>> = {
  failed: 'failed',
  timeout: 'took too long and was ended',
  interrupted: 'was interrupted',
};

const shortened = (text: string, most: number) => (text.length > most ? `${text.slice(0, most - 1)}…` : text);

function single(execution: ExecutionSummary): FailureNote {
  const reason = execution.error_message?.split('\n').find((line) => line.trim() !== '');
  const code = execution.return_code === null ? undefined : `exit code ${execution.return_code}`;
  return {
    title: `${shortened(execution.job_name, 60)} ${words[execution.status] ?? 'failed'}`,
    body: shortened(reason?.trim() ?? code ?? 'The execution says why', 200),
    path: `/executions/${encodeURIComponent(execution.execution_id)}`,
    job_id: execution.job_id,
  };
}

/** What to tell of these failures: one note each, or one for all when they are many. */
export function notesOf(failures: readonly ExecutionSummary[]): FailureNote[] {
  if (failures.length <= mostSingle) return failures.map(single);
  const names = [...new Set(failures.map(({ job_name }) => job_name))];
  const shown = names.slice(0, 3).join(', ') + (names.length > 3 ? ` and ${names.length - 3} more` : '');
  return [
    {
      title: `${failures.length} runs failed`,
      body: shortened(shown, 200),
      path: '/executions?status=failed,timeout,interrupted',
      job_id: undefined,
    },
  ];
}

/** Listens for ends that somebody should hear of and tells them, a burst as one. Returns the end of listening. */
export function watchFailures(deps: {
  readonly subscribe: (listener: (event: AppEvent) => void) => () => void;
  readonly tell: (note: FailureNote) => void;
}): () => void {
  let gathered: ExecutionSummary[] = [];
  let timer: NodeJS.Timeout | undefined;
  const flush = () => {
    timer = undefined;
    const all = gathered;
    gathered = [];
    for (const note of notesOf(all)) deps.tell(note);
  };
  const unsubscribe = deps.subscribe((event) => {
    if (event.type !== 'execution.finished' || !failedStatuses.has(event.data.execution.status)) return;
    // Who tries a job in the editor looks at it.
    if (event.data.execution.metadata.test_run !== undefined) return;
    gathered.push(event.data.execution);
    timer ??= setTimeout(flush, gatherMs);
  });
  return () => {
    clearTimeout(timer);
    unsubscribe();
  };
}
