import { fillMacros, type MacroLookup } from '../../../src-shared/macros/fill-macros';
import type { ErrorClass, Precondition } from '../../../src-shared/model/run-rules';
import type { RunContext } from '../job-type';
import type { Clock } from '../ports/clock';
import type { Host } from '../ports/host';
import type { ProcessRunner } from '../ports/process-runner';
import type { Timer } from '../ports/timer';

export interface PreconditionDeps {
  readonly host: Pick<Host, 'kindOf' | 'jobsFolder'>;
  readonly processRunner: Pick<ProcessRunner, 'run'>;
  readonly timer: Timer;
  readonly clock: Clock;
}

/** `met`, or what is to become of the run and why. */
export type PreconditionResult =
  | { readonly kind: 'met' }
  | { readonly kind: 'skip'; readonly reason: string }
  | {
      readonly kind: 'fail';
      readonly reason: string;
      /** `configuration` when it can't be looked at as it is written. */
      readonly error_class: Extract<ErrorClass, 'configuration' | 'other'>;
    };

const defaultWait = 3600;
const defaultEvery = 10;
/** What a command may take that is looked at once. */
const defaultCommandLimit = 300;

/** Paths of a job begin at the folder of the jobs file. */
function resolved(path: string, folder: string): string {
  return /^([A-Za-z]:[\\/]|[\\/])/.test(path) ? path : `${folder}/${path}`;
}

/** Waits, or until the signal aborts. */
function pause(milliseconds: number, signal: AbortSignal, timer: Timer): Promise<void> {
  return new Promise((resolve) => {
    const cancel = timer.after(milliseconds, () => {
      signal.removeEventListener('abort', wake);
      resolve();
    });
    const wake = () => {
      cancel();
      resolve();
    };
    signal.addEventListener('abort', wake, { once: true });
  });
}

/** Looks at each in order; the first that does not hold decides, after its waiting. */
export async function checkPreconditions(
  deps: PreconditionDeps,
  preconditions: readonly Precondition[],
  run: RunContext,
  lookup: MacroLookup,
  zone: string,
): Promise<PreconditionResult> {
  for (const precondition of preconditions) {
    const texts =
      'file_exists' in precondition
        ? [precondition.file_exists]
        : [precondition.command_succeeds, ...(precondition.arguments ?? []).map(String)];
    const filled = texts.map((text) => fillMacros(text, lookup, zone));
    const problem = filled.find((one) => one.problem !== undefined)?.problem;
    if (problem !== undefined) return { kind: 'fail', reason: problem, error_class: 'configuration' };
    const [subject = '', ...args] = filled.map((one) => String(one.value));

    /** Undefined when it holds, else what is not so. A command that hangs must not hold the job up for ever. */
    const look = async (limitMs: number): Promise<string | undefined> => {
      if ('file_exists' in precondition) {
        const path = resolved(subject, deps.host.jobsFolder);
        return (await deps.host.kindOf(path)) === 'none' ? `there is no file ${path}` : undefined;
      }
      const spec = {
        file: /[\\/]/.test(subject) ? resolved(subject, deps.host.jobsFolder) : subject,
        args,
        cwd: deps.host.jobsFolder,
        env: run.environment,
        ...(run.job.run_as === undefined ? {} : { runAs: run.job.run_as }),
        ...(run.runAsPassword === undefined ? {} : { runAsPassword: run.runAsPassword }),
      };
      const late = new AbortController();
      const cancel = deps.timer.after(limitMs, () => late.abort());
      const signal = AbortSignal.any([run.signal, late.signal]);
      const end = await deps.processRunner.run(spec, (stream, chunk) => run.log.write(stream, chunk), signal);
      cancel();
      if (end.kind === 'exited')
        return end.code === 0 ? undefined : `${subject} ended with exit code ${end.code}`;
      if (late.signal.aborted) return `${subject} did not end within ${Math.round(limitMs / 1000)} seconds`;
      return end.kind === 'spawn_failed' ? end.reason : `${subject} was ended`;
    };

    const { on_unmet = 'fail', check_every = defaultEvery } = precondition;
    const wait_timeout =
      precondition.wait_timeout ?? (on_unmet === 'wait' ? defaultWait : defaultCommandLimit);
    const deadline = deps.clock.monotonic() + wait_timeout * 1000;
    for (let isFirst = true; ; isFirst = false) {
      const unmet = await look(Math.max(1000, deadline - deps.clock.monotonic()));
      if (unmet === undefined) break;
      if (run.signal.aborted)
        return { kind: 'fail', reason: `The precondition was not met: ${unmet}`, error_class: 'other' };
      if (on_unmet === 'skip')
        return { kind: 'skip', reason: `Skipped, as a precondition does not hold: ${unmet}` };
      const left = deadline - deps.clock.monotonic();
      if (on_unmet === 'fail' || left <= 0) {
        const waited = on_unmet === 'wait' ? ` (waited ${wait_timeout} seconds)` : '';
        return {
          kind: 'fail',
          reason: `A precondition does not hold: ${unmet}${waited}`,
          error_class: 'other',
        };
      }
      if (isFirst) run.log.info(`Waiting for a precondition: ${unmet}`);
      await pause(Math.min(left, check_every * 1000), run.signal, deps.timer);
    }
  }
  return { kind: 'met' };
}
