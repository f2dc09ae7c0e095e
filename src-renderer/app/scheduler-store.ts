import { create } from 'zustand';
import type { AppEvent } from '../../src-shared/contract/events';
import type { SchedulerStatus } from '../../src-shared/model/scheduler';
import { api } from '../lib/api';
import { gather } from '../lib/gather';
import { noteHealth } from '../lib/live';
import { attempt } from '../ui/toasts';

interface SchedulerView {
  readonly status: SchedulerStatus | undefined;
  load(): Promise<void>;
  apply(event: AppEvent): void;
  pause(): Promise<void>;
  resume(): Promise<void>;
  start(): Promise<void>;
}

/** Many events may move the numbers; they are asked for again at most this often. */
const renewMs = 1000;
const renewSoon = gather(() => void useScheduler.getState().load(), renewMs);

/** The scheduler as the top of the window shows it. */
export const useScheduler = create<SchedulerView>((set, get) => ({
  status: undefined,
  async load() {
    try {
      set({ status: await api.scheduler.status({}) });
    } catch {
      // The connection state already says that the program does not answer.
    }
  },
  apply({ type }) {
    if (!/^(job|execution|scheduler)\./.test(type) || type === 'execution.output') return;
    if (type === 'scheduler.state') void get().load();
    else renewSoon();
  },
  async pause() {
    await attempt(
      () => api.scheduler.pause({}),
      ({ message }) => ({
        kind: 'info',
        text: message,
        action: { text: 'Undo', run: () => void get().resume() },
      }),
    );
  },
  async resume() {
    await attempt(
      () => api.scheduler.resume({}),
      ({ message }) => ({ kind: 'success', text: message }),
    );
  },
  async start() {
    await attempt(
      () => api.scheduler.start({}),
      ({ message }) => ({ kind: 'success', text: message }),
    );
  },
}));

/** Asks how the program is; the connection state shows it. */
export async function loadHealth(): Promise<void> {
  try {
    const { status, checks = {}, details = {} } = await api.system.health({});
    const bad = Object.keys(checks).filter((name) => !checks[name]);
    const reasons = bad.map((name) => details[name]?.reason ?? name.replaceAll('_', ' '));
    noteHealth(status === 'healthy', reasons.join('; '));
  } catch {
    // Not answering at all is another state, and the live connection knows it.
  }
}
