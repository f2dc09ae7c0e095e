export type ManagedFolder =
  | { readonly kind: 'ready'; readonly path: string; readonly isNew: boolean }
  | { readonly kind: 'failed'; readonly reason: string }
  /** The signal was aborted. */
  | { readonly kind: 'ended' };

/** Folders that take long to make and can be made again, such as Python environments: one for each content. */
export interface ManagedFolders {
  /**
   * The folder for `content` (equal texts share one). When it is missing, or was left half made, `make` fills it
   * and gives a reason when it could not; nothing of a failure is kept. Whoever wants the same folder meanwhile, in
   * this process or another, waits (`onWait` is called once) and makes it if the other one failed.
   */
  ensure(request: {
    readonly content: string;
    make(folder: string): Promise<string | undefined>;
    onWait?(): void;
    readonly signal: AbortSignal;
  }): Promise<ManagedFolder>;
}
