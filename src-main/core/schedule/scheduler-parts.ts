import type { SchedulerState } from '../../../src-shared/model/scheduler';
import type { EventBus } from '../events/event-bus';
import type { Job } from '../jobs/job';
import type { JobRegistry } from '../jobs/job-registry';
import type { Clock } from '../ports/clock';
import type { Cluster } from '../ports/cluster';
import type { Logger } from '../ports/logger';
import type { Random } from '../ports/random';
import type { NewExecution, Store } from '../ports/store';
import type { Timer } from '../ports/timer';
import type { RunQueue } from '../run/run-queue';
import type { Plan, Surroundings } from './timetable';

/** How a job stands in the timetable, for those who explain it. */
export interface JobPlan extends Plan {
  /** The last slot accounted for. */
  readonly cursor: number;
  /** The job is known to the timetable since. */
  readonly anchor: number;
  /** Set while it is not planned: disabled, or not able to run. */
  readonly held: { readonly since: number | null; readonly by: string } | undefined;
}

export interface Scheduler {
  readonly state: SchedulerState;
  readonly since: number;
  readonly changedBy: string | null;
  /** Instant of the last wake, for the health check. */
  readonly lastWake: number;
  /** Begins: plans all jobs from their stored cursors. `downSince`: when the program was last known alive. */
  start(by: string, downSince?: number): Promise<void>;
  /** Stops planning. Running executions go on. */
  stop(by: string): Promise<void>;
  pause(by: string): Promise<void>;
  resume(by: string): Promise<void>;
  /**
   * A job was created, changed, enabled or disabled, by whom. Keeps cursor and anchor while its schedule is the
   * same; slots a job owes when it is enabled again meet the same rules as after a stop.
   */
  reschedule(job: Job, by?: string): Promise<void>;
  forget(job_id: string): Promise<void>;
  /** Another machine saved this job, or moved its place, which is stored already: it is planned from there. */
  adopt(job: Job): Promise<void>;
  /** Another machine deleted it. */
  leave(job_id: string): void;
  /** The database that the machines share went or came back. */
  standing(): void;
  /** Another machine may have paused or resumed all schedules. */
  followPause(): Promise<void>;
  /** Something says that time may have passed unseen (the machine woke up): looks at the clocks at once. */
  look(): void;
  /** Holiday sets or maintenance windows changed: all plans are made anew. */
  replan(): Promise<void>;
  nextRun(job_id: string): number | undefined;
  /** A job's planned runs after now up to `through`, at least so far apart; none while nothing is planned. */
  upcoming(job_id: string, through: number, leastGapMs: number): readonly number[];
  /** The earliest planned run of all. */
  earliest(): { readonly job_id: string; readonly at: number } | undefined;
  /** Undefined for a job without a schedule. */
  planOf(job: Job): Promise<JobPlan | undefined>;
  readonly plannedJobs: number;
}

export interface SchedulerDeps {
  readonly store: Store;
  /** Where other machines serve the same schedules. */
  readonly cluster?: Cluster | undefined;
  readonly registry: JobRegistry;
  readonly queue: RunQueue;
  readonly events: EventBus;
  readonly clock: Clock;
  readonly timer: Timer;
  readonly logger: Logger;
  readonly random: Pick<Random, 'digest' | 'fraction'>;
  readonly around: () => Surroundings;
  /** Rows of planned runs that did not happen, once they are written. */
  readonly onPassed?: (rows: readonly NewExecution[]) => void;
}
