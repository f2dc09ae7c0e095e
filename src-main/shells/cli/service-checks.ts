import { type Stats, statSync } from 'node:fs';
import { createServer } from 'node:net';
import { dirname, resolve } from 'node:path';
import { AppError } from '../../../src-shared/errors';
import { readInstanceInfo } from '../../adapters/persistence/instance-lock';
import type { RunTool } from '../../adapters/process/windows-run-as/run-as-task';
import { findAccount } from '../../adapters/service/account';
import { checkBind } from '../../adapters/settings/check-bind';
import { loadSettings } from '../../adapters/settings/load-settings';
import { isAlive } from './target';

/** What `service install` was asked for. */
export interface ServiceWish {
  readonly dataFolder: string;
  readonly isUser: boolean;
  readonly wantsTask: boolean;
  readonly account: string | undefined;
  readonly wantsPassword: boolean;
  readonly nssm: string | undefined;
  readonly logFolder: string | undefined;
  readonly config: string | undefined;
  readonly appConfig: string | undefined;
  readonly port: number | undefined;
  readonly host: string | undefined;
}

export interface ServiceCheckFacts {
  readonly platform: string;
  readonly programFolder: string;
  readonly runTool: RunTool;
}

const refuse = (message: string): never => {
  throw new AppError('validation_failed', message);
};

/** Undefined where nothing is, or nothing may be seen. */
function look(path: string): Stats | undefined {
  try {
    return statSync(path, { throwIfNoEntry: false });
  } catch {
    return undefined;
  }
}

/** A folder that is there, or that can be made: the nearest thing above it is a folder. */
function checkFolder(folder: string, name: string): void {
  let path = folder;
  while (!look(path) && dirname(path) !== path) path = dirname(path);
  if (look(path)?.isDirectory() !== false) return;
  refuse(
    path === folder
      ? `${name} is ${folder}, which is a file; expected a folder`
      : `${name} is ${folder}, which can't be made: ${path} is a file`,
  );
}

function checkFile(file: string, name: string): void {
  const found = look(file);
  if (!found) refuse(`${name} is ${file}: there is no such file`);
  if (found?.isDirectory()) refuse(`${name} is ${file}, which is a folder; expected a file`);
}

function checkOptions(wish: ServiceWish, platform: string): void {
  if (platform !== 'win32') {
    const foreign = [wish.wantsTask && '--task', wish.nssm !== undefined && '--nssm'].filter(Boolean);
    if (foreign.length > 0) refuse(`For Windows only: ${foreign.join(', ')}; here systemd keeps the service`);
    if (wish.logFolder !== undefined)
      refuse(
        '--log-folder is for Windows; here the journal keeps what is printed (journalctl -u JobScheduler)',
      );
    if (wish.wantsPassword) refuse('--password is for Windows; systemd needs no password for an account');
  }
  if (wish.wantsPassword && wish.account === undefined)
    refuse('A password is given and no account; name it with --account');
}

/** Why an address can't be served now: the code of the system; undefined when it can. */
function tryAddress(host: string, port: number): Promise<string | undefined> {
  return new Promise((answer) => {
    const server = createServer();
    server.once('error', (error: NodeJS.ErrnoException) => answer(error.code ?? error.message));
    server.listen({ host, port, exclusive: true }, () => server.close(() => answer(undefined)));
  });
}

/** An address that was named must be free; one out of the configuration may be taken until the service starts. */
async function checkAddress(
  wish: ServiceWish,
  { host, port }: { readonly host: string; readonly port: number },
): Promise<string | undefined> {
  const code = await tryAddress(host, port);
  const isNamed = wish.port !== undefined || wish.host !== undefined;
  if (code === 'EADDRINUSE') {
    const holder = readInstanceInfo(wish.dataFolder);
    if (holder && isAlive(holder.pid) && holder.address?.endsWith(`:${port}`))
      return `process ${holder.pid} runs on this data folder and serves port ${port}; stop it before service start`;
    const taken = `port ${port} on ${host} is in use by another program`;
    if (!isNamed) return `${taken}; the service can't start until that ends, or with another --port`;
    throw new AppError('conflict', `P${taken.slice(1)}; choose one with --port`);
  }
  // Whether it may serve a port below 1024 (EACCES) is a matter of the service's account.
  if (code !== undefined && code !== 'EACCES' && isNamed)
    refuse(`--host is ${host}: this machine has no such address (${code})`);
  return undefined;
}

/**
 * Looks at everything a service would only stumble over at its start, before anything is made and in a dry run too.
 * Throws AppError for what can't work; what may work is told in sentences.
 */
export async function checkServiceWish(
  wish: ServiceWish,
  facts: ServiceCheckFacts,
): Promise<readonly string[]> {
  const notes: string[] = [];
  checkOptions(wish, facts.platform);
  const account =
    wish.account === undefined || wish.isUser ? undefined : await findAccount(wish.account, facts);
  if (account?.note !== undefined) notes.push(account.note);
  checkFolder(wish.dataFolder, 'The data folder');
  if (wish.logFolder !== undefined) checkFolder(resolve(wish.logFolder), '--log-folder');
  if (wish.config !== undefined) checkFile(resolve(wish.config), '--config');
  if (wish.appConfig !== undefined) checkFile(resolve(wish.appConfig), '--app-config');
  const { settings } = loadSettings({
    ...(wish.appConfig === undefined ? {} : { appConfigFile: wish.appConfig }),
    dataFolder: wish.dataFolder,
    programFolder: facts.programFolder,
    // A service is not started with the variables of whoever installs it.
    environment: {},
    options: {
      ...(wish.host === undefined ? {} : { host: wish.host }),
      ...(wish.port === undefined ? {} : { port: wish.port }),
    },
  });
  const { web } = settings;
  const unsafe = checkBind({ host: web.host, secretKey: web.secret_key, noAuth: false });
  if (unsafe !== undefined) refuse(unsafe);
  const taken = await checkAddress(wish, web);
  if (taken !== undefined) notes.push(taken);
  const owner = look(wish.dataFolder)?.uid;
  if (account?.uid !== undefined && account.uid !== 0 && owner !== undefined && owner !== account.uid)
    notes.push(
      `${wish.dataFolder} does not belong to ${wish.account}, who must be able to write there: chown -R ${wish.account} ${wish.dataFolder}`,
    );
  return notes;
}
