import type { AppEvent } from '../../../src-shared/contract/events';

/**
 * Keeps the computer from sleeping while a run of a job that asks for it (`keep_awake: true`) is under way.
 * Returns the end of it.
 */
export function createKeepAwake(deps: {
  readonly subscribe: (listener: (event: AppEvent) => void) => () => void;
  readonly asks: (job_id: string) => boolean;
  readonly block: () => number;
  readonly release: (id: number) => void;
}): () => void {
  const runs = new Set<string>();
  let blocker: number | undefined;
  const settle = () => {
    if (runs.size > 0) blocker ??= deps.block();
    else if (blocker !== undefined) {
      deps.release(blocker);
      blocker = undefined;
    }
  };
  const unsubscribe = deps.subscribe((event) => {
    if (event.type === 'execution.started' && deps.asks(event.data.execution.job_id))
      runs.add(event.data.execution.execution_id);
    else if (event.type === 'execution.finished') runs.delete(event.data.execution.execution_id);
    else return;
    settle();
  });
  return () => {
    unsubscribe();
    runs.clear();
    settle();
  };
}
