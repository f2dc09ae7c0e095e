import { create } from 'zustand';
import type { LogLine } from '../../../src-shared/model/log';
import { api } from '../../lib/api';
import { serverNow } from '../../lib/clock';
import { isOpenEnded, type LogsFilter, toQuery, toTailQuery } from './logs-filter';

/** A line with a number of its own: two lines may say the same at the same instant. */
export interface ShownLine extends LogLine {
  readonly key: number;
}

interface LogsState {
  /** Oldest first; undefined until the first answer. */
  readonly lines: readonly ShownLine[] | undefined;
  /** Matching lines there are in all, older ones that are not shown included. */
  readonly total: number;
  readonly isPartial: boolean;
  readonly error: unknown;
  readonly isLoadingOlder: boolean;
  load(filter: LogsFilter): Promise<void>;
  /** Takes in what was written since; true when there may be more at once. */
  follow(filter: LogsFilter): Promise<boolean>;
  /** Adds a page above; how many lines. */
  loadOlder(): Promise<number>;
}

const pageSize = 500;
const tailSize = 2000;
/** More lines than this make no difference to a reader; the oldest go, and can be loaded again. */
const mostLines = 20_000;

let nextKey = 1;
const number = (lines: readonly LogLine[]): ShownLine[] => lines.map((line) => ({ ...line, key: nextKey++ }));

/** The newest lines that match, growing at both ends. */
export const useLogs = create<LogsState>((set, get) => {
  let cursor: string | undefined;
  let asked = 0;
  /** Of the last answer from the files: its stretch of time must not move while older pages are read. */
  let query: ReturnType<typeof toQuery> = {};

  return {
    lines: undefined,
    total: 0,
    isPartial: false,
    error: undefined,
    isLoadingOlder: false,
    async load(filter) {
      asked += 1;
      const own = asked;
      cursor = undefined;
      query = toQuery(filter, serverNow());
      try {
        const page = await api.system.logs({ query: { ...query, limit: pageSize } });
        // Another filter was chosen meanwhile.
        if (own !== asked) return;
        cursor = isOpenEnded(filter) ? page.cursor : undefined;
        set({
          lines: number(page.logs.toReversed()),
          total: page.total,
          isPartial: page.is_partial,
          error: undefined,
        });
      } catch (error) {
        if (own === asked) set({ error });
      }
    },
    async follow(filter) {
      if (cursor === undefined) return false;
      const own = asked;
      const tail = await api.system.logTail({
        query: { ...toTailQuery(filter), cursor, limit: tailSize },
      });
      if (own !== asked) return false;
      if (!tail.is_complete) {
        await get().load(filter);
        return false;
      }
      cursor = tail.cursor;
      if (tail.logs.length > 0) {
        set(({ lines = [], total }) => ({
          lines: [...lines, ...number(tail.logs)].slice(-mostLines),
          total: total + tail.logs.length,
        }));
      }
      return tail.logs.length === tailSize;
    },
    async loadOlder() {
      const { lines = [], total, isLoadingOlder } = get();
      if (isLoadingOlder || lines.length >= total) return 0;
      const own = asked;
      set({ isLoadingOlder: true });
      try {
        const page = await api.system.logs({
          query: { ...query, limit: pageSize, offset: lines.length },
        });
        if (own !== asked) return 0;
        const first = lines[0];
        // Lines that came since are counted by the offset as well; nothing newer than the first shown belongs above it.
        const older = page.logs.filter((line) => first === undefined || line.time <= first.time);
        set((state) => ({ lines: [...number(older.toReversed()), ...(state.lines ?? [])] }));
        return older.length;
      } finally {
        set({ isLoadingOlder: false });
      }
    },
  };
});
