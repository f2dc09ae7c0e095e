import { copyFileSync, existsSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { AppError } from '../../../src-shared/errors';
import { acquireInstanceLock } from '../../adapters/persistence/instance-lock';
import { embeddedFile } from '../../adapters/persistence/open-store';
import { copySqlite, inspectSqlite, replaceSqlite } from '../../adapters/persistence/sqlite/backup-sqlite';
import type { CliContext, CommonOptions } from './context';

const keyBeside = (file: string): string => `${file}.key`;

/**
 * `backup FILE`: a copy of the embedded store as it is now, whether the program runs or not, and beside it the key
 * without which its passwords can't be read.
 */
export async function backup(
  context: CliContext,
  options: CommonOptions & { readonly file: string },
): Promise<void> {
  const dataFolder = resolve(options.data);
  const to = resolve(options.file);
  copySqlite(embeddedFile(dataFolder), to);
  const { jobs, executions } = inspectSqlite(to);
  const key = join(dataFolder, 'secret.key');
  if (existsSync(key)) copyFileSync(key, keyBeside(to));
  context.print(`${to}: ${jobs} jobs, ${executions} executions`);
  if (existsSync(key)) context.print(`${keyBeside(to)}: the key of its passwords; keep it as safe as them`);
}

/** `restore FILE`: puts a copy back; refused while the program runs. What was there before is kept beside it. */
export async function restore(
  context: CliContext,
  options: CommonOptions & { readonly file: string },
): Promise<void> {
  const dataFolder = resolve(options.data);
  const from = resolve(options.file);
  const { jobs, executions } = inspectSqlite(from);
  const key = join(dataFolder, 'secret.key');
  const lock = acquireInstanceLock(dataFolder, {
    pid: process.pid,
    started: new Date().toISOString(),
    mode: 'scheduler',
  });
  try {
    const itsKey = keyBeside(from);
    if (existsSync(itsKey)) {
      if (existsSync(key) && !readFileSync(key).equals(readFileSync(itsKey)))
        throw new AppError(
          'conflict',
          `${key} is another key than the copy's; move it away first (what only it can open is lost with it)`,
        );
      if (!existsSync(key)) copyFileSync(itsKey, key);
    }
    const kept = replaceSqlite(embeddedFile(dataFolder), from);
    context.print(`${embeddedFile(dataFolder)}: ${jobs} jobs, ${executions} executions`);
    if (kept) context.print(`what was there before is kept as ${kept}`);
  } finally {
    lock.release();
  }
}
