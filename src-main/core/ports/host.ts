/** A private folder for one run; only its owner may enter. What a crash leaves is removed at the next start. */
export interface TemporaryFolder {
  readonly path: string;
  /** It belongs to the account of `run_as`: our own private folders are closed to what runs in it. */
  readonly isForeign: boolean;
  /** Writes a file (mode 0600) and gives its path. */
  write(name: string, content: string): Promise<string>;
  /** The text of a file, undefined when there is none. */
  read(name: string): Promise<string | undefined>;
  /** Copies a file of the folder to a path of ours; whether there was one. */
  copyOut(name: string, path: string): Promise<boolean>;
  remove(): Promise<void>;
}

/** The few facts and acts of the machine that job types need. Paths are the machine's own. */
export interface Host {
  readonly platform: 'win32' | 'linux' | 'darwin' | string;
  readonly hostname: string;
  /** The folder of the jobs file; relative paths in a job begin here. */
  readonly jobsFolder: string;
  /** The PATH that children inherit. */
  readonly pathVariable: string;
  /** Kind of a path, following links; `none` when it is missing or unreadable. */
  kindOf(path: string): Promise<'file' | 'folder' | 'none'>;
  /** Why a path can't be used so, in the system's words; undefined when it can. */
  accessProblem(path: string, use: 'read' | 'enter' | 'write'): Promise<string | undefined>;
  /** Where a link points, as it is written there; undefined when the path is no link. */
  linkOf(path: string): Promise<string | undefined>;
  /** First program of that name on PATH (with PATHEXT on Windows), or undefined. */
  findProgram(name: string, pathVariable?: string): Promise<string | undefined>;
  readText(path: string): Promise<string>;
  /** This machine as the account of a run (`run_as`) sees it. */
  seenBy(account: string | undefined): Promise<Host>;
  /** With an account (`run_as`), one that this account can read and write. Throws when it can't be made. */
  makeTemporaryFolder(account?: string): Promise<TemporaryFolder>;
}
