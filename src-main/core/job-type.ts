import type { z } from 'zod';
import type { NestedHints } from '../../src-shared/macros/check-macros';
import type { Finding } from '../../src-shared/model/doctor';
import type { Issue } from '../../src-shared/model/issue';
import type { JobDefinition } from '../../src-shared/model/job';
import type { ErrorClass } from '../../src-shared/model/run-rules';
import type { OutputStream } from './ports/output-store';

/** Where a running attempt writes. Text of ours goes to `system`, the job's own output to stdout and stderr. */
export interface RunLog {
  write(stream: Exclude<OutputStream, 'system'>, chunk: Uint8Array): void | Promise<void>;
  /** One line of ours in the output, such as which interpreter was chosen. */
  info(line: string): void;
}

/** Files a run leaves: reports, notebooks. They are kept with the execution and can be downloaded. */
export interface RunArtifacts {
  /** A private folder of this execution, the ARTIFACTS_DIR of its processes; plain files in it are its artifacts. */
  readonly folder: string;
  /** Copies a file into the folder under a name. What can't be kept is said in the log; it never throws. */
  keep(name: string, path: string): Promise<void>;
}

export interface RunContext {
  readonly job: JobDefinition;
  readonly execution_id: number;
  /** Counts from 1. */
  readonly attempt: number;
  /** The planned instant, epoch ms; for a run by hand the instant it was asked for. */
  readonly scheduled_time: number;
  /** The password of the job's `run_as`, opened for this run. */
  readonly runAsPassword?: string;
  /** Aborts on cancel, timeout and stop; `execute` then ends what it started and returns. */
  readonly signal: AbortSignal;
  readonly log: RunLog;
  /** Where this run may leave files; `keep` copies one that lies elsewhere. */
  readonly artifacts: RunArtifacts;
  /** JOB_ID, EXECUTION_ID, SCHEDULED_TIME, ATTEMPT, ARTIFACTS_DIR for every process of this run. */
  readonly environment: Readonly<Record<string, string>>;
}

/** How an attempt went. That it was cancelled or took too long is the runner's to say, not the type's. */
export type RunOutcome =
  | {
      readonly status: 'success';
      readonly return_code?: number;
      readonly metadata?: Readonly<Record<string, unknown>>;
    }
  | {
      readonly status: 'failed';
      readonly error_message: string;
      /** What kind of failure, for `retry_on`; `other` when not said. */
      readonly error_class?: ErrorClass;
      readonly return_code?: number;
      readonly metadata?: Readonly<Record<string, unknown>>;
    };

/** What the editor offers for a type besides its schema. */
export interface EditorHints {
  /** Keys whose text is code, and its language: `{query: 'sql'}`. */
  readonly code: Readonly<Record<string, string>>;
  /** Keys to show first in a form, in order. */
  readonly primary: readonly string[];
}

/** What a check before the fact is given. */
export interface CheckContext {
  readonly signal: AbortSignal;
  /** Epoch milliseconds: what ends soon is counted from here. */
  readonly now: number;
  /** Jobs that share a server have it asked once: the same key gives the same answer. */
  once<T>(key: string, work: () => Promise<T>): Promise<T>;
}

/** A kind of job: one folder under job-types and one line in its list. */
export interface JobType<C = unknown> {
  readonly type: string;
  readonly label: string;
  /** The type's own keys (strict: an unknown key is an error). */
  readonly configSchema: z.ZodType<C>;
  readonly editor: EditorHints;
  /**
   * Keys in which `{{ secrets.name }}` may stand: those that never become part of a command line. Default:
   * environment. Macros are filled in by core before `execute`, everywhere but in the keys of `editor.code`.
   */
  readonly secretKeys?: readonly string[];
  /** Keys that are code in this configuration besides those of `editor.code`. */
  codeKeysOf?(config: Readonly<Record<string, unknown>>): readonly string[];
  /** Keys whose items are configurations of other types (`steps`): macros go by the hints of those. */
  readonly nestedHints?: NestedHints;
  /** It starts programs, so `run_as` can be honoured; a job of another type that names one is refused. */
  readonly startsPrograms?: boolean;
  /** Keys in which a macro that stands alone keeps its type (bound parameters); elsewhere it becomes text. */
  readonly typedKeys?: readonly string[];
  /** Doubts about a valid configuration, as warnings (paths relative to the job). */
  advise?(config: C): Issue[];
  /** Why this machine can't run it, in words; undefined when it can. */
  unavailable?(config: C): string | undefined;
  /** What would keep a run from working if it began now. Looks at files and asks servers; runs nothing of the job. */
  check?(config: C, context: CheckContext): Promise<readonly Finding[]>;
  execute(config: C, run: RunContext): Promise<RunOutcome>;
}
