import { create } from 'zustand';
import type { AppEvent } from '../../../src-shared/contract/events';
import type { Dashboard } from '../../../src-shared/contract/statistics';
import { api } from '../../lib/api';
import { gather } from '../../lib/gather';

interface DashboardState {
  readonly data: Dashboard | undefined;
  readonly error: unknown;
  load(): Promise<void>;
  apply(event: AppEvent): void;
}

/** However much happens, the counts are asked for again at most this often. */
const renewMs = 1000;

/** What the first page shows. Live events say that something moved; the counts come from the program. */
export const useDashboard = create<DashboardState>((set, get) => {
  const renewSoon = gather(() => void get().load(), renewMs);
  return {
    data: undefined,
    error: undefined,
    async load() {
      try {
        set({ data: await api.statistics.dashboard({}), error: undefined });
      } catch (error) {
        set({ error });
      }
    },
    apply({ type }) {
      if (type !== 'execution.output' && type !== 'connection.changed') renewSoon();
    },
  };
});
