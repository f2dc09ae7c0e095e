export type OutputStream = 'stdout' | 'stderr' | 'system';

/** From `offset` on `stream` wrote, and what begins there came at `time` (epoch ms). */
export interface OutputMark {
  readonly offset: number;
  readonly stream: OutputStream;
  readonly time: number;
}

/** What is kept of an output once its run has ended. */
export interface StoredOutput {
  /** The whole text when it is short; else head and tail around a marker that names the true size. */
  readonly excerpt: string;
  /** Bytes the run produced. */
  readonly total_bytes: number;
  /** Bytes that can still be read; less than `total_bytes` where the cap cut the middle out. */
  readonly stored_bytes: number;
  /** Why it could not be stored whole, when something other than the cap was in the way. */
  readonly problem?: string;
  /** Which stream wrote what, where the excerpt is all there is; the store keeps the marks of longer outputs. */
  readonly marks: readonly OutputMark[];
}

/** Takes one execution's output as it comes. Never throws for a full disk: it keeps what it can and says so. */
export interface OutputSink {
  /** Resolves when more may be written; a writer that outruns the disk waits here. `chunk` is UTF-8. */
  write(stream: OutputStream, chunk: Uint8Array): void | Promise<void>;
  finish(): Promise<StoredOutput>;
}

export interface OutputRange {
  readonly bytes: Uint8Array;
  /** Offset of the first byte of `bytes` in the stored output. */
  readonly offset: number;
  readonly stored_bytes: number;
  readonly total_bytes: number;
  /** While the run writes: bytes in the middle that the cap has already cost. */
  readonly gone_bytes?: number;
}

/** Outputs of any size, by byte range, while a run writes them and afterwards. */
export interface OutputStore {
  /** How much is kept of one execution: in its file, and in its row. */
  readonly limits: { readonly whole_bytes: number; readonly excerpt_bytes: number };
  open(execution_id: number, job_id: string): OutputSink;
  /** Bytes from `offset`, or the last `tail` bytes; `undefined` when nothing is stored for this execution. */
  read(
    execution_id: number,
    range: { readonly offset: number; readonly limit: number } | { readonly tail: number },
  ): Promise<OutputRange | undefined>;
  /** Marks of an output in the store, in the order of their offsets; `undefined` as `read`. */
  marks(execution_id: number): Promise<readonly OutputMark[] | undefined>;
  /** Ends what a dead process left open: the excerpt of what it had written, `undefined` for nothing. */
  recover(execution_id: number): Promise<StoredOutput | undefined>;
  remove(execution_ids: readonly number[]): Promise<void>;
}
