import { join } from 'node:path';
import type { Finding } from '../../../src-shared/model/doctor';
import type { Host } from '../../core/ports/host';
import type { Checks } from '../checks';
import { resolvePath } from '../run-process';
import { findCandidates } from './candidates';
import type { PythonConfig } from './schema';

const isOpen = (text: string | undefined): boolean => text?.includes('{{') === true;

/** A virtual environment is little more than a note of the Python it was made from; that one may be gone. */
async function environmentFindings(host: Host, virtual_env: string): Promise<readonly Finding[]> {
  const folder = resolvePath(host, virtual_env);
  const file = join(folder, 'pyvenv.cfg');
  // conda's have none.
  if ((await host.kindOf(join(folder, 'conda-meta'))) === 'folder') return [];
  const again = `make it again with: python -m venv --clear ${folder}`;
  const broken = (reason: string): readonly Finding[] => [
    {
      kind: 'environment',
      severity: 'error',
      message: `The virtual environment ${folder} is broken: ${reason}`,
      fix: again,
    },
  ];
  if ((await host.kindOf(file)) !== 'file') return broken('its pyvenv.cfg is missing');
  const text = await host.readText(file).catch(() => undefined);
  if (text === undefined) return broken("its pyvenv.cfg can't be read");
  const home = /^\s*home\s*=\s*(.+?)\s*$/m.exec(text)?.[1];
  if (home !== undefined && (await host.kindOf(home)) !== 'folder')
    return broken(`the Python it was made from, in ${home}, no longer exists`);
  return [];
}

/** What would keep a Python job from working. */
export async function checkPython(
  host: Host,
  checks: Checks,
  config: PythonConfig,
): Promise<readonly Finding[]> {
  const findings: Finding[] = [
    ...(await checks.script('script_path', config.script_path)),
    ...(await checks.folder('working_directory', config.working_directory)),
    ...(await checks.script(
      'requirements',
      typeof config.requirements === 'string' ? config.requirements : undefined,
    )),
  ];
  if (isOpen(config.virtual_env) || isOpen(config.python)) return findings;
  const found = await findCandidates(host, config);
  if (found.kind === 'none') {
    const isEnvironment = config.virtual_env !== undefined;
    findings.push({
      kind: isEnvironment ? 'environment' : 'program',
      severity: 'error',
      message: found.reason,
      fix: isEnvironment
        ? 'make the virtual environment again'
        : 'install Python, or correct the key that names it',
    });
  } else if (config.virtual_env !== undefined) {
    findings.push(...(await environmentFindings(host, config.virtual_env)));
  }
  return findings;
}
