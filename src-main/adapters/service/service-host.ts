/** As `sc start JobScheduler` and `systemctl start JobScheduler` call it. */
export const serviceName = 'JobScheduler';
export const serviceTitle = 'Job Scheduler';
export const serviceText = 'Schedules, runs and watches SQL, PowerShell, Python and command jobs.';

/** What is to run, and as whom. All paths are absolute. */
export interface ServiceSpec {
  readonly program: string;
  readonly args: readonly string[];
  readonly folder: string;
  readonly dataFolder: string;
  /** Where what it prints goes, where the system does not keep that itself. */
  readonly logFolder: string;
  /** Undefined: the system's own account (Windows: LocalSystem; Linux: root, or the user of a user service). */
  readonly account: string | undefined;
  readonly password: string | undefined;
}

/** One program that is run, or one file that is written, on the way; in the order of what is done. */
export type ServiceStep =
  | {
      readonly kind: 'run';
      readonly file: string;
      readonly args: readonly string[];
      /** What it is for: begins the message when it fails. */
      readonly what: string;
      /** A failure is told and passed over. */
      readonly isOptional?: boolean;
      /** Places of arguments that nobody is shown. */
      readonly secretArgs?: readonly number[];
    }
  | { readonly kind: 'write'; readonly file: string; readonly text: string; readonly encoding?: 'utf16le' }
  | { readonly kind: 'remove'; readonly file: string };

export type ServiceState = 'not_installed' | 'stopped' | 'starting' | 'running' | 'stopping' | 'failed';

export interface ServiceStatus {
  readonly state: ServiceState;
  readonly pid: number | undefined;
  /** What the system says of it, for people. */
  readonly detail: string;
}

/** One way a system has to keep a program running. Everything but `readStatus` is only worked out, not done. */
export interface ServiceHost {
  /** As people are told: `systemd`, `Windows service (nssm)`. */
  readonly label: string;
  /** What is said when it is installed. */
  readonly next: string;
  install(spec: ServiceSpec): readonly ServiceStep[];
  uninstall(): readonly ServiceStep[];
  start(): readonly ServiceStep[];
  stop(): readonly ServiceStep[];
  /** The question to ask, and how its answer is read. */
  readonly status: {
    readonly file: string;
    readonly args: readonly string[];
    read(answer: { readonly code: number; readonly text: string }): ServiceStatus;
  };
}
