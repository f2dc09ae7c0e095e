import { create } from 'zustand';
import type { AppEvent } from '../../../src-shared/contract/events';
import type { JobStatistics } from '../../../src-shared/contract/statistics';
import { api } from '../../lib/api';
import { gather } from '../../lib/gather';

interface Figures {
  readonly byJob: ReadonlyMap<string, JobStatistics>;
  /** Says which jobs are in sight; what is not known of them is asked for. */
  show(job_ids: readonly string[]): void;
  apply(event: AppEvent): void;
}

const gatherMs = 60;

/** Last outcomes and usual durations of the jobs in sight, and of no others. */
export const useFigures = create<Figures>((set, get) => {
  let shown: readonly string[] = [];
  const stale = new Set<string>();
  const asked = new Set<string>();

  const ask = async () => {
    const ids = shown.filter((id) => !asked.has(id) && (stale.has(id) || !get().byJob.has(id)));
    if (ids.length === 0) return;
    for (const id of ids) {
      asked.add(id);
      stale.delete(id);
    }
    try {
      const { statistics } = await api.statistics.jobs({ query: { ids: [...ids] } });
      set(({ byJob }) => {
        const next = new Map(byJob);
        for (const one of statistics) next.set(one.job_id, one);
        return { byJob: next };
      });
    } catch {
      // The bars stay away; the next change of what is in sight asks again.
    } finally {
      for (const id of ids) asked.delete(id);
    }
  };
  const askSoon = gather(() => void ask(), gatherMs);

  return {
    byJob: new Map(),
    show(job_ids) {
      shown = job_ids;
      askSoon();
    },
    apply(event) {
      if (event.type !== 'execution.finished') return;
      stale.add(event.data.execution.job_id);
      askSoon();
    },
  };
});
