import type { CoreSettings } from '../core-settings';
import type { JobRegistry } from '../jobs/job-registry';
import type { Clock } from '../ports/clock';
import type { Cluster } from '../ports/cluster';
import type { Logger } from '../ports/logger';
import type { Random } from '../ports/random';
import type { ExecutionRecord, Store } from '../ports/store';
import type { Timer } from '../ports/timer';
import type { ExecutionWriter } from './execution-writer';
import type { RunRequest } from './run-request';
import type { RunStatistics } from './run-statistics';
import type { Runner } from './runner';

export type Submitted =
  | { readonly kind: 'accepted'; readonly execution_id: number; readonly status: 'pending' | 'running' }
  | { readonly kind: 'skipped'; readonly execution_id: number; readonly reason: string }
  /** The slot has a row already: somebody else, or an earlier life of this process, has taken it. */
  | { readonly kind: 'claimed' };

export interface QueueStatus {
  readonly running: number;
  readonly pending: number;
  readonly waiting_retries: number;
  readonly executions: readonly {
    readonly row: ExecutionRecord;
    readonly state: 'pending' | 'running';
    /** When it began to run, or was wanted. */
    readonly started: number;
  }[];
}

/** Decides which wanted attempts run, wait or are skipped, and carries the accepted ones to their end. */
export interface RunQueue {
  /**
   * Takes attempts in, all rows in one transaction with what `also` writes. When the transaction fails nothing
   * of it has happened and the error is the caller's.
   */
  submit(requests: readonly RunRequest[], also?: (store: Store) => Promise<void>): Promise<Submitted[]>;
  /** A run by hand: refused (`conflict`, `rate_limited`, `unavailable`) instead of skipped. */
  runNow(
    request: RunRequest,
  ): Promise<{ readonly execution_id: number; readonly status: 'pending' | 'running' }>;
  /** Throws `conflict` when it is not under way here. Resolves when it has ended, or its end has begun. */
  cancel(execution_id: number, by: string): Promise<'cancelled' | 'ending'>;
  isBusy(job_id: string): boolean;
  row(execution_id: number): ExecutionRecord | undefined;
  status(): QueueStatus;
  /** Places of the pool that are neither taken nor promised. */
  places(): number;
  /** Starts what an earlier process, last alive then (epoch ms), left undone after a run had ended. */
  resumeChains(lastAlive: number): Promise<void>;
  /** Executions under way here, by id. */
  live(): readonly number[];
  /** These are another machine's now: what runs ends, what waits is forgotten, and nothing is written of either. */
  lose(execution_ids: readonly number[]): void;
  /** A run that waited on a machine that is gone is this machine's now. */
  resume(request: RunRequest, row: ExecutionRecord): void;
  /** Runs of other machines have ended: what is held back here because of them may begin. */
  lookAtHeld(): Promise<void>;
  /** Ends everything; every row has its final status when this resolves. */
  stop(): Promise<void>;
}

export interface RunQueueDeps {
  readonly store: Store;
  /** Where other machines run the same jobs. */
  readonly cluster?: Cluster | undefined;
  readonly runner: Runner;
  readonly writer: ExecutionWriter;
  readonly registry: JobRegistry;
  readonly statistics: RunStatistics;
  readonly settings: CoreSettings;
  readonly clock: Clock;
  readonly timer: Timer;
  readonly random: Pick<Random, 'fraction' | 'digest'>;
  readonly logger: Logger;
}
