import { create } from 'zustand';
import type { AppEvent } from '../../../src-shared/contract/events';
import type { ExecutionSummary } from '../../../src-shared/model/execution';
import { api } from '../../lib/api';
import { gather } from '../../lib/gather';

type Query = NonNullable<Parameters<typeof api.executions.list>[0]['query']>;
export type ExecutionFilters = Pick<
  Query,
  'status' | 'type' | 'trigger' | 'job_id' | 'from' | 'to' | 'search'
>;

interface ExecutionsState {
  /** What is shown, newest first; undefined until it is first loaded. */
  readonly rows: readonly ExecutionSummary[] | undefined;
  /** Newer ones that wait until the reader asks for them. */
  readonly newer: readonly ExecutionSummary[];
  readonly total: number;
  readonly error: unknown;
  load(filters: ExecutionFilters): Promise<void>;
  loadMore(): Promise<void>;
  showNewer(): void;
  apply(event: AppEvent): void;
}

const pageSize = 200;
const newestSize = 100;

/**
 * The history as far as it was scrolled to. Rows are repainted in place; new ones are asked for with the same filters,
 * so that the server alone decides what fits, and wait above the list.
 */
export const useExecutions = create<ExecutionsState>((set, get) => {
  let filters: ExecutionFilters = {};
  let question = 0;
  let isLoadingMore = false;

  const lookForNewer = gather(async () => {
    const asked = question;
    try {
      const { executions, total } = await api.executions.list({ query: { ...filters, limit: newestSize } });
      if (asked !== question) return;
      set(({ rows = [] }) => {
        const known = new Set(rows.map((row) => row.execution_id));
        const newer = executions.filter((row) => !known.has(row.execution_id));
        // The first ones there are need no pill.
        return rows.length === 0 ? { rows: executions, newer: [], total } : { newer, total };
      });
    } catch {
      // The next event asks again.
    }
  }, 400);

  const repaint = (list: readonly ExecutionSummary[], changed: ExecutionSummary) =>
    list.some((row) => row.execution_id === changed.execution_id)
      ? list.map((row) => (row.execution_id === changed.execution_id ? changed : row))
      : list;

  return {
    rows: undefined,
    newer: [],
    total: 0,
    error: undefined,
    async load(wanted) {
      const isOther = JSON.stringify(wanted) !== JSON.stringify(filters);
      filters = wanted;
      question += 1;
      const asked = question;
      if (isOther) set({ rows: undefined, newer: [] });
      try {
        const { executions, total } = await api.executions.list({ query: { ...filters, limit: pageSize } });
        if (asked === question) set({ rows: executions, newer: [], total, error: undefined });
      } catch (error) {
        if (asked === question) set({ error });
      }
    },
    async loadMore() {
      const { rows, newer, total } = get();
      if (!rows || isLoadingMore || rows.length + newer.length >= total) return;
      isLoadingMore = true;
      const asked = question;
      try {
        const offset = rows.length + newer.length;
        const page = await api.executions.list({ query: { ...filters, limit: pageSize, offset } });
        if (asked !== question) return;
        set(({ rows: current = [] }) => {
          // What came in meanwhile has moved the pages: some rows come twice.
          const known = new Set(current.map((row) => row.execution_id));
          return {
            rows: [...current, ...page.executions.filter((row) => !known.has(row.execution_id))],
            total: page.total,
          };
        });
      } catch (error) {
        set({ error });
      } finally {
        isLoadingMore = false;
      }
    },
    showNewer() {
      if (get().newer.length >= newestSize) void get().load(filters);
      else set(({ rows = [], newer }) => ({ rows: [...newer, ...rows], newer: [] }));
    },
    apply(event) {
      if (event.type === 'execution.started' || event.type === 'execution.finished') {
        const { execution } = event.data;
        const { rows, newer } = get();
        if (rows) set({ rows: repaint(rows, execution), newer: repaint(newer, execution) });
      }
      if (event.type === 'execution.created' || event.type === 'execution.finished') lookForNewer();
    },
  };
});
