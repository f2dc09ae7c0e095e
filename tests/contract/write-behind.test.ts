import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { build } from 'vite';
import { afterAll, beforeEach, describe, expect, it, onTestFinished, test } from 'vitest';
import { openWriteBehindStore } from '../../src-main/adapters/persistence/write-behind/open-write-behind-store';
import type { NewExecution, Store } from '../../src-main/core/ports/store';
import { createFaultProxy, type Fault, type FaultProxy } from '../support/fault-proxy';
import { recordingLogger } from '../support/silent-logger';
import { sqlServerTarget } from '../support/sqlserver';
import { createTestDatabase, type TestDatabase } from '../support/sqlserver-database';
import { tempFolder } from '../support/temp-folder';

const now = Date.parse('2026-03-02T08:00:00.123Z');

const execution = (more: Partial<NewExecution> = {}): NewExecution => ({
  job_id: 'a',
  job_name: 'Täglich \u{1F600}',
  status: 'pending',
  trigger: 'schedule',
  scheduled_time: now,
  start_time: now,
  retry_count: 0,
  max_retries: 3,
  metadata: {},
  owner: 'me',
  definition_digest: null,
  slot_key: null,
  ...more,
});

async function run(store: Store, more: Partial<NewExecution> = {}): Promise<number> {
  const id = await store.executions.insert(execution(more));
  if (id === undefined) throw new Error('not inserted');
  await store.executions.update(id, { status: 'running', start_time: now + 4 });
  await store.executions.update(id, {
    status: 'success',
    end_time: now + 1004,
    duration_seconds: 1,
    output: `output of ${id}`,
    return_code: 0,
    owner: null,
  });
  return id;
}

