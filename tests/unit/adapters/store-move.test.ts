import { readFileSync, statSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { parse } from 'yaml';
import {
  catchUp,
  compareTable,
  copyTable,
  type Walk,
} from '../../../src-main/adapters/persistence/move/copy-rows';
import { finishAtStart } from '../../../src-main/adapters/persistence/move/finish-move';
import { bringRest, copyAndCompare } from '../../../src-main/adapters/persistence/move/move-work';
import { readPendingMove, writePendingMove } from '../../../src-main/adapters/persistence/move/pending-move';
import { serverSettings } from '../../../src-main/adapters/persistence/move/server-settings';
import { embeddedSide, keepNumbers, openReading } from '../../../src-main/adapters/persistence/move/sides';
import { createStoreSwitch } from '../../../src-main/adapters/persistence/move/store-switch';
import { openSqlite, openSqliteStore } from '../../../src-main/adapters/persistence/sqlite/open-sqlite-store';
import { storeTarget } from '../../../src-main/adapters/persistence/sqlserver/store-target';
import { embeddedFile } from '../../../src-main/adapters/persistence/store-files';
import { type LocalTable, localTables } from '../../../src-main/adapters/persistence/write-behind/changes';
import { rowDigest } from '../../../src-main/adapters/persistence/write-behind/move-rows';
import { loadSettings } from '../../../src-main/adapters/settings/load-settings';
import type { ServerSettings } from '../../../src-main/adapters/settings/server-keys';
import { Settings } from '../../../src-main/adapters/settings/settings';
import {
  withServer,
  writeDatabaseSettings,
} from '../../../src-main/adapters/settings/write-database-settings';
import type { Store } from '../../../src-main/core/ports/store';
import { recordingLogger } from '../../support/silent-logger';
import { tempFolder } from '../../support/temp-folder';

const now = Date.parse('2026-03-02T08:00:00.123Z');
const digestOf: Walk['digestOf'] = (table, row) =>
  rowDigest(
    table.columns.map((column) => [column, 'nvarchar'] as const),
    row,
  );
const walk: Walk = { digestOf, signal: new AbortController().signal, onRows: () => undefined };
const quiet = { table: () => undefined, step: () => undefined, rows: () => undefined };

async function fill(store: Store, count: number): Promise<void> {
  for (let index = 0; index < count; index += 1)
    await store.executions.insert({
      job_id: `job_${index % 3}`,
      job_name: 'Täglich \u{1F600}',
      status: 'success',
      trigger: 'schedule',
      scheduled_time: now,
      start_time: now + index,
      retry_count: 0,
      max_retries: 3,
      metadata: { n: index },
      owner: null,
      definition_digest: null,
      slot_key: `slot_${index}`,
    });
  await store.facts.set('run_token', 'token of the source');
}

async function twoStores(rows = 450) {
  const folder = tempFolder();
  const file = embeddedFile(folder);
  const store = await openSqliteStore({ file });
  onTestFinished(() => store.close());
  await fill(store, rows);
  const source = openReading(file);
  onTestFinished(() => source.close());
  const other = await openSqlite({ file: join(folder, 'other.db') });
  onTestFinished(() => other.close());
  const tables = await localTables(source.db);
  return { folder, store, tables, source: embeddedSide(source.db), target: embeddedSide(other.db), other };
}

const named = (tables: readonly LocalTable[], name: string) => {
  const found = tables.find((table) => table.name === name);
  if (!found) throw new Error(name);
  return found;
};

describe('a move of the store', () => {
  it('copies every table, compares both sides, and brings what changed meanwhile', async () => {
    const { store, tables, source, target, other } = await twoStores();
    const way = { tables, source, target, digestOf };
    const { copies, differing } = await copyAndCompare({ ...way, signal: walk.signal, report: quiet });
    expect(differing).toEqual([]);
    const history = named(tables, 'job_execution_history_V2');
    expect(copies.get(history.name)?.rows).toBe(450);

    // The program goes on: rows come, change and go.
    await fill(store, 1).catch(() => undefined);
    await store.executions.update(7, { status: 'failed', error_message: 'later' });
    await store.facts.set('note', 'new');
    await store.secrets.put({
      name: 's',
      value: 'v1:x',
      created_date: 1,
      modified_date: 1,
      modified_by: 'me',
    });
    await store.secrets.remove('s');
    expect(await bringRest({ ...way, copies })).toBeGreaterThanOrEqual(2);
    for (const table of tables) {
      const { seen } = copies.get(table.name) ?? (await copyTable(source, target, table, walk));
      const compared = await compareTable(target, table, seen, walk);
      expect([table.name, compared.differing, compared.missing]).toEqual([table.name, [], []]);
    }
    // And once more there is nothing left to bring.
    expect(await bringRest({ ...way, copies })).toBe(0);
    await keepNumbers(other.db, tables);
  });

  it('takes away at the target what was removed at the source', async () => {
    const { store, tables, source, target } = await twoStores(3);
    const facts = named(tables, 'facts');
    await store.facts.set('gone', 'soon');
    const { seen } = await copyTable(source, target, facts, walk);
    const { db, close } = await openSqlite({ file: embeddedFile(tempFolder()) });
    onTestFinished(close);
    // A source without it.
    const emptied = embeddedSide(db);
    expect(await catchUp(emptied, target, facts, seen, walk)).toBe(seen.count);
    expect(await target.count(facts)).toBe(0);
  });

  it('names a table that does not come out as it went in', async () => {
    const { tables, source, target } = await twoStores(5);
    const spoiling: typeof target = {
      ...target,
      write: (table, states) =>
        target.write(
          table,
          states.map(({ key, row }) =>
            table.name === 'facts' ? { key, row: { ...row, value: 'spoiled' } } : { key, row },
          ),
        ),
    };
    const { differing } = await copyAndCompare({
      tables,
      source,
      target: spoiling,
      digestOf,
      signal: walk.signal,
      report: quiet,
    });
    expect(differing).toEqual(['facts']);
  });

  it('stops between two pages when it is cancelled', async () => {
    const { tables, source, target } = await twoStores(450);
    const stopping = new AbortController();
    const rows = () => stopping.abort();
    await expect(
      copyAndCompare({
        tables,
        source,
        target,
        digestOf,
        signal: stopping.signal,
        report: { ...quiet, rows },
      }),
    ).rejects.toThrow();
    expect(await target.count(named(tables, 'job_execution_history_V2'))).toBeLessThan(450);
  });
});

/** The switch over an embedded store; what it writes as the setting is kept. */
async function aSwitch(more: { fixedBy?: string[]; database?: Record<string, unknown> } = {}) {
  const folder = tempFolder();
  const store = await openSqliteStore({ file: embeddedFile(folder) });
  onTestFinished(() => store.close());
  const written: (ServerSettings | undefined)[] = [];
  const made = createStoreSwitch({
    dataFolder: folder,
    store,
    database: Settings.parse({ database: more.database ?? {} }).database,
    isClustered: false,
    logger: recordingLogger(),
    settingsFile: join(folder, 'app_config.yaml'),
    writeSetting: (server) => written.push(server),
    seal: (password) => `sealed ${password.length}`,
    fixedBy: more.fixedBy ?? [],
    unfinished: undefined,
    restart: undefined,
  });
  const ended = async () => {
    for (;;) {
      const { move } = await made.status();
      if (move && move.state !== 'running') return move;
      await new Promise((resolve) => setTimeout(resolve, 10));
    }
  };
  return { folder, store, made, written, ended };
}
const to = 'sqlserver' as const;
const request = { to, dry_run: false, copy: true, by: 'me' };
const login = { database: 'jobs', username: 'sa', password: 'canary-password', connection_timeout: 3 };

/** A port on which something listens that never says a word. */
async function silentPort(): Promise<number> {
  const server = createServer(() => undefined);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => void server.close());
  return (server.address() as { port: number }).port;
}

