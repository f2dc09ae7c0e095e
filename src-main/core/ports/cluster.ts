import type { MachineState } from '../../../src-shared/model/machine';
import type { ScheduleStateRecord } from './schedule-store';
import type { ExecutionRecord, NewExecution, Store } from './store';

/** A machine of a cluster as it last told of itself; instants are epoch ms by the server's clock. */
export interface Machine {
  readonly node: string;
  readonly state: MachineState;
  readonly tags: readonly string[];
  readonly host: string;
  readonly address: string | null;
  readonly version: string;
  readonly running: number;
  readonly fence: number;
  readonly started: number;
  readonly last_seen: number;
}

/** `shared`: other machines may run it too. `bound`: `runs_on` names this machine alone. `elsewhere`: not here. */
export type Placement = 'shared' | 'bound' | 'elsewhere';

/** Owner of a row that waits for whichever machine may run it. */
export const openOwner = 'open';

/** What other machines wrote, by id. */
export interface ClusterChanges {
  /** Executions whose rows are new or changed, as they are now. */
  readonly executions: readonly ExecutionRecord[];
  readonly jobs: readonly string[];
  /** Places in the timetable, by job. */
  readonly places: readonly string[];
  /** Other tables with rows that changed. */
  readonly tables: ReadonlySet<string>;
}

/** What the core does for the other machines; each call may come at any time after `attach`. */
export interface ClusterHost {
  /** Executions under way here. */
  live(): readonly number[];
  /** Free places of the pool: so many runs may begin here at once. */
  places(): number;
  /** These were given up by another machine while this one was not heard of: they end, and nothing is recorded. */
  lose(execution_ids: readonly number[]): void;
  /** What is to become of a run that had not begun on a machine that is gone: taken here, left to others, or ended. */
  verdict(row: ExecutionRecord): 'take' | 'leave' | 'end';
  /** It was taken over: it runs here. */
  resume(row: ExecutionRecord): void;
  /** This machine gave another one up; its runs are written as interrupted. */
  gaveUp(node: string, interrupted: readonly ExecutionRecord[], lastSeen: number): void;
  changed(changes: ClusterChanges): Promise<void>;
  /** `away` has changed. */
  standing(): void;
}

/** Several programs on one database: who runs what. Absent where one program is alone. */
export interface Cluster {
  readonly node: string;
  readonly tags: readonly string[];
  /** Since when, and why, nothing that others may run too can be begun; undefined while it can. */
  readonly away: { readonly since: number; readonly reason: string } | undefined;
  /** By its own clocks this machine can't have been given up yet. */
  readonly isHeld: boolean;
  placementOf(runs_on: readonly string[] | undefined): Placement;
  /**
   * How long this machine leaves a slot (its instant, epoch ms) to the others, ms: 0 when it is its turn. The turns are
   * dealt out evenly among the machines that may run it.
   */
  holdBack(job_id: string, slot: number, runs_on: readonly string[] | undefined): number;
  /**
   * Claims rows that have a slot_key, in order: the id of each that is ours from now on, undefined for one that is
   * taken. Throws `unavailable` when the server does not answer; what was claimed by then is found again by the next try.
   */
  claim(rows: readonly NewExecution[]): Promise<(number | undefined)[]>;
  /** How many runs of each job are under way on other machines; jobs without any are left out. */
  runningElsewhere(job_ids: readonly string[]): Promise<ReadonlyMap<string, number>>;
  /** A run that has a row begins: false when it is not ours any more. Throws `unavailable`. */
  begin(row: ExecutionRecord): Promise<boolean>;
  /** Where intervals without a start count from: what the cluster goes by, which may not be what is given. */
  agreeOn(places: readonly ScheduleStateRecord[]): Promise<ReadonlyMap<string, number>>;
  machines(): Promise<readonly Machine[]>;
  attach(host: ClusterHost): void;
  /** A place of the pool is free: what waits for any machine may be taken. */
  noteFree(): void;
  /** Nothing is under way here any more; what waits may be taken by others at once. */
  leave(): Promise<void>;
}

/** A store that may be shared with other machines. */
export interface SharedStore extends Store {
  readonly cluster?: Cluster;
}
