import { z } from 'zod';
import { JobId } from './ids';
import { ParamInput } from './params';

/**
 * What kind of failure an attempt ended with. `exit_code`, `signal`: of a process; `spawn`: the system had no room to
 * start one; `connection`: a server, its network share or the package index could not be reached; `sql`: an error of
 * a query; `configuration`: the run could not begin as it is defined (a script, program, folder, account or login is
 * missing or refused), so that trying again is of no use; `timeout` and `stalled`: ended by the program.
 */
export const ErrorClass = z.enum([
  'exit_code',
  'signal',
  'spawn',
  'connection',
  'sql',
  'configuration',
  'timeout',
  'stalled',
  'other',
]);
export type ErrorClass = z.infer<typeof ErrorClass>;

/** How the wait between attempts grows. */
export const RetryBackoff = z.union([
  z.enum(['fixed', 'exponential']),
  z.strictObject({
    type: z.enum(['fixed', 'exponential']),
    multiplier: z
      .number()
      .min(1)
      .max(100)
      .optional()
      .describe('each wait is so many times the one before; 2'),
    max_delay: z.number().min(0).max(604_800).optional().describe('seconds no wait is longer than; 3600'),
    jitter: z.number().min(0).max(1).optional().describe('part of a wait that is left to chance, 0 to 1'),
  }),
]);
export type RetryBackoff = z.infer<typeof RetryBackoff>;

/** What is tried again: exit codes, and kinds of failure. */
export const RetryOn = z
  .array(z.union([z.number().int(), ErrorClass]))
  .min(1)
  .max(256);
export type RetryOn = z.infer<typeof RetryOn>;

const unmet = {
  on_unmet: z.enum(['wait', 'skip', 'fail']).optional().describe('what follows when it does not hold; fail'),
  wait_timeout: z
    .number()
    .min(0)
    .max(604_800)
    .optional()
    .describe(
      'seconds `wait` waits before it fails, and the longest a command may take; 3600, without `wait` 300',
    ),
  check_every: z.number().min(0.1).max(3600).optional().describe('seconds between looks while waiting; 10'),
};

/** What must hold before a run begins. */
export const Precondition = z.union([
  z.strictObject({ file_exists: z.string().min(1).max(4096), ...unmet }),
  z.strictObject({
    command_succeeds: z.string().min(1).max(4096).describe('a program; it holds when its exit code is 0'),
    arguments: z
      .array(z.union([z.string(), z.number(), z.boolean()]))
      .max(1000)
      .optional(),
    ...unmet,
  }),
]);
export type Precondition = z.infer<typeof Precondition>;

/** A job that follows this one. */
export const Chain = z.strictObject({
  run: JobId.describe('id of the job to run'),
  params: ParamInput.optional().describe('values for its params; macros of this job are filled in'),
});
export type Chain = z.infer<typeof Chain>;

export const Chains = z.union([Chain, z.array(Chain).min(1).max(20)]);
export type Chains = z.infer<typeof Chains>;

/** Ids of the jobs a definition names as followers. */
export function chainTargets(definition: {
  readonly on_success?: Chains | undefined;
  readonly on_failure?: Chains | undefined;
}): readonly string[] {
  const all = [...chainList(definition.on_success), ...chainList(definition.on_failure)];
  return [...new Set(all.map((chain) => chain.run))];
}

/** One or several, as a list. */
export function chainList(chains: Chains | undefined): readonly Chain[] {
  return chains === undefined ? [] : Array.isArray(chains) ? chains : [chains];
}