describe('the switch of the store', () => {
  it('tells of each server that can’t be used what is wrong and what to do', async () => {
    const { made } = await aSwitch();
    const refused = await made.test({ server: '127.0.0.1,1', ...login });
    expect(refused).toMatchObject({
      works: false,
      message: expect.stringMatching(/can't be reached.*TCP\/IP/),
    });
    const nowhere = await made.test({ server: 'no-such-host.invalid', ...login });
    expect(nowhere.message).toMatch(
      /There is no machine no-such-host\.invalid by that name|can't be reached/,
    );
    const silent = await made.test({
      server: `127.0.0.1,${await silentPort()}`,
      ...login,
      connection_timeout: 1,
    });
    expect(silent.message).toMatch(/did not answer in time \(1 s\)/);
    for (const trial of [refused, nowhere, silent])
      expect(JSON.stringify(trial)).not.toContain('canary-password');
    await expect(made.test({ server: 'HOST' })).rejects.toThrow(/DATABASE is missing/);
    await expect(made.test({})).rejects.toThrow(/expected server and database, or a connection_string/);
    await expect(made.test({ connection_string: 'SERVER=H;DATABASE=d' })).rejects.toThrow(
      /nobody to log in as/,
    );
    await expect(made.test({ connection_string: 'https://x' })).rejects.toThrow(/expected ODBC form/);
  });

  it('leaves everything as it is when the server can’t be reached', async () => {
    const { made, written, folder, ended } = await aSwitch();
    await made.start({ ...request, server: { server: '127.0.0.1,1', ...login } });
    await expect(made.start({ ...request, server: { server: '127.0.0.1,1', ...login } })).rejects.toThrow(
      /is under way/,
    );
    expect(await ended()).toMatchObject({
      state: 'failed',
      message: expect.stringContaining("can't be reached"),
    });
    expect(written).toEqual([]);
    expect(readPendingMove(folder)).toBeUndefined();
    expect(await made.status()).toMatchObject({ engine: 'embedded', next: null, can_restart: false });
    await made.finish();
  });

  it('is cancelled while it waits for a server', async () => {
    const { made, ended } = await aSwitch();
    await made.start({
      ...request,
      server: { server: `127.0.0.1,${await silentPort()}`, ...login, connection_timeout: 1 },
    });
    await made.cancel();
    expect(await ended()).toMatchObject({ state: 'cancelled' });
    await expect(made.cancel()).rejects.toThrow(/Nothing is being moved/);
  });

  it('refuses what would have no effect', async () => {
    const fixed = await aSwitch({ fixedBy: ['JOB_SCHEDULER_DATABASE_SERVER'] });
    await expect(fixed.made.start({ ...request, server: { server: 'H', ...login } })).rejects.toThrow(
      /set by JOB_SCHEDULER_DATABASE_SERVER/,
    );
    await expect(fixed.made.start({ ...request, to: 'embedded', server: undefined })).rejects.toThrow(
      /already/,
    );
    const free = await aSwitch();
    await expect(free.made.start({ ...request, server: undefined })).rejects.toThrow(/server is missing/);
    expect(() => fixed.made.restart()).toThrow(/can’t start itself anew/);
  });

  it('goes on with the embedded store while a move can’t be completed', async () => {
    const folder = tempFolder();
    writePendingMove(folder, { to, identity: 'x', since: new Date(0).toISOString() });
    const { database } = Settings.parse({ database: { server: '127.0.0.1,1', ...login } });
    const why = await finishAtStart({ dataFolder: folder, logger: recordingLogger(), database });
    expect(why).toMatch(/is not complete yet: .*can't be reached/);
    expect(readPendingMove(folder)).toBeDefined();
    // The setting was taken back by hand: nothing waits any more.
    const { database: none } = Settings.parse({});
    expect(
      await finishAtStart({ dataFolder: folder, logger: recordingLogger(), database: none }),
    ).toBeUndefined();
    expect(readPendingMove(folder)).toBeUndefined();
  });
});

describe('the setting of the store', () => {
  const text = `# ours
database:
  connection_string: "DRIVER={SQL Server};SERVER=OLD\\SQLEXPRESS;DATABASE=x;UID=u;PWD=p" # old
  pool_size: 7 # kept
web: {port: 5001}
`;

  it('is changed in the text, and everything else stays', () => {
    const fresh = withServer(text, { server: 'NEW\\A', database: 'jobs', trusted_connection: true }, 'f');
    expect(fresh).toContain('# ours');
    expect(fresh).toContain('pool_size: 7 # kept');
    expect(parse(fresh)).toEqual({
      database: { pool_size: 7, server: 'NEW\\A', database: 'jobs', trusted_connection: true },
      web: { port: 5001 },
    });
    expect(parse(withServer(fresh, undefined, 'f'))).toEqual({
      database: { pool_size: 7 },
      web: { port: 5001 },
    });
    expect(withServer('', undefined, 'f').trim()).toMatch(/^(\{\})?$/);
    expect(() => withServer('a: [', {}, 'f')).toThrow(/can't be changed/);
    expect(() => withServer('- 1', {}, 'f')).toThrow(/expected sections/);
  });

  it('keeps a copy, keeps the file’s mode, and begins with the configuration that held', () => {
    const folder = tempFolder();
    const start = join(folder, 'sample.yaml');
    writeFileSync(start, text);
    const file = join(folder, 'app_config.yaml');
    writeDatabaseSettings({ file, start, server: { server: 'A', database: 'b', username: 'u' } });
    expect(readFileSync(file, 'utf8')).toContain('# ours');
    if (process.platform !== 'win32') expect(statSync(file).mode & 0o777).toBe(0o600);
    writeDatabaseSettings({ file, start, server: undefined });
    expect(parse(readFileSync(file, 'utf8'))).toEqual({ database: { pool_size: 7 }, web: { port: 5001 } });
    expect(parse(readFileSync(`${file}.before-move`, 'utf8')).database.server).toBe('A');
  });

  it('holds no password in plain, and the next start opens it', () => {
    const folder = tempFolder();
    const given = {
      connection_string: 'DRIVER={ODBC Driver 18 for SQL Server};SERVER=H,1;DATABASE=d;UID=u;PWD={a;b}',
    };
    const target = storeTarget(Settings.parse({ database: given }).database);
    if (!target) throw new Error('no target');
    const load = () =>
      loadSettings({ dataFolder: folder, programFolder: folder, environment: {}, options: {} });
    const server = serverSettings(given, target, (plain) => {
      expect(plain).toBe('a;b');
      return 'v1:bm90IHNlYWxlZA==';
    });
    expect(server.connection_string).toBe(
      'DRIVER={ODBC Driver 18 for SQL Server};SERVER=H,1;DATABASE=d;UID=u',
    );
    writeDatabaseSettings({ file: join(folder, 'app_config.yaml'), start: undefined, server });
    expect(() => load()).toThrow(/sealed_password can't be opened/);
  });
});
