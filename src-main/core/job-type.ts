import type { z } from 'zod';
import type { Issue } from '../../src-shared/model/issue';
import type { JobDefinition } from '../../src-shared/model/job';
import type { OutputStream } from './ports/output-store';

/** Where a running attempt writes. Text of ours goes to `system`, the job's own output to stdout and stderr. */
export interface RunLog {
  write(stream: Exclude<OutputStream, 'system'>, chunk: Uint8Array): void | Promise<void>;
  /** One line of ours in the output, such as which interpreter was chosen. */
  info(line: string): void;
}

export interface RunContext {
  readonly job: JobDefinition;
  readonly execution_id: number;
  /** Counts from 1. */
  readonly attempt: number;
  /** The planned instant, epoch ms; for a run by hand the instant it was asked for. */
  readonly scheduled_time: number;
  /** Aborts on cancel, timeout and stop; `execute` then ends what it started and returns. */
  readonly signal: AbortSignal;
  readonly log: RunLog;
  /** JOB_ID, EXECUTION_ID, SCHEDULED_TIME, ATTEMPT for every process of this run. */
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

/** A kind of job: one folder under job-types and one line in its list. */
export interface JobType<C = unknown> {
  readonly type: string;
  readonly label: string;
  /** The type's own keys (strict: an unknown key is an error). */
  readonly configSchema: z.ZodType<C>;
  readonly editor: EditorHints;
  /** Doubts about a valid configuration, as warnings (paths relative to the job). */
  advise?(config: C): Issue[];
  /** Why this machine can't run it, in words; undefined when it can. */
  unavailable?(config: C): string | undefined;
  execute(config: C, run: RunContext): Promise<RunOutcome>;
}
