import { create } from 'zustand';
import type { AppEvent } from '../../../src-shared/contract/events';
import { api } from '../../lib/api';
import { gather } from '../../lib/gather';

type Status = Awaited<ReturnType<typeof api.scheduler.status>>;
type Queue = Awaited<ReturnType<typeof api.system.queueStatus>>;
type Windows = Awaited<ReturnType<typeof api.calendars.listWindows>>['windows'];

interface SchedulerPageState {
  readonly status: Status | undefined;
  readonly queue: Queue | undefined;
  readonly windows: Windows | undefined;
  /** Counts up whenever what will run may have changed by more than time going on. */
  readonly planVersion: number;
  /** The same for what was missed. */
  readonly missedVersion: number;
  readonly error: unknown;
  load(): Promise<void>;
  loadWindows(): Promise<void>;
  apply(event: AppEvent): void;
}

const gatherMs = 500;
/** The plan is computed from scratch: never for a run that began or ended, and not for each job of an import. */
const planMs = 5000;
const changesPlan =
  /^(job\.(created|updated|deleted)|scheduler\.state|maintenance\.changed|calendar\.changed)$/;

/** The state of the scheduler, its queue and the maintenance windows, live. */
export const useSchedulerPage = create<SchedulerPageState>((set, get) => {
  const renewSoon = gather(() => void get().load(), gatherMs);
  const renewPlan = gather(() => set(({ planVersion }) => ({ planVersion: planVersion + 1 })), planMs);
  const renewMissed = gather(
    () => set(({ missedVersion }) => ({ missedVersion: missedVersion + 1 })),
    gatherMs,
  );
  return {
    status: undefined,
    queue: undefined,
    windows: undefined,
    planVersion: 0,
    missedVersion: 0,
    error: undefined,
    async load() {
      try {
        const [status, queue] = await Promise.all([api.scheduler.status({}), api.system.queueStatus({})]);
        set({ status, queue, error: undefined });
      } catch (error) {
        set({ error });
      }
      if (!get().windows) await get().loadWindows();
    },
    async loadWindows() {
      try {
        const { windows } = await api.calendars.listWindows({});
        set({ windows });
      } catch {
        // The list of windows on this page says so itself.
      }
    },
    apply(event) {
      const { type } = event;
      if (type === 'execution.output') return;
      if (/^(execution|job|scheduler)\./.test(type)) renewSoon();
      if (type === 'maintenance.changed') void get().loadWindows();
      if (changesPlan.test(type)) renewPlan();
      const isMissed = type === 'execution.finished' && event.data.execution.status === 'missed';
      if (isMissed || type === 'clock.gap' || type === 'scheduler.state') renewMissed();
    },
  };
});
