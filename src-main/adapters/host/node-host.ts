import { constants } from 'node:fs';
import { access, readFile, readlink, stat } from 'node:fs/promises';
import { hostname } from 'node:os';
import { delimiter, extname, isAbsolute, join } from 'node:path';
import type { Host } from '../../core/ports/host';
import { type RunAsFacts, systemRunAsFacts } from '../process/run-as';
import { hostOfAccount, makeAccountFolder } from './account-folders';
import { makeTemporaryFolder } from './temporary-folders';

async function isRunnable(path: string): Promise<boolean> {
  try {
    await access(path, process.platform === 'win32' ? constants.F_OK : constants.X_OK);
    return (await stat(path)).isFile();
  } catch {
    return false;
  }
}

/** Text by its byte-order mark, as Windows' own editors save it; without one UTF-8, or else the old Windows code page. */
function decodeText(bytes: Uint8Array): string {
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return new TextDecoder('utf-16le').decode(bytes);
  if (bytes[0] === 0xfe && bytes[1] === 0xff) return new TextDecoder('utf-16be').decode(bytes);
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    return new TextDecoder('windows-1252').decode(bytes);
  }
}

/** The machine this process runs on. Temporary files live in `temporaryFolder`, which only the owner may enter. */
export function createNodeHost(options: {
  readonly jobsFolder: string;
  readonly temporaryFolder: string;
  /** What decides how `run_as` is done; default: this machine's. */
  readonly runAsFacts?: RunAsFacts;
}): Host {
  const facts = () => options.runAsFacts ?? systemRunAsFacts();
  const makeOwn = () => makeTemporaryFolder(options.temporaryFolder);
  const host: Host = {
    platform: process.platform,
    hostname: hostname(),
    jobsFolder: options.jobsFolder,
    pathVariable: process.env.PATH ?? '',
    async kindOf(path) {
      try {
        const info = await stat(path);
        return info.isDirectory() ? 'folder' : info.isFile() ? 'file' : 'none';
      } catch {
        return 'none';
      }
    },
    async accessProblem(path, use) {
      const { R_OK, W_OK, X_OK } = constants;
      const isWindows = process.platform === 'win32';
      const mode = { read: R_OK, enter: isWindows ? R_OK : R_OK | X_OK, write: W_OK }[use];
      try {
        await access(path, mode);
        return undefined;
      } catch (error) {
        return (error as NodeJS.ErrnoException).code === 'EACCES' ||
          (error as NodeJS.ErrnoException).code === 'EPERM'
          ? 'this account has no right to it'
          : (error as Error).message;
      }
    },
    linkOf: (path) => readlink(path).catch(() => undefined),
    async findProgram(name, pathVariable = process.env.PATH ?? '') {
      const endings =
        process.platform === 'win32' && extname(name) === ''
          ? (process.env.PATHEXT ?? '.COM;.EXE;.BAT;.CMD').split(';')
          : [''];
      const folders = isAbsolute(name)
        ? ['']
        : pathVariable.split(delimiter).filter((folder) => folder !== '');
      for (const folder of folders) {
        for (const ending of endings) {
          const path = folder === '' ? `${name}${ending}` : join(folder, `${name}${ending}`);
          if (await isRunnable(path)) return path;
        }
      }
      return undefined;
    },
    readText: async (path) => decodeText(await readFile(path)),
    async makeTemporaryFolder(account) {
      const theirs = account === undefined ? undefined : await makeAccountFolder(account, facts(), makeOwn);
      return theirs ?? makeOwn();
    },
    seenBy: (account) => hostOfAccount(host, account, facts()),
  };
  return host;
}
