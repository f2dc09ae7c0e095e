import {
  closeSync,
  copyFileSync,
  existsSync,
  fsyncSync,
  openSync,
  readFileSync,
  realpathSync,
  renameSync,
  rmSync,
  statSync,
  writeSync,
} from 'node:fs';
import { isMap, parseDocument } from 'yaml';
import { AppError } from '../../../src-shared/errors';
import { plainBackslashes } from './plain-backslashes';
import { type ServerSettings, serverKeys } from './server-keys';
import { Settings } from './settings';

const refuse = (file: string, why: string): never => {
  throw new AppError('conflict', `The configuration ${file} can't be changed: ${why}`);
};

/** The configuration with another server, or none; comments, order and all other keys stay. */
export function withServer(text: string, server: ServerSettings | undefined, file: string): string {
  const document = parseDocument(plainBackslashes(text).text);
  const [problem] = document.errors;
  if (problem) refuse(file, problem.message.split('\n')[0] ?? 'it is no YAML');
  if (document.contents !== null && !isMap(document.contents)) refuse(file, 'expected sections such as web:');
  if (document.contents === null) document.contents = document.createNode({}) as never;
  if (!isMap(document.get('database'))) document.set('database', document.createNode({}));
  for (const key of serverKeys) document.deleteIn(['database', key]);
  for (const [key, value] of Object.entries(server ?? {}))
    if (value !== undefined) document.setIn(['database', key], value);
  const database = document.get('database');
  if (isMap(database) && database.items.length === 0) document.delete('database');
  const fresh = String(document.toString({ lineWidth: 0 }));
  const parsed = Settings.safeParse(parseDocument(fresh).toJS() ?? {});
  if (!parsed.success && server !== undefined)
    refuse(file, parsed.error.issues[0]?.message ?? 'it would not be understood');
  return fresh;
}

/** What a file holds is whole at any moment, also when the machine loses its power. */
function replaceFile(file: string, text: string): void {
  const isThere = existsSync(file);
  const real = isThere ? realpathSync(file) : file;
  const fresh = `${real}.new`;
  rmSync(fresh, { force: true });
  // A password may stand in it: new files are for their owner alone, and others stay as open as they are.
  const handle = openSync(fresh, 'wx', isThere ? statSync(real).mode & 0o777 : 0o600);
  try {
    writeSync(handle, text);
    fsyncSync(handle);
  } finally {
    closeSync(handle);
  }
  if (isThere) copyFileSync(real, `${real}.before-move`);
  renameSync(fresh, real);
}

/**
 * Writes which server is the store into the configuration; undefined: the embedded one. `start` is the file whose text
 * a configuration begins with that is not there yet. Throws `conflict` for a file that is no configuration or can't
 * be written; nothing is half written.
 */
export function writeDatabaseSettings(options: {
  readonly file: string;
  readonly start: string | undefined;
  readonly server: ServerSettings | undefined;
}): void {
  const { file, start, server } = options;
  const source = existsSync(file) ? file : start !== undefined && existsSync(start) ? start : undefined;
  try {
    const before = source === undefined ? '' : readFileSync(source, 'utf8');
    replaceFile(file, withServer(before, server, file));
  } catch (error) {
    if (error instanceof AppError) throw error;
    refuse(file, (error as Error).message);
  }
}
