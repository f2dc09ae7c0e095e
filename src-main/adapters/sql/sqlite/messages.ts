import type { ResultColumn } from '../../../../src-shared/model/sql-result';
import type { SqlParameter, SqlValue } from '../../../core/ports/sql-client';

/** What the worker process is asked to do; the first message to it. */
export interface WorkerTask {
  readonly kind: 'task';
  readonly file: string;
  readonly text: string;
  readonly parameters: readonly SqlParameter[];
  readonly transaction: boolean;
  readonly readOnly: boolean;
  readonly busyMs: number;
}

/** One batch of rows was taken off the worker's hands. */
export interface Taken {
  readonly kind: 'taken';
}

/** The results are wanted: an open transaction may be kept. */
export interface Keep {
  readonly kind: 'keep';
}

export type WorkerOrder = WorkerTask | Taken | Keep;

/** What the worker tells, in order. */
export type WorkerMessage =
  | { readonly kind: 'columns'; readonly columns: readonly ResultColumn[] }
  | { readonly kind: 'rows'; readonly rows: readonly (readonly SqlValue[])[] }
  | { readonly kind: 'rows_end' }
  | { readonly kind: 'affected'; readonly count: number }
  /** All statements have run; the worker waits for `keep`. */
  | { readonly kind: 'finished' }
  | { readonly kind: 'done' }
  | { readonly kind: 'failed'; readonly message: string; readonly line?: number };

/** Batches that may be on the way before the worker waits. */
export const batchesAhead = 4;
export const batchRows = 500;
/** Long values make a batch full before its rows do. */
export const batchCharacters = 1024 * 1024;
