/** A file that an execution left. */
export interface Artifact {
  readonly name: string;
  readonly bytes: number;
  /** Epoch ms. */
  readonly modified: number;
}

/** Files that executions leave: a folder for each, kept with the history. */
export interface ArtifactStore {
  /** Makes the folder of an execution and gives its path. Throws where the disk refuses. */
  open(execution_id: number): Promise<string>;
  /**
   * Copies a file that lies elsewhere (a report that tomorrow's run writes over) into the folder. A text says why it
   * was not kept: too large, a link, no plain file.
   */
  keep(execution_id: number, name: string, path: string): Promise<Artifact | { readonly refused: string }>;
  /** Ends the writing: an empty folder goes. The files there are, by name. */
  close(execution_id: number): Promise<readonly Artifact[]>;
  list(execution_id: number): Promise<readonly Artifact[]>;
  /** Undefined when there is no such file, or it is a link or anything else but a plain file. */
  read(
    execution_id: number,
    name: string,
  ): Promise<{ readonly bytes: number; readonly content: AsyncIterable<Uint8Array> } | undefined>;
  remove(execution_ids: readonly number[]): Promise<void>;
}
