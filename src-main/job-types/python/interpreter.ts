import { z } from 'zod';
import type { ErrorClass } from '../../../src-shared/model/run-rules';
import type { RunContext } from '../../core/job-type';
import type { Host } from '../../core/ports/host';
import type { ProcessRunner } from '../../core/ports/process-runner';
import { absenceClass, accountOf, resolvePath, spawnClass } from '../run-process';
import { textValues } from '../shared-keys';
import { type Candidate, findCandidates } from './candidates';
import type { PythonConfig } from './schema';

const Facts = z.object({
  version: z.string(),
  executable: z.string(),
  /** The Python a virtual environment was made from; without one the same as `prefix`. */
  base: z.string(),
  platform: z.string(),
});

export interface Interpreter extends Candidate, z.infer<typeof Facts> {}

export type FoundInterpreter =
  | { readonly kind: 'found'; readonly interpreter: Interpreter }
  | { readonly kind: 'missing'; readonly reason: string; readonly error_class: ErrorClass };

/** Why an interpreter gave no answer, and whether it may give one another time. */
interface Refusal {
  readonly refusal: string;
  readonly error_class: ErrorClass;
}

const question =
  'import json, platform, sys; print(json.dumps({"version": platform.python_version(), "executable": sys.executable, "base": getattr(sys, "base_prefix", sys.prefix), "platform": sys.platform + "-" + platform.machine()}))';

const longestAnswerMs = 30_000;

/** Asks an interpreter what it is. */
async function ask(
  processRunner: ProcessRunner,
  host: Host,
  candidate: Candidate,
  config: PythonConfig,
  run: RunContext,
): Promise<Interpreter | Refusal> {
  const refuse = (refusal: string, error_class: ErrorClass = 'configuration') => ({ refusal, error_class });
  const texts = { stdout: '', stderr: '' };
  const decoders = { stdout: new TextDecoder(), stderr: new TextDecoder() };
  const end = await processRunner.run(
    {
      file: candidate.file,
      args: [...candidate.args, '-c', question],
      cwd: run.job.run_as === undefined || host.platform === 'win32' ? host.jobsFolder : '/',
      env: { ...textValues(config.environment), PYTHONUTF8: '1', ...run.environment },
      outputEncoding: 'utf-8',
      // As the account that may have put it there, never as our own.
      ...accountOf(run),
    },
    (stream, chunk) => {
      texts[stream] = (texts[stream] + decoders[stream].decode(chunk, { stream: true })).slice(-10_000);
    },
    AbortSignal.any([run.signal, AbortSignal.timeout(longestAnswerMs)]),
  );
  if (end.kind === 'spawn_failed')
    return refuse(end.reason, await spawnClass(host, end.code, [candidate.file]));
  const last = (texts.stdout.trim().split('\n').at(-1) ?? '').trim();
  if (end.kind === 'exited' && end.code === 0 && last.startsWith('{')) {
    try {
      const facts = Facts.safeParse(JSON.parse(last));
      if (facts.success) return { ...candidate, ...facts.data };
    } catch {
      // Said below.
    }
  }
  if (end.kind === 'killed') return refuse('it did not answer within 30 seconds', 'spawn');
  const said = (texts.stderr.trim() || texts.stdout.trim()).split('\n').at(-1)?.trim();
  return refuse(said ? said.slice(0, 300) : 'it does not work');
}

/** The interpreter of a job: the first candidate that answers. What was passed over is said in the log. */
export async function findInterpreter(
  processRunner: ProcessRunner,
  host: Host,
  config: PythonConfig,
  run: RunContext,
): Promise<FoundInterpreter> {
  const found = await findCandidates(host, config);
  if (found.kind === 'none') {
    const folder = config.virtual_env ?? config.python ?? '';
    const error_class = await absenceClass(host, resolvePath(host, folder));
    return { kind: 'missing', reason: found.reason, error_class };
  }
  const refused: string[] = [];
  let error_class: ErrorClass = 'configuration';
  for (const candidate of found.candidates) {
    const answer = await ask(processRunner, host, candidate, config, run);
    if (!('refusal' in answer)) {
      for (const one of refused) run.log.info(`Passed over: ${one}`);
      return { kind: 'found', interpreter: answer };
    }
    if (answer.error_class !== 'configuration') error_class = answer.error_class;
    refused.push(`${candidate.file} (from ${candidate.source}): ${answer.refusal}`);
  }
  const reason =
    config.virtual_env === undefined
      ? `No Python that works was found: ${refused.join('; ')}`
      : `The virtual environment ${config.virtual_env} is broken: ${refused.join('; ')}; make it again with: python -m venv --clear ${config.virtual_env}`;
  return { kind: 'missing', reason, error_class };
}

/** `Python 3.11.7: /usr/bin/python3.11 (from PATH, through /usr/bin/python3)` */
export function describeInterpreter(interpreter: Interpreter): string {
  const { version, executable, file, args, source } = interpreter;
  const through = executable === file || executable === '' ? '' : `, through ${[file, ...args].join(' ')}`;
  return `Python ${version}: ${executable || file} (from ${source}${through})`;
}
