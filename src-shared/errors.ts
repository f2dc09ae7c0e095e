import type { Issue } from './model/issue';
import type { JobDifference } from './model/job-difference';

/** Every way a request can be refused, with the HTTP status it travels under (specification, Appendix C). */
export const errorStatus = {
  validation_failed: 400,
  unauthenticated: 401,
  forbidden: 403,
  not_found: 404,
  method_not_allowed: 405,
  conflict: 409,
  payload_too_large: 413,
  unsupported_media_type: 415,
  rate_limited: 429,
  internal: 500,
  unavailable: 503,
} as const;

export type ErrorCode = keyof typeof errorStatus;

/** What a caller sees of a refused request: over HTTP the body, over IPC the body beside its status. */
export interface ErrorBody {
  readonly success: false;
  readonly error: {
    readonly code: ErrorCode;
    readonly message: string;
    readonly issues?: readonly Issue[];
    /** With `conflict`, where a job was saved by somebody else meanwhile. */
    readonly difference?: JobDifference;
  };
}

export interface AppErrorDetails {
  readonly issues?: readonly Issue[];
  readonly difference?: JobDifference | undefined;
  readonly cause?: unknown;
  /** Seconds after which a rate-limited caller may try again. */
  readonly retryAfterSeconds?: number;
}

/**
 * A request that cannot be served. The message names the thing, the value and what was expected, and is
 * shown to the caller as it is: never put a secret, a stack or a file of the program's own in it.
 */
export class AppError extends Error {
  readonly code: ErrorCode;
  readonly issues: readonly Issue[] | undefined;
  readonly difference: JobDifference | undefined;
  readonly retryAfterSeconds: number | undefined;

  constructor(code: ErrorCode, message: string, details: AppErrorDetails = {}) {
    super(message, details.cause === undefined ? undefined : { cause: details.cause });
    this.name = 'AppError';
    this.code = code;
    this.issues = details.issues;
    this.difference = details.difference;
    this.retryAfterSeconds = details.retryAfterSeconds;
  }

  get status(): number {
    return errorStatus[this.code];
  }

  toBody(): ErrorBody {
    return {
      success: false,
      error: {
        code: this.code,
        message: this.message,
        ...(this.issues?.length ? { issues: this.issues } : {}),
        ...(this.difference ? { difference: this.difference } : {}),
      },
    };
  }
}

/** Makes the compiler prove that a union was handled whole. */
export function assertNever(value: never): never {
  throw new Error(`unexpected value ${JSON.stringify(value)}`);
}
