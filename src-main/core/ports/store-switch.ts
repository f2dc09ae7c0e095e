import type { StoreEngine, StoreServer, StoreStatus, StoreTrial } from '../../../src-shared/model/store';

/** What is to be moved, and where to. */
export interface MoveRequest {
  readonly to: StoreEngine;
  /** For a move to a server. */
  readonly server: StoreServer | undefined;
  readonly dry_run: boolean;
  /** False: a database that holds jobs already is used as it is. */
  readonly copy: boolean;
  readonly by: string;
}

/** Moves everything between the embedded store and a SQL Server while the program works. One move at a time. */
export interface StoreSwitch {
  status(): Promise<StoreStatus>;
  /** Connects and looks; writes nothing. A server that can't be used is an answer, not an error. */
  test(server: StoreServer): Promise<StoreTrial>;
  /**
   * Begins a move; resolves when it has begun. Throws `validation_failed` for a server that can't be understood,
   * `conflict` while another move runs or where the setting can't be changed, `unavailable` where it can't be reached.
   */
  start(request: MoveRequest): Promise<void>;
  /** Throws `conflict` when nothing is moved. */
  cancel(): Promise<void>;
  /** Starts the program anew, a moment after the answer. Throws `conflict` where only its keeper can. */
  restart(): void;
}