/** Asks until it is so. The limit is for what never happens. */
async function until(
  check: () => boolean | Promise<boolean>,
  what: string,
  limitMs = 60_000,
): Promise<number> {
  const started = performance.now();
  while (!(await check())) {
    if (performance.now() - started > limitMs) throw new Error(`waited in vain for ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  return performance.now() - started;
}

const isInStep = (store: Store) =>
  store.remote?.status().state === 'in_step' && store.remote.status().waiting === 0;

if (sqlServerTarget()) {
  describe('a store that is written to SQL Server behind a journal', { timeout: 120_000 }, () => {
    let made: Promise<TestDatabase> | undefined;
    let database: TestDatabase;
    afterAll(async () => (await made)?.drop());
    beforeEach(async () => {
      made ??= createTestDatabase();
      database = await made;
      await database.empty();
    });

    const open = async (more: { dataFolder?: string; port?: number } = {}) => {
      const logger = recordingLogger();
      const target =
        more.port === undefined ? database.target : { ...database.target, server: `127.0.0.1,${more.port}` };
      const store = await openWriteBehindStore({
        target,
        dataFolder: more.dataFolder ?? tempFolder(),
        logger,
      });
      let isClosed = false;
      const close = async () => {
        if (isClosed) return;
        isClosed = true;
        await store.close();
      };
      onTestFinished(close);
      return { store, logger, close };
    };

    /** The history on the server, as far as it matters. */
    const history = () =>
      database.query<{ id: string; job_id: string; status: string; output: string }>(
        `SELECT execution_id AS id, job_id, status, CAST(output AS nvarchar(4000)) AS output
         FROM job_execution_history_V2 ORDER BY execution_id`,
      );

    const proxy = async (): Promise<FaultProxy> => {
      const [host = '', port = '1433'] = database.target.server.replace(/^tcp:/i, '').split(',');
      const made = await createFaultProxy({ host, port: Number(database.target.port ?? port) });
      onTestFinished(() => made.close());
      return made;
    };

    it('brings every row there, with its id, and takes away what is removed', async () => {
      const { store } = await open();
      const ids = [await run(store), await run(store, { job_id: 'b' })];
      await store.facts.set('x', 'kept');
      await store.secrets.put({
        name: 's',
        value: 'v1:x',
        created_date: now,
        modified_date: now,
        modified_by: 'me',
      });
      await until(() => isInStep(store), 'the server to have everything');
      expect(await history()).toEqual(
        ids.map((id, index) => ({
          id: String(id),
          job_id: index === 0 ? 'a' : 'b',
          status: 'success',
          output: `output of ${id}`,
        })),
      );
      await store.secrets.remove('s');
      await until(
        async () => (await database.query('SELECT name FROM secrets')).length === 0,
        'the secret to go',
      );
      expect(await database.query(`SELECT value FROM facts WHERE name = 'x'`)).toEqual([{ value: 'kept' }]);
    });

    it.each<Fault>(['refused', 'dropped', 'reset', 'half_open', 'slow'])(
      'goes on when connections are %s, says so, and loses and doubles nothing',
      async (fault) => {
        const way = await proxy();
        const { store, logger } = await open({ port: way.port });
        const ids = [await run(store)];
        await until(() => isInStep(store), 'the beginning');
        await way.set(fault);
        const toldMs = await until(() => store.remote?.status().state === 'away', 'being told', 20_000);
        expect(store.remote?.status().reason).not.toBe('');
        for (let count = 0; count < 50; count += 1) ids.push(await run(store, { slot_key: `slot ${count}` }));
        expect(await store.executions.count({ status: ['success'] })).toBe(51);
        expect(store.remote?.status().state).toBe('away');
        await way.set('none');
        const backMs = await until(() => isInStep(store), 'catching up');
        console.log(
          `${fault}: told after ${Math.round(toldMs)} ms, has everything ${Math.round(backMs)} ms after`,
        );
        const rows = await history();
        expect(rows.map((row) => Number(row.id))).toEqual(ids);
        expect(new Set(rows.map((row) => row.status))).toEqual(new Set(['success']));
        expect(logger.lines.some((line) => JSON.stringify(line).includes('is away'))).toBe(true);
        expect(logger.lines.some((line) => JSON.stringify(line).includes('is back'))).toBe(true);
      },
    );

    it('starts while the server is away, once it has been there', async () => {
      const way = await proxy();
      const dataFolder = tempFolder();
      const first = await open({ dataFolder, port: way.port });
      await run(first.store);
      await first.close();
      await way.set('refused');
      const { store } = await open({ dataFolder, port: way.port });
      expect(store.remote?.status().state).toBe('away');
      const second = await run(store);
      await way.set('none');
      await until(() => isInStep(store), 'catching up');
      expect((await history()).map((row) => Number(row.id))).toEqual([1, second]);
    });

    it('does not begin on a server that it has never reached, and says why', async () => {
      const way = await proxy();
      await way.set('refused');
      await expect(open({ port: way.port })).rejects.toThrow(/can't be reached/);
    });

    it('loses nothing when its process is killed in the middle', async () => {
      const dataFolder = tempFolder();
      const outDir = fileURLToPath(new URL('../../out/test-writer', import.meta.url));
      await build({
        configFile: false,
        logLevel: 'silent',
        build: {
          ssr: 'tests/support/write-behind-writer.ts',
          outDir,
          target: 'node20',
          emptyOutDir: true,
          rollupOptions: { output: { format: 'es', entryFileNames: '[name].mjs' } },
        },
      });
      const child: ChildProcess = fork(`${outDir}/write-behind-writer.mjs`, [], {
        execArgv: [],
        env: { ...process.env, WRITER_TARGET: JSON.stringify(database.target), WRITER_FOLDER: dataFolder },
      });
      const written: number[] = [];
      child.on('message', (id) => written.push(Number(id)));
      await until(() => written.length >= 40, 'the writer to have begun');
      child.kill('SIGKILL');
      await once(child, 'exit');
      const { store } = await open({ dataFolder });
      await until(() => isInStep(store), 'catching up');
      const rows = await history();
      const local = await store.executions.list(
        {},
        { limit: 10_000, offset: 0, sort: 'execution_id', descending: false },
      );
      expect(rows.map((row) => [Number(row.id), row.status])).toEqual(
        local.map((row) => [row.execution_id, row.status]),
      );
      const ended = new Set(rows.filter((row) => row.status === 'success').map((row) => Number(row.id)));
      expect(written.filter((id) => !ended.has(id))).toEqual([]);
    });

    it('sets a row aside that the server refuses; the others are not held up by it', async () => {
      const { store, logger } = await open();
      await until(() => isInStep(store), 'the beginning');
      // A constraint that somebody has added by hand.
      await database.query(
        `ALTER TABLE job_execution_history_V2 ADD CONSTRAINT ck_test CHECK (job_id <> 'forbidden')`,
      );
      onTestFinished(async () => {
        await database.query('ALTER TABLE job_execution_history_V2 DROP CONSTRAINT ck_test');
      });
      const [before, bad, after] = [
        await run(store),
        await run(store, { job_id: 'forbidden' }),
        await run(store),
      ];
      await until(() => isInStep(store) && store.remote?.status().set_aside === 1, 'the row to be set aside');
      expect((await history()).map((row) => Number(row.id))).toEqual([before, after]);
      expect((await store.executions.get(bad))?.status).toBe('success');
      expect(logger.lines.some((line) => JSON.stringify(line).includes('is set aside'))).toBe(true);
    });

    it('never writes over a row that another program has put there meanwhile', async () => {
      const { store } = await open();
      await until(() => isInStep(store), 'the beginning');
      await database.query(
        `SET IDENTITY_INSERT job_execution_history_V2 ON;
         INSERT INTO job_execution_history_V2 (execution_id, job_id, job_name, status, start_time)
         VALUES (1, 'theirs', 'Theirs', 'success', '2026-03-02T08:00:00');
         SET IDENTITY_INSERT job_execution_history_V2 OFF`,
      );
      await run(store);
      await until(() => store.remote?.status().set_aside === 1, 'the row to be set aside');
      expect((await history()).map((row) => row.job_id)).toEqual(['theirs']);
    });

    it('is refused while another program works on the same database', async () => {
      const first = await open();
      await expect(open()).rejects.toThrow(/Another Job Scheduler works on this database/);
      await first.close();
      await open();
    });

    it('takes what is on the server when it begins there, and goes on with the ids', async () => {
      const first = await open();
      const id = await run(first.store, { slot_key: 'claimed' });
      await first.store.facts.set('x', '1');
      await first.close();
      const { store } = await open();
      expect((await store.executions.get(id))?.output).toBe(`output of ${id}`);
      expect(await store.facts.get('x')).toBe('1');
      expect(await store.executions.insert(execution({ slot_key: 'claimed' }))).toBeUndefined();
      expect(await run(store)).toBeGreaterThan(id);
    });
  });
} else test.skip('the write-behind store (TEST_SQLSERVER_URL is not set)', () => undefined);
