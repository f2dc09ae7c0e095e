import { create } from 'zustand';
import type { AppEvent } from '../../../src-shared/contract/events';
import type { Execution } from '../../../src-shared/model/execution';
import type { ParamValues } from '../../../src-shared/model/params';
import { api } from '../../lib/api';

/** One piece of live output. */
export interface OutputPiece {
  readonly stream: string;
  readonly text: string;
}

interface TestRun {
  readonly isOpen: boolean;
  /** Being asked for, before there is an execution. */
  readonly isStarting: boolean;
  readonly execution_id: string | undefined;
  readonly status: string | undefined;
  readonly pieces: readonly OutputPiece[];
  /** Whole, once it has ended. */
  readonly ended: Execution | undefined;
  readonly error: unknown;
  /** What was typed for the params of the text. */
  readonly typed: Readonly<Record<string, string>>;
  start(yaml: string, params: ParamValues): Promise<void>;
  type(name: string, value: string): void;
  cancel(): Promise<void>;
  apply(event: AppEvent): void;
  /** Looks how it stands: events may have been missed. */
  refresh(): Promise<void>;
  close(): void;
}

const nothing = {
  isStarting: false,
  execution_id: undefined,
  status: undefined,
  pieces: [],
  ended: undefined,
  error: undefined,
};
/** A flood is for the execution's own page; here its end is shown. */
const mostPieces = 400;

/** The trial of the text on the page. */
export const useTestRun = create<TestRun>((set, get) => ({
  ...nothing,
  isOpen: false,
  typed: {},
  async start(yaml, params) {
    if (get().isStarting) return;
    set({ ...nothing, isOpen: true, isStarting: true });
    try {
      const { execution_id, status } = await api.jobs.testRun({ body: { yaml, params } });
      set({ execution_id, status, isStarting: false });
      await get().refresh();
    } catch (error) {
      set({ error, isStarting: false });
    }
  },
  type: (name, value) => set(({ typed }) => ({ typed: { ...typed, [name]: value } })),
  async cancel() {
    const { execution_id } = get();
    if (execution_id) await api.executions.cancel({ params: { execution_id } });
  },
  apply(event) {
    const { execution_id, ended } = get();
    if (execution_id === undefined || ended) return;
    if (event.type === 'execution.output' && event.data.execution_id === execution_id) {
      const { stream, text } = event.data;
      set(({ pieces }) => ({ pieces: [...pieces.slice(-mostPieces + 1), { stream, text }] }));
    } else if (event.type === 'execution.started' && event.data.execution.execution_id === execution_id) {
      set({ status: event.data.execution.status });
    } else if (event.type === 'execution.finished' && event.data.execution.execution_id === execution_id) {
      void get().refresh();
    }
  },
  async refresh() {
    const { execution_id } = get();
    if (!execution_id) return;
    try {
      const { execution } = await api.executions.get({ params: { execution_id } });
      if (get().execution_id !== execution_id) return;
      set({ status: execution.status, ...(execution.end_time === null ? {} : { ended: execution }) });
    } catch (error) {
      set({ error });
    }
  },
  close: () => set({ ...nothing, isOpen: false, typed: {} }),
}));
