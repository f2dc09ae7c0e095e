import {
  cpSync,
  existsSync,
  mkdtempSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openSqliteStore } from '../../../src-main/adapters/persistence/sqlite/open-sqlite-store';
import { createKeyFileSecretBox } from '../../../src-main/adapters/secrets/key-file-secret-box';
import { runCli } from '../../../src-main/shells/cli/program';
import { quietTerminal } from '../../support/quiet-terminal';
import { tempFolder } from '../../support/temp-folder';

const secret = 'CANARY-open-sesame-42';
const passphrase = 'a long horse, stapled';

/** A data folder with one secret, sealed with a key of its own. */
async function makeFolder(folder: string): Promise<string> {
  const store = await openSqliteStore({ file: join(folder, 'job_scheduler.db') });
  const value = createKeyFileSecretBox(join(folder, 'secret.key')).seal(secret);
  await store.secrets.put({ name: 'door', value, created_date: 0, modified_date: 0, modified_by: 'ann' });
  await store.close();
  return folder;
}

// Made once: the tables of a new store are dozens of writes to the disk.
let template = '';
beforeAll(async () => {
  template = await makeFolder(mkdtempSync(join(tmpdir(), 'job-scheduler-test-')));
});
afterAll(() => rmSync(template, { recursive: true, force: true, maxRetries: 3 }));

function dataFolder(): string {
  const folder = tempFolder();
  cpSync(template, folder, { recursive: true });
  return folder;
}

async function cli(argv: readonly string[], typed = '') {
  const terminal = { ...quietTerminal(), readSecret: async () => typed };
  const code = await runCli(argv, { version: '1.0.0', programFolder: '/', terminal });
  return { code, out: terminal.printed(), err: terminal.said() };
}

/** What the restored folder reads as the secret. */
async function readBack(folder: string): Promise<string> {
  const store = await openSqliteStore({ file: join(folder, 'job_scheduler.db') });
  const sealed = (await store.secrets.list())[0]?.value ?? '';
  await store.close();
  return createKeyFileSecretBox(join(folder, 'secret.key')).open(sealed);
}

describe('a copy of the store', () => {
  it('has no key beside it, and says what it takes to read its secrets (S65)', async () => {
    const folder = dataFolder();
    const copy = join(tempFolder(), 'jobs.db');
    const made = await cli(['backup', copy, '--data', folder]);
    expect(made.code).toBe(0);
    expect(made.out).toBe(
      `${copy}: 0 jobs, 0 executions\nThe key is not in it: its 1 secret can only be read with ${join(folder, 'secret.key')}. Keep a copy of that file at another place, or take it along with --with-key\n`,
    );
    expect(existsSync(`${copy}.key`)).toBe(false);
    const bytes = readFileSync(copy);
    expect(bytes.includes(secret)).toBe(false);
    expect(bytes.includes(readFileSync(join(folder, 'secret.key')))).toBe(false);
    if (process.platform !== 'win32') expect(statSync(copy).mode & 0o777).toBe(0o600);
  });

  it('takes the key along sealed with a passphrase, and is read with it on another machine', async () => {
    const folder = dataFolder();
    const [copy, elsewhere] = [join(tempFolder(), 'jobs.db'), tempFolder()];
    const made = await cli(['backup', copy, '--with-key', '--data', folder], passphrase);
    expect(made.out).toContain('sealed with the passphrase; restore asks for it');
    expect(readFileSync(`${copy}.key`).includes(readFileSync(join(folder, 'secret.key')))).toBe(false);
    if (process.platform !== 'win32') expect(statSync(`${copy}.key`).mode & 0o777).toBe(0o600);

    const wrong = await cli(['restore', copy, '--data', elsewhere], `${passphrase}!`);
    expect(wrong).toMatchObject({ code: 2, err: expect.stringContaining('The passphrase does not open') });
    expect(existsSync(join(elsewhere, 'job_scheduler.db'))).toBe(false);

    const back = await cli(['restore', copy, '--data', elsewhere], passphrase);
    expect(back).toMatchObject({ code: 0, out: expect.stringContaining('the key of its secrets') });
    expect(await readBack(elsewhere)).toBe(secret);
    // Somebody can come in there.
    expect(readFileSync(join(elsewhere, 'admin.key'), 'utf8')).toMatch(/^jsk_/);
  });

  it('is not written with a short passphrase, nor over what is there', async () => {
    const folder = dataFolder();
    const copy = join(tempFolder(), 'jobs.db');
    const short = await cli(['backup', copy, '--with-key', '--data', folder], 'short');
    expect(short).toMatchObject({
      code: 2,
      err: expect.stringContaining('5 characters; expected 12 or more'),
    });
    expect(existsSync(copy)).toBe(false);
    writeFileSync(`${copy}.key`, 'x');
    const taken = await cli(['backup', copy, '--with-key', '--data', folder], passphrase);
    expect(taken).toMatchObject({ code: 5, err: expect.stringContaining('.key exists already') });
    expect(existsSync(copy)).toBe(false);
  });

  it('is put back beside another key only knowingly, and takes a kept secret.key', async () => {
    const [folder, elsewhere] = [dataFolder(), await makeFolder(tempFolder())];
    const copy = join(tempFolder(), 'jobs.db');
    await cli(['backup', copy, '--data', folder]);
    const refused = await cli(['restore', copy, '--data', elsewhere]);
    expect(refused).toMatchObject({
      code: 5,
      err: expect.stringContaining(`1 secret in ${copy} can't be read`),
    });
    expect(refused.err).toContain('--without-key');
    const other = await cli(['restore', copy, '--key', join(elsewhere, 'secret.key'), '--data', elsewhere]);
    expect(other.err).toContain('is not the key of');

    const back = await cli(['restore', copy, '--key', join(folder, 'secret.key'), '--data', elsewhere]);
    expect(back.code).toBe(0);
    expect(back.out).toMatch(/what was there before is kept as .*secret\.key\.before-restore-/);
    expect(await readBack(elsewhere)).toBe(secret);
  });

  it('is put back without its key when that is lost, and says what must be entered again', async () => {
    const folder = dataFolder();
    const [copy, elsewhere] = [join(tempFolder(), 'jobs.db'), tempFolder()];
    await cli(['backup', copy, '--data', folder]);
    const none = await cli(['restore', copy, '--data', elsewhere]);
    expect(none.err).toContain("can't be read with any key that is here");
    const back = await cli(['restore', copy, '--without-key', '--data', elsewhere]);
    expect(back).toMatchObject({
      code: 0,
      out: expect.stringContaining("1 secret can't be read and must be"),
    });
  });

  it('of an earlier version, with the key as it is beside it, can still be put back', async () => {
    const folder = dataFolder();
    const [copy, elsewhere] = [join(tempFolder(), 'jobs.db'), tempFolder()];
    await cli(['backup', copy, '--data', folder]);
    renameSync(join(folder, 'secret.key'), `${copy}.key`);
    expect((await cli(['restore', copy, '--data', elsewhere])).code).toBe(0);
    expect(await readBack(elsewhere)).toBe(secret);
  });
});
