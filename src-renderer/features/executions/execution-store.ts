import { create } from 'zustand';
import type { AppEvent } from '../../../src-shared/contract/events';
import type { Artifact } from '../../../src-shared/model/artifact';
import type { Execution, ExecutionSummary } from '../../../src-shared/model/execution';
import type { ExecutionContext } from '../../../src-shared/model/execution-context';
import type { JobDetail } from '../../../src-shared/model/job';
import { api } from '../../lib/api';
import { gather } from '../../lib/gather';

interface ExecutionState {
  /** The execution shown; undefined until it is loaded. */
  readonly execution: Execution | undefined;
  readonly context: ExecutionContext | undefined;
  readonly artifacts: readonly Artifact[];
  /** Where its files lie, when not here. */
  readonly artifactsNote: string | null;
  /** The job as it is now; null when it is gone. */
  readonly job: JobDetail | null | undefined;
  readonly error: unknown;
  load(execution_id: string): Promise<void>;
  apply(event: AppEvent): void;
}

const empty = {
  execution: undefined,
  context: undefined,
  artifacts: [],
  artifactsNote: null,
  job: undefined,
  error: undefined,
};

/** One execution, and what stands around it. */
export const useExecution = create<ExecutionState>((set, get) => {
  let wanted = '';

  const loadAround = async (execution_id: string, job_id: string) => {
    const params = { execution_id };
    const [context, artifacts, job] = await Promise.allSettled([
      api.executions.context({ params }),
      api.executions.artifacts({ params }),
      api.jobs.get({ params: { job_id } }),
    ]);
    if (wanted !== execution_id) return;
    set({
      ...(context.status === 'fulfilled' ? { context: context.value } : {}),
      ...(artifacts.status === 'fulfilled'
        ? { artifacts: artifacts.value.artifacts, artifactsNote: artifacts.value.note }
        : {}),
      job: job.status === 'fulfilled' ? job.value.job : null,
    });
  };
  const reloadSoon = gather(() => void get().load(wanted), 100);

  /** A row repainted at once; the whole of it is read again behind. */
  const note = (summary: ExecutionSummary) =>
    set(({ execution }) =>
      execution?.execution_id === summary.execution_id
        ? {
            execution: { ...execution, ...summary, metadata: { ...execution.metadata, ...summary.metadata } },
          }
        : {},
    );

  return {
    ...empty,
    async load(execution_id) {
      // Addresses may carry the number alone.
      const shown = get().execution?.execution_id.replace('exec_', '');
      if (shown !== undefined && shown !== execution_id.replace('exec_', '')) set(empty);
      wanted = execution_id;
      try {
        const { execution } = await api.executions.get({ params: { execution_id } });
        if (wanted !== execution_id) return;
        set({ execution, error: undefined });
        await loadAround(execution_id, execution.job_id);
      } catch (error) {
        if (wanted === execution_id) set({ error });
      }
    },
    apply(event) {
      const current = get().execution;
      if (!current || !event.type.startsWith('execution.') || event.type === 'execution.output') return;
      const { execution: changed } = event.data as { execution: ExecutionSummary };
      if (changed.execution_id === current.execution_id) note(changed);
      const first = (of: ExecutionSummary) => of.metadata.first_execution_id ?? of.execution_id;
      // Itself, another of its attempts, or what it set off.
      if (changed.job_id === current.job_id && first(changed) === first(current)) reloadSoon();
    },
  };
});
