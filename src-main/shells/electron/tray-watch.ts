import type { AppEvent } from '../../../src-shared/contract/events';
import { formatExecutionId } from '../../../src-shared/model/ids';
import type { Core } from '../../core/core';
import type { TrayFacts } from './tray-menu';

const mostRecent = 8;
const mostFailures = 8;
const dayMs = 86_400_000;
/** Many things happen at once; the tray is drawn once for all of them. */
const drawAfterMs = 250;

/** Ends that somebody should hear of: `retry` is followed by another attempt, `cancelled` was asked for. */
export const failedStatuses: ReadonlySet<string> = new Set(['failed', 'timeout', 'interrupted']);

interface Failure {
  readonly execution_id: string;
  readonly name: string;
  readonly at: number;
  isNew: boolean;
}

/** Keeps what the tray shows, from the store at first and from events afterwards. */
export interface TrayWatch {
  /** Somebody has seen the window: what failed is no news any more. */
  noteLooked(): void;
  /** Something outside the core changed. */
  refresh(): void;
  start(): Promise<void>;
  stop(): void;
}

export function createTrayWatch(deps: {
  readonly core: Core;
  readonly isLookedAt: () => boolean;
  readonly startsAtLogin: () => boolean | undefined;
  readonly isSafeMode: () => boolean;
  readonly show: (facts: TrayFacts) => void;
}): TrayWatch {
  const { core } = deps;
  let recent: { job_id: string; name: string }[] = [];
  let failures: Failure[] = [];
  let timer: NodeJS.Timeout | undefined;
  let unsubscribe: (() => void) | undefined;

  const clockText = (at: number) =>
    new Date(at).toLocaleTimeString([], { hour: '2-digit', minute: '2-digit' });

  const draw = () => {
    timer = undefined;
    const now = core.clock.now();
    failures = failures.filter(({ at }) => at > now - dayMs);
    const next = core.scheduler.earliest();
    const name = next && core.registry.get(next.job_id)?.record.name;
    deps.show({
      state: core.scheduler.state,
      running: core.queue.status().running,
      nextText: next && name ? `${name}, ${clockText(next.at)}` : undefined,
      recent: recent.filter(({ job_id }) => core.registry.get(job_id) !== undefined),
      failures: failures.map(({ at, ...failure }) => ({ ...failure, when: clockText(at) })),
      startsAtLogin: deps.startsAtLogin(),
      isSafeMode: deps.isSafeMode(),
    });
  };
  const refresh = () => {
    timer ??= setTimeout(draw, drawAfterMs);
  };

  const noteRun = (job_id: string, name: string) => {
    recent = [{ job_id, name }, ...recent.filter((job) => job.job_id !== job_id)].slice(0, mostRecent);
  };
  const hear = (event: AppEvent) => {
    if (event.type === 'execution.output') return;
    if (event.type === 'execution.started') {
      const { job_id, job_name } = event.data.execution;
      noteRun(job_id, job_name);
    } else if (event.type === 'execution.finished') {
      const { execution_id, job_name, status } = event.data.execution;
      if (failedStatuses.has(status)) {
        const failure = {
          execution_id,
          name: job_name,
          at: core.clock.now(),
          isNew: !deps.isLookedAt(),
        };
        failures = [failure, ...failures].slice(0, mostFailures);
      }
    }
    refresh();
  };

  return {
    refresh,
    noteLooked() {
      if (!failures.some(({ isNew }) => isNew)) return;
      for (const failure of failures) failure.isNew = false;
      refresh();
    },
    async start() {
      unsubscribe = core.events.subscribe(hear);
      const rows = await core.store.executions
        .list({}, { limit: 100, offset: 0, sort: 'start_time', descending: true })
        .catch(() => []);
      for (const row of [...rows].reverse()) {
        const job = core.registry.get(row.job_id);
        if (!job || row.status === 'missed' || row.status === 'skipped') continue;
        noteRun(row.job_id, job.record.name);
        const at = row.end_time ?? row.start_time;
        if (failedStatuses.has(row.status) && at > core.clock.now() - dayMs) {
          failures = [
            {
              execution_id: formatExecutionId(row.execution_id),
              name: job.record.name,
              at,
              isNew: false,
            },
            ...failures,
          ].slice(0, mostFailures);
        }
      }
      draw();
    },
    stop() {
      clearTimeout(timer);
      unsubscribe?.();
    },
  };
}
