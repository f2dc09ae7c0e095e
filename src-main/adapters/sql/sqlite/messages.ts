import type { SqlValue } from '../../../core/ports/sql-client';

/** What the worker is asked to do. */
export interface WorkerTask {
  readonly file: string;
  readonly text: string;
  readonly parameters: Readonly<Record<string, SqlValue>>;
  readonly transaction: boolean;
  readonly busyMs: number;
  /** Counts rows taken off the worker's hands; it waits when too many are on the way. */
  readonly credit: SharedArrayBuffer;
}

/** What the worker tells, in order. */
export type WorkerMessage =
  | { readonly kind: 'columns'; readonly names: readonly string[] }
  | { readonly kind: 'rows'; readonly rows: readonly (readonly SqlValue[])[] }
  | { readonly kind: 'affected'; readonly count: number }
  | { readonly kind: 'done' }
  | { readonly kind: 'failed'; readonly message: string };

/** Batches that may be on the way before the worker waits. */
export const batchesAhead = 4;
export const batchRows = 500;
