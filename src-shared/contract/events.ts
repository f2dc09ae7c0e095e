import type { ExecutionSummary } from '../model/execution';
import type { OutboxState } from '../model/notification';
import type { SchedulerState } from '../model/scheduler';

/** Facts told after they were written. Listeners may miss output chunks, never the others. */
export interface EventData {
  'job.created': { readonly job_id: string };
  'job.updated': { readonly job_id: string };
  'job.deleted': { readonly job_id: string };
  /** A job's next run moved (saved, fired, paused, ...). */
  'job.scheduled': { readonly job_id: string; readonly next_run_time: string | null };
  'execution.created': { readonly execution: ExecutionSummary };
  'execution.started': { readonly execution: ExecutionSummary };
  'execution.finished': { readonly execution: ExecutionSummary };
  'scheduler.state': { readonly state: SchedulerState; readonly changed_by: string | null };
  /** The wall clock jumped, or the process stood still, for so many milliseconds. */
  'clock.gap': { readonly kind: 'forward' | 'backward' | 'frozen'; readonly milliseconds: number };
  /** A holiday set or a maintenance window was made, changed or removed; plans may have moved. */
  'calendar.changed': { readonly calendar_id: string };
  'maintenance.changed': { readonly window_id: string };
  'connection.changed': { readonly connection_id: string };
  'secret.changed': { readonly name: string };
  /** A message was stored, sent, or given up. */
  'notification.changed': {
    readonly notification_id: string;
    readonly job_id: string | null;
    readonly state: OutboxState;
  };
  /** Something to show on the desktop of whoever looks at the window. */
  'notification.toast': {
    readonly title: string;
    readonly text: string;
    readonly tone: 'bad' | 'warning' | 'good' | 'info';
    readonly job_id: string | null;
    readonly execution_id: string | null;
  };
  /** A loss of service, or its end, in words. */
  'health.changed': { readonly status: 'healthy' | 'degraded' | 'unhealthy'; readonly reason: string };
  /**
   * Live output: many a second, never kept; `offset` is the byte position of `text` in the output. Where it jumps,
   * or `text` is empty, what lies before was not sent and is read by range.
   */
  'execution.output': {
    readonly execution_id: string;
    readonly stream: 'stdout' | 'stderr' | 'system';
    readonly offset: number;
    readonly text: string;
  };
}

export type EventType = keyof EventData;

export type AppEvent = {
  [T in EventType]: {
    /** Rises by one each, from one run of the program to the next; output events carry the last kept event's number. */
    readonly sequence: number;
    readonly time: string;
    readonly type: T;
    readonly data: EventData[T];
  };
}[EventType];
