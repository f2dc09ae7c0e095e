/** The few facts and acts of the machine that job types need. Paths are the machine's own. */
export interface Host {
  readonly platform: 'win32' | 'linux' | 'darwin' | string;
  readonly hostname: string;
  /** The folder of the jobs file; relative paths in a job begin here. */
  readonly jobsFolder: string;
  /** Kind of a path, following links; `none` when it is missing or unreadable. */
  kindOf(path: string): Promise<'file' | 'folder' | 'none'>;
  /** First program of that name on PATH (with PATHEXT on Windows), or undefined. */
  findProgram(name: string, pathVariable?: string): Promise<string | undefined>;
  readText(path: string): Promise<string>;
  /** A private file (mode 0600 in a folder of ours) that `remove` deletes. `extension` begins with a dot. */
  writeTemporary(
    extension: string,
    content: string,
  ): Promise<{ readonly path: string; remove(): Promise<void> }>;
}
