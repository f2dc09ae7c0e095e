import { formatExecutionId } from '../../../src-shared/model/ids';
import type { ExecutionRecord } from '../ports/store';
import type { CancelTimer } from '../ports/timer';
import type { Admission, Occupation } from './admission';
import type { RunRequest } from './run-request';
import type { ActiveRun } from './runner';

/** One execution that has a row and has not ended. */
export interface LiveRun {
  readonly row: ExecutionRecord;
  readonly request: RunRequest;
  /** Counts against max_instances; held runs and trials do not. */
  counted: boolean;
  /** `delayed`: until its retry_delay or its jitter is over. */
  state: 'held' | 'waiting' | 'delayed' | 'running';
  run?: ActiveRun;
  cancelDelay?: CancelTimer;
}

/** All executions under way here, and the places promised to those whose rows are being written. */
export interface LiveRuns {
  add(one: LiveRun): void;
  drop(one: LiveRun): void;
  get(execution_id: number): LiveRun | undefined;
  all(): readonly LiveRun[];
  /** Oldest first. */
  ofJob(job_id: string): readonly LiveRun[];
  isBusy(job_id: string): boolean;
  /** Runs of this job that count against max_instances, promised ones too. */
  instancesOf(job_id: string): number;
  /** What a further run of this job would meet, but for the pool. */
  occupationOf(job_id: string): Omit<Occupation, 'poolFree'>;
  /** Promises the places an admission takes, until its row is written. */
  reserve(admission: Admission, request: RunRequest): void;
  release(admission: Admission, request: RunRequest): void;
  /** Places of the pool that are promised. */
  readonly reservedPlaces: number;
}

export function createLiveRuns(): LiveRuns {
  const live = new Map<number, LiveRun>();
  const byJob = new Map<string, Set<LiveRun>>();
  const reserved = { pool: 0, instances: new Map<string, number>(), held: new Map<string, number>() };

  const ofJob = (job_id: string): readonly LiveRun[] => [...(byJob.get(job_id) ?? [])];
  const instancesOf = (job_id: string): number =>
    ofJob(job_id).filter((one) => one.counted).length + (reserved.instances.get(job_id) ?? 0);

  const bump = (counts: Map<string, number>, job_id: string, by: 1 | -1) => {
    const value = (counts.get(job_id) ?? 0) + by;
    if (value === 0) counts.delete(job_id);
    else counts.set(job_id, value);
  };
  const change = (admission: Admission, { job, isTest }: RunRequest, by: 1 | -1) => {
    const { job_id } = job.record;
    if (admission.kind === 'start') reserved.pool += by;
    if (isTest) return;
    if (admission.kind === 'start' || admission.kind === 'wait') bump(reserved.instances, job_id, by);
    if (admission.kind === 'hold') bump(reserved.held, job_id, by);
  };

  return {
    add(one) {
      live.set(one.row.execution_id, one);
      const siblings = byJob.get(one.row.job_id) ?? new Set();
      byJob.set(one.row.job_id, siblings.add(one));
    },
    drop(one) {
      live.delete(one.row.execution_id);
      const siblings = byJob.get(one.row.job_id);
      siblings?.delete(one);
      if (siblings?.size === 0) byJob.delete(one.row.job_id);
    },
    get: (execution_id) => live.get(execution_id),
    all: () => [...live.values()],
    ofJob,
    isBusy: (job_id) => byJob.has(job_id),
    instancesOf,
    occupationOf(job_id) {
      const siblings = ofJob(job_id);
      const oldest = siblings.find((one) => one.counted);
      return {
        instances: instancesOf(job_id),
        held: siblings.filter((one) => one.state === 'held').length + (reserved.held.get(job_id) ?? 0),
        oldest: oldest && formatExecutionId(oldest.row.execution_id),
      };
    },
    reserve: (admission, request) => change(admission, request, 1),
    release: (admission, request) => change(admission, request, -1),
    get reservedPlaces() {
      return reserved.pool;
    },
  };
}
