import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { acquireInstanceLock, readInstanceInfo } from '../../src-main/adapters/persistence/instance-lock';
import { openDatabase } from '../../src-main/adapters/persistence/sqlite/open-database';
import { openSqliteStore } from '../../src-main/adapters/persistence/sqlite/open-sqlite-store';
import { readAdminKeyFile, writeAdminKeyFile } from '../../src-main/adapters/secrets/admin-key-file';
import { createKeyFileSecretBox } from '../../src-main/adapters/secrets/key-file-secret-box';
import { tempFolder } from '../support/temp-folder';

const isRoot = process.getuid?.() === 0;
const info = (pid: number) => ({ pid, started: '2026-03-02T08:00:00Z', mode: 'both' as const });

describe('a database file', () => {
  it.each<[string, (file: string) => void, RegExp]>([
    ['that is none', (file) => writeFileSync(file, 'x'.repeat(5000)), /is not a SQLite database/],
    ['that is a folder', (file) => mkdirSync(file), /can't be opened/],
    [
      'that is damaged',
      (file) => {
        const database = openDatabase(file, 0);
        database.exec('CREATE TABLE t (x); INSERT INTO t VALUES (zeroblob(100000));');
        database.close();
        const bytes = readFileSync(file);
        bytes.fill(0x5a, 100, 4096);
        writeFileSync(file, bytes);
      },
      /damaged|not a SQLite database/,
    ],
    [
      'that a newer program made',
      (file) => {
        const database = openDatabase(file, 0);
        database.exec(
          "CREATE TABLE schema_migrations (name varchar(255) PRIMARY KEY NOT NULL, timestamp varchar(255) NOT NULL); INSERT INTO schema_migrations VALUES ('999-future', '2030-01-01');",
        );
        database.close();
      },
      /newer version/,
    ],
  ])('%s is refused in one clear sentence', async (_what, make, message) => {
    const file = join(tempFolder(), 'store.db');
    make(file);
    await expect(openSqliteStore({ file })).rejects.toMatchObject({
      code: 'unavailable',
      message: expect.stringMatching(message),
    });
  });

  it('of the Python program, with the specification’s columns alone, is opened and added to', async () => {
    const file = join(tempFolder(), 'store.db');
    const database = openDatabase(file, 0);
    database.exec(`CREATE TABLE job_configurations (job_id NVARCHAR(50) PRIMARY KEY, name NVARCHAR(255) NOT NULL, job_type NVARCHAR(50) NOT NULL,
      configuration NTEXT NOT NULL, enabled BIT DEFAULT 1, created_date DATETIME, modified_date DATETIME, created_by NVARCHAR(255));
      INSERT INTO job_configurations VALUES ('old', 'Old', 'command', '{"id":"old"}', 1, '2024-05-01 08:00:00', NULL, NULL);`);
    database.close();
    const store = await openSqliteStore({ file });
    const [row] = await store.jobs.list();
    await store.close();
    expect(row).toMatchObject({
      job_id: 'old',
      created_date: Date.parse('2024-05-01T08:00:00Z'),
      created_by: 'SYSTEM',
    });
    expect(row?.yaml_text ?? null).toBeNull();
  });
});

describe('the lock of a data folder', () => {
  it('lets one in, names it to the second, and is free again afterwards', () => {
    const folder = join(tempFolder(), 'deep', 'data');
    const lock = acquireInstanceLock(folder, info(4711));
    expect(() => acquireInstanceLock(folder, info(1))).toThrow(
      /in use by process 4711 \(started 2026-03-02T08:00:00Z\)/,
    );
    expect(readInstanceInfo(folder)?.pid).toBe(4711);
    lock.release();
    acquireInstanceLock(folder, info(2)).release();
    expect(readInstanceInfo(folder)).toBeUndefined();
  });

  it.each(['/proc/nowhere', '/dev/null/x'])('says why %s can not be one', (folder) => {
    expect(() => acquireInstanceLock(folder, info(1))).toThrow(/data folder .* can't be used/);
  });

  it.skipIf(isRoot)('says why a folder without rights can not be one (not as root)', () => {
    const folder = tempFolder();
    chmodSync(folder, 0o500);
    expect(() => acquireInstanceLock(folder, info(1))).toThrow(/can't be used/);
  });
});

describe('key files', () => {
  it('of the secret box are made private, and open what they sealed', () => {
    const file = join(tempFolder(), 'secret.key');
    const box = createKeyFileSecretBox(file);
    const sealed = box.seal('pässwörd');
    expect(sealed).toMatch(/^v1:/);
    expect(sealed).not.toContain('ssw');
    expect(createKeyFileSecretBox(file).open(sealed)).toBe('pässwörd');
    expect(box.seal('pässwörd')).not.toBe(sealed);
  });

  it.each<[string, (file: string) => void, RegExp]>([
    [
      'can be read by others',
      (file) => writeFileSync(file, Buffer.alloc(32), { mode: 0o644 }),
      /can be read by others \(mode 644\)/,
    ],
    [
      'is a link',
      (file) => {
        writeFileSync(`${file}.real`, Buffer.alloc(32), { mode: 0o600 });
        symlinkSync(`${file}.real`, file);
      },
      /not a plain file/,
    ],
    ['is too short', (file) => writeFileSync(file, 'short', { mode: 0o600 }), /holds 5 bytes; expected 32/],
  ])('of the secret box are refused when one %s', (_what, make, message) => {
    const file = join(tempFolder(), 'secret.key');
    make(file);
    expect(() => createKeyFileSecretBox(file)).toThrow(message);
  });

  it('that did not make a secret say so, without the secret', () => {
    const sealed = createKeyFileSecretBox(join(tempFolder(), 'a.key')).seal('canary');
    const other = createKeyFileSecretBox(join(tempFolder(), 'b.key'));
    expect(() => other.open(sealed)).toThrow(/another key made it/);
    expect(() => other.open(`${sealed.slice(0, -4)}AAAA`)).toThrow(/can't be opened/);
    expect(() => other.open('canary')).toThrow(/form this version does not know/);
  });

  it('of the administrator are written once, and refused when others can read them', () => {
    const file = join(tempFolder(), 'admin.key');
    expect(readAdminKeyFile(file)).toBeUndefined();
    writeAdminKeyFile(file, 'jsk_x');
    expect(readAdminKeyFile(file)).toBe('jsk_x');
    expect(() => writeAdminKeyFile(file, 'jsk_y')).toThrow(/can't be written/);
    chmodSync(file, 0o644);
    expect(() => readAdminKeyFile(file)).toThrow(/chmod 600/);
  });
});

describe('a process that is killed while it writes', () => {
  it('loses nothing it had been told was stored, 20 times over', async () => {
    const file = join(tempFolder(), 'store.db');
    await (await openSqliteStore({ file })).close();
    const acknowledged: string[] = [];
    for (let round = 0; round < 20; round += 1) {
      const writer: ChildProcess = fork(
        fileURLToPath(new URL('../support/store-writer.mjs', import.meta.url)),
        [file, String(round)],
      );
      const wanted = 20 + ((round * 37) % 150);
      let count = 0;
      writer.on('message', (name) => {
        acknowledged.push(String(name));
        count += 1;
        if (count === wanted) writer.kill('SIGKILL');
      });
      await once(writer, 'exit');
    }
    const store = await openSqliteStore({ file });
    const lost: string[] = [];
    for (const name of acknowledged) if ((await store.facts.get(name)) !== name) lost.push(name);
    await store.close();
    expect(acknowledged.length).toBeGreaterThan(1000);
    expect(lost).toEqual([]);
  }, 120_000);
});
