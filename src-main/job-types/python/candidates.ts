import { dirname, isAbsolute, join, resolve } from 'node:path';
import type { Host } from '../../core/ports/host';
import { resolvePath } from '../run-process';
import type { PythonConfig } from './schema';

/** An interpreter that may do: a file, and what stands before its own arguments. */
export interface Candidate {
  readonly file: string;
  readonly args: readonly string[];
  /** Which rule found it: `virtual_env`, `python`, `PATH`, `py launcher`. */
  readonly source: string;
}

export type Candidates =
  | { readonly kind: 'some'; readonly candidates: readonly Candidate[] }
  | { readonly kind: 'none'; readonly reason: string };

/** Where a chain of links ends that leads nowhere: `bin/python -> python3 -> /usr/bin/python3.9`. */
async function deadEnd(host: Host, link: string): Promise<string | undefined> {
  let at = link;
  for (let step = 0; step < 10; step += 1) {
    const next = await host.linkOf(at);
    if (next === undefined) return step === 0 ? undefined : at;
    at = isAbsolute(next) ? next : resolve(dirname(at), next);
  }
  return at;
}

async function inVirtualEnvironment(host: Host, folder: string): Promise<Candidates> {
  const none = (reason: string): Candidates => ({ kind: 'none', reason });
  const isWindows = host.platform === 'win32';
  // conda keeps python.exe at the top.
  const names = isWindows ? ['Scripts/python.exe', 'python.exe'] : ['bin/python', 'bin/python3'];
  const makeAgain = `make it again with: python -m venv --clear ${folder}`;
  if ((await host.kindOf(folder)) !== 'folder')
    return none(`The virtual environment ${folder} does not exist; make it with: python -m venv ${folder}`);
  for (const name of names) {
    const file = join(folder, name);
    if ((await host.kindOf(file)) === 'file')
      return { kind: 'some', candidates: [{ file, args: [], source: 'virtual_env' }] };
  }
  for (const name of names) {
    const target = await deadEnd(host, join(folder, name));
    if (target !== undefined)
      return none(
        `The virtual environment ${folder} is broken: its Python, ${target}, no longer exists; ${makeAgain}`,
      );
  }
  const foreign = join(folder, isWindows ? 'bin/python' : 'Scripts/python.exe');
  if ((await host.kindOf(foreign)) !== 'none' || (await host.linkOf(foreign)) !== undefined)
    return none(
      `The virtual environment ${folder} was made on ${isWindows ? 'another system' : 'Windows'} and can not be used here; ${makeAgain}`,
    );
  return none(`${folder} is no virtual environment: it holds no ${names[0]}; ${makeAgain}`);
}

/**
 * Which interpreters may run a job, in order: its virtual_env alone; its `python` key alone; else those on PATH and,
 * on Windows, the py launcher.
 */
export async function findCandidates(host: Host, config: PythonConfig): Promise<Candidates> {
  const isWindows = host.platform === 'win32';
  if (config.virtual_env !== undefined)
    return inVirtualEnvironment(host, resolvePath(host, config.virtual_env));
  const path = config.environment?.PATH ?? config.environment?.Path;
  const pathVariable = path === undefined ? undefined : String(path);
  if (config.python !== undefined) {
    const wanted = /[\\/]/.test(config.python) ? resolvePath(host, config.python) : config.python;
    const file = await host.findProgram(wanted, pathVariable);
    if (file) return { kind: 'some', candidates: [{ file, args: [], source: 'python' }] };
    return { kind: 'none', reason: `The interpreter "${config.python}" (key python) was not found` };
  }
  const candidates: Candidate[] = [];
  for (const name of isWindows ? ['python', 'python3', 'py'] : ['python3', 'python']) {
    const file = await host.findProgram(name, pathVariable);
    if (file)
      candidates.push(
        name === 'py' ? { file, args: ['-3'], source: 'py launcher' } : { file, args: [], source: 'PATH' },
      );
  }
  if (candidates.length > 0) return { kind: 'some', candidates };
  return {
    kind: 'none',
    reason: 'No Python was found on PATH; install it, or name one with virtual_env or python',
  };
}
