import { existsSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { AppError } from '../../../src-shared/errors';
import { acquireInstanceLock } from '../../adapters/persistence/instance-lock';
import {
  copySqlite,
  inspectSqlite,
  nameOfOld,
  replaceSqlite,
  type SealedValue,
  sealedValues,
} from '../../adapters/persistence/sqlite/backup-sqlite';
import { embeddedFile } from '../../adapters/persistence/store-files';
import { createKeySecretBox, readKeyFile } from '../../adapters/secrets/key-file-secret-box';
import { isSealedKey, openSealedKey, sealKey } from '../../adapters/secrets/sealed-key';
import { admitAdmin } from './admit-admin';
import type { CliContext, CommonOptions } from './context';
import { plural } from './words';

const keyBeside = (file: string): string => `${file}.key`;
const keyOf = (dataFolder: string): string => join(dataFolder, 'secret.key');

/** Sealed by Windows for one account: no key file opens it (desktop-secrets.ts). */
const isOfSystem = ({ value }: SealedValue): boolean => value.startsWith('os1:');

/** `3 secrets and 1 password`; empty when there are none. */
function inWords(values: readonly SealedValue[]): string {
  const count = (kind: SealedValue['kind']) => values.filter((one) => one.kind === kind).length;
  return [
    count('secret') > 0 ? plural(count('secret'), 'secret') : '',
    count('password') > 0 ? plural(count('password'), 'password') : '',
  ]
    .filter(Boolean)
    .join(' and ');
}

/** What of it this key does not open. */
function unopened(values: readonly SealedValue[], key: Buffer): SealedValue[] {
  const box = createKeySecretBox(key, 'secret.key');
  return values.filter((one) => {
    try {
      box.open(one.value);
      return false;
    } catch {
      return !isOfSystem(one);
    }
  });
}

/**
 * `backup FILE`: a copy of the embedded store as it is now, whether the program runs or not. Its secrets stay sealed,
 * and the key is not in it: with `--with-key` it is written beside, sealed with a passphrase.
 */
export async function backup(
  context: CliContext,
  options: CommonOptions & { readonly file: string; readonly withKey?: boolean },
): Promise<void> {
  const { print } = context;
  const dataFolder = resolve(options.data);
  const [store, to, key] = [embeddedFile(dataFolder), resolve(options.file), keyOf(dataFolder)];
  const beside = keyBeside(to);
  for (const file of options.withKey ? [to, beside] : [to])
    if (existsSync(file)) throw new AppError('conflict', `${file} exists already; name another file`);
  let sealed: string | undefined;
  if (options.withKey) {
    if (!existsSync(store)) throw new AppError('not_found', `There is no embedded store ${store}`);
    const bytes = readKeyFile(key);
    if (!bytes) throw new AppError('not_found', `There is no ${key} to take along; leave out --with-key`);
    const question = 'Passphrase for the key (not shown): ';
    sealed = sealKey(bytes, await context.readSecret(question, 'The same once more: '));
  }
  copySqlite(store, to);
  if (sealed !== undefined) {
    try {
      writeFileSync(beside, sealed, { mode: 0o600, flag: 'wx' });
    } catch (error) {
      // A copy that was wanted with its key is not left without it.
      rmSync(to, { force: true });
      throw new AppError('unavailable', `${beside} can't be written: ${(error as Error).message}`, {
        cause: error,
      });
    }
  }
  const { jobs, executions } = inspectSqlite(to);
  print(`${to}: ${plural(jobs, 'job')}, ${plural(executions, 'execution')}`);
  const values = sealedValues(to);
  const what = inWords(values.filter((one) => !isOfSystem(one)));
  if (sealed !== undefined)
    print(
      `${beside}: ${key}, sealed with the passphrase; restore asks for it, and without it nobody opens it`,
    );
  else if (existsSync(key))
    print(
      `The key is not in it: ${what === '' ? 'what is sealed in it' : `its ${what}`} can only be read with ${key}. Keep a copy of that file at another place, or take it along with --with-key`,
    );
  const ofSystem = inWords(values.filter(isOfSystem));
  if (ofSystem !== '')
    print(
      `note: its ${ofSystem} were sealed by Windows for one account of this computer and can't be read elsewhere; Settings > This computer moves them to a key file`,
    );
}

/** The key for a copy: the one named, or the one beside it; opened with its passphrase. */
async function keyFor(context: CliContext, from: string, named: string | undefined) {
  const file = named === undefined ? keyBeside(from) : resolve(named);
  if (!existsSync(file)) {
    if (named !== undefined) throw new AppError('not_found', `There is no key file ${file}`);
    return undefined;
  }
  const bytes = readFileSync(file);
  if (isSealedKey(bytes))
    return { file, bytes: openSealedKey(bytes, await context.readSecret(`Passphrase of ${file}: `), file) };
  const plain = readKeyFile(file);
  return plain && { file, bytes: plain };
}

/** Puts the key of the copy in place; one that was there before is kept, and its new name returned. */
function replaceKey(file: string, bytes: Buffer): string | undefined {
  if (existsSync(file) && readFileSync(file).equals(bytes)) return undefined;
  const incoming = `${file}.incoming`;
  rmSync(incoming, { force: true });
  writeFileSync(incoming, bytes, { mode: 0o600, flag: 'wx' });
  let kept: string | undefined;
  if (existsSync(file)) {
    kept = nameOfOld(file);
    renameSync(file, kept);
  }
  renameSync(incoming, file);
  return kept;
}

/**
 * `restore FILE`: puts a copy back; refused while the program runs. What was there before is kept beside it. Throws
 * `conflict` when no key at hand opens the copy's secrets, unless told to go on without.
 */
export async function restore(
  context: CliContext,
  options: CommonOptions & {
    readonly file: string;
    readonly key?: string;
    readonly withoutKey?: boolean;
  },
): Promise<void> {
  const { print } = context;
  const dataFolder = resolve(options.data);
  const from = resolve(options.file);
  const { jobs, executions } = inspectSqlite(from);
  const own = keyOf(dataFolder);
  const lock = acquireInstanceLock(dataFolder, {
    pid: process.pid,
    started: new Date().toISOString(),
    mode: 'scheduler',
  });
  try {
    const given = options.withoutKey ? undefined : await keyFor(context, from, options.key);
    const bytes = given?.bytes ?? readKeyFile(own);
    const values = sealedValues(from);
    const lost = bytes ? unopened(values, bytes) : values.filter((one) => !isOfSystem(one));
    const what = inWords(lost);
    if (given && lost.length > 0)
      throw new AppError(
        'conflict',
        `${given.file} is not the key of ${from}; name the right one with --key`,
      );
    if (what !== '' && !options.withoutKey)
      throw new AppError(
        'conflict',
        `${what} in ${from} can't be read with ${bytes ? own : 'any key that is here'}: name the secret.key it was made with, or its FILE.key, with --key; or go on without them: --without-key`,
      );
    const kept = replaceSqlite(embeddedFile(dataFolder), from);
    const keptKey = given && replaceKey(own, given.bytes);
    print(`${embeddedFile(dataFolder)}: ${plural(jobs, 'job')}, ${plural(executions, 'execution')}`);
    if (given) print(`${own}: the key of its secrets`);
    const newAdmin = await admitAdmin(dataFolder);
    if (newAdmin) print(`${newAdmin.file}: a new administrator's key; the copy knew none that is here`);
    for (const name of [kept, keptKey, newAdmin?.kept])
      if (name) print(`what was there before is kept as ${name}`);
    if (what !== '') print(`note: ${what} can't be read and must be entered again`);
    else if (lost.length > 0)
      print('note: the end of its audit was sealed with another key; audit verify will say so');
  } finally {
    lock.release();
  }
}
