import { join } from 'node:path';
import type { Host } from '../../core/ports/host';
import { resolvePath } from '../run-process';
import type { PythonConfig } from './schema';

export type Interpreter =
  | {
      readonly kind: 'found';
      readonly file: string;
      readonly args: readonly string[];
      readonly source: string;
    }
  | { readonly kind: 'missing'; readonly reason: string };

/** Which Python runs a job: its virtual_env, its `python` key, the py launcher (Windows), python3 or python on PATH. */
export async function findInterpreter(host: Host, config: PythonConfig): Promise<Interpreter> {
  const isWindows = host.platform === 'win32';
  if (config.virtual_env !== undefined) {
    const folder = resolvePath(host, config.virtual_env);
    const file = isWindows ? join(folder, 'Scripts', 'python.exe') : join(folder, 'bin', 'python');
    if ((await host.kindOf(file)) === 'file') return { kind: 'found', file, args: [], source: 'virtual_env' };
    const what = (await host.kindOf(folder)) === 'folder' ? `holds no ${file}` : 'does not exist';
    return {
      kind: 'missing',
      reason: `The virtual environment ${folder} ${what}; make it with: python -m venv ${folder}`,
    };
  }
  if (config.python !== undefined) {
    const isPath = /[\\/]/.test(config.python);
    const wanted = isPath ? resolvePath(host, config.python) : config.python;
    const file = await host.findProgram(wanted);
    if (file) return { kind: 'found', file, args: [], source: 'python' };
    return { kind: 'missing', reason: `The interpreter "${config.python}" (key python) was not found` };
  }
  for (const name of isWindows ? ['py', 'python', 'python3'] : ['python3', 'python']) {
    const file = await host.findProgram(name);
    if (file) return { kind: 'found', file, args: name === 'py' ? ['-3'] : [], source: 'PATH' };
  }
  return {
    kind: 'missing',
    reason: 'No Python was found on PATH; install it, or name one with virtual_env or python',
  };
}
