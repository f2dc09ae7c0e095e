import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, onTestFinished, test } from 'vitest';
import { finishAtStart } from '../../src-main/adapters/persistence/move/finish-move';
import { readPendingMove } from '../../src-main/adapters/persistence/move/pending-move';
import { createStoreSwitch } from '../../src-main/adapters/persistence/move/store-switch';
import { openStore } from '../../src-main/adapters/persistence/open-store';
import { embeddedFile } from '../../src-main/adapters/persistence/store-files';
import { createKeyFileSecretBox } from '../../src-main/adapters/secrets/key-file-secret-box';
import { loadSettings } from '../../src-main/adapters/settings/load-settings';
import { writeDatabaseSettings } from '../../src-main/adapters/settings/write-database-settings';
import type { Store } from '../../src-main/core/ports/store';
import type { StoreServer } from '../../src-shared/model/store';
import { recordingLogger } from '../support/silent-logger';
import { sqlServerTarget } from '../support/sqlserver';
import { createTestDatabase, type TestDatabase } from '../support/sqlserver-database';
import { tempFolder } from '../support/temp-folder';

const now = Date.parse('2026-03-02T08:00:00.123Z');

async function addRun(store: Store, n: number): Promise<void> {
  await store.executions.insert({
    job_id: `job_${n % 7}`,
    job_name: 'Täglich \u{1F600}',
    status: 'success',
    trigger: 'schedule',
    scheduled_time: now + n * 60_000,
    start_time: now + n * 60_000,
    retry_count: 0,
    max_retries: 3,
    metadata: { n },
    owner: null,
    definition_digest: null,
    slot_key: `slot_${n}`,
  });
}

if (sqlServerTarget()) {
  describe('the store moved to a real server and back, while the program works', { timeout: 180_000 }, () => {
    let database: TestDatabase;
    beforeAll(async () => {
      database = await createTestDatabase();
    });
    afterAll(() => database?.drop());

    /** As the programs do it: the settings are read, a pending move is completed, the store is opened. */
    const begin = async (dataFolder: string) => {
      const logger = recordingLogger();
      const load = () =>
        loadSettings({ dataFolder, programFolder: dataFolder, environment: {}, options: {} });
      const { settings, ownFile } = load();
      const unfinished = await finishAtStart({ dataFolder, logger, database: settings.database });
      const store = await openStore({ database: settings.database, dataFolder, logger });
      const box = createKeyFileSecretBox(join(dataFolder, 'secret.key'));
      const made = createStoreSwitch({
        dataFolder,
        store,
        database: settings.database,
        isClustered: false,
        logger,
        settingsFile: ownFile.file,
        writeSetting: (server) => writeDatabaseSettings({ ...ownFile, server }),
        seal: box.seal,
        fixedBy: [],
        unfinished,
        restart: undefined,
      });
      let isOpen = true;
      const close = async (finishes = true) => {
        if (!isOpen) return;
        isOpen = false;
        await store.close();
        if (finishes) await made.finish();
      };
      onTestFinished(() => close(false));
      const moved = async () => {
        for (;;) {
          const { move } = await made.status();
          if (move && move.state !== 'running') return move;
          await new Promise((resolve) => setTimeout(resolve, 20));
        }
      };
      return { store, made, close, moved, logger };
    };
    const serverOf = (): StoreServer => {
      const { login, server, database: name } = database.target;
      if (login.kind !== 'sql') throw new Error('expected a SQL login');
      const { username, password } = login;
      return { server, database: name, username, password, encrypt: false, trust_server_certificate: true };
    };
    const up = { to: 'sqlserver', dry_run: false, copy: true, by: 'me' } as const;

    it('goes up with what changes meanwhile, is used from there, and comes back', async () => {
      const dataFolder = tempFolder();
      const first = await begin(dataFolder);
      for (let n = 0; n < 450; n += 1) await addRun(first.store, n);
      await first.store.facts.set('run_token', `token ${dataFolder}`);
      await first.store.facts.set('kept', 'yes');

      expect(await first.made.test(serverOf())).toMatchObject({ works: true, holds: 'nothing' });
      await first.made.start({ ...up, dry_run: true, server: serverOf() });
      expect(await first.moved()).toMatchObject({
        state: 'done',
        message: expect.stringContaining('would be copied'),
      });
      await first.made.start({ ...up, server: serverOf() });
      const move = await first.moved();
      expect(move.message).toMatch(/counts and digests .* are the same/);
      expect(move).toMatchObject({ state: 'done', to: 'sqlserver' });
      const history = move.tables.find(({ name }) => name === 'job_execution_history_V2');
      expect(history).toMatchObject({ source: 450, target: 450, state: 'same' });
      expect((await first.made.status()).next).toMatchObject({ engine: 'sqlserver' });
      // No password in plain, and the copy can't be begun again.
      const text = readFileSync(join(dataFolder, 'app_config.yaml'), 'utf8');
      expect(text).toContain('sealed_password');
      expect(text).not.toContain(String(serverOf().password));
      await expect(first.made.start({ ...up, server: serverOf() })).rejects.toThrow(/was moved to/);
      // The program works on until it is started anew.
      for (let n = 450; n < 470; n += 1) await addRun(first.store, n);
      await first.store.executions.update(3, { status: 'failed', error_message: 'changed later' });
      await first.store.facts.set('kept', 'still');
      await first.close();
      expect(readPendingMove(dataFolder)).toBeUndefined();

      const second = await begin(dataFolder);
      expect((await second.made.status()).engine).toBe('sqlserver');
      const newest = { limit: 1000, offset: 0, sort: 'execution_id', descending: true } as const;
      const rows = await second.store.executions.list({}, newest);
      expect(rows).toHaveLength(470);
      expect(rows.find(({ execution_id }) => execution_id === 3)).toMatchObject({
        error_message: 'changed later',
      });
      expect(await second.store.facts.get('kept')).toBe('still');
      await addRun(second.store, 480);

      await second.made.start({ to: 'embedded', server: undefined, dry_run: false, copy: true, by: 'me' });
      expect(await second.moved()).toMatchObject({ state: 'done', to: 'embedded' });
      await addRun(second.store, 490);
      await second.close();
      expect(readFileSync(join(dataFolder, 'app_config.yaml'), 'utf8')).not.toContain('sealed_password');

      const third = await begin(dataFolder);
      expect((await third.made.status()).engine).toBe('embedded');
      expect(await third.store.executions.list({}, newest)).toHaveLength(472);
      expect(existsSync(join(dataFolder, 'journal.db'))).toBe(false);
      await third.close();
    });

    it('is completed by the next start after a crash, and is not written over what others have there', async () => {
      const dataFolder = tempFolder();
      const first = await begin(dataFolder);
      await addRun(first.store, 1);
      await first.store.facts.set('run_token', `token ${dataFolder}`);
      // The database of the first test holds another store's jobs.
      expect(await first.made.test(serverOf())).toMatchObject({ works: true, holds: 'others' });
      await first.made.start({ ...up, server: serverOf() });
      expect(await first.moved()).toMatchObject({
        state: 'failed',
        message: expect.stringContaining('empty database'),
      });
      await database.empty();
      await first.made.start({ ...up, server: serverOf() });
      expect(await first.moved()).toMatchObject({ state: 'done' });
      await addRun(first.store, 2);
      // As if it were killed: nothing is completed.
      await first.close(false);
      expect(readPendingMove(dataFolder)).toMatchObject({ to: 'sqlserver' });
      const second = await begin(dataFolder);
      expect(readPendingMove(dataFolder)).toBeUndefined();
      const newest = { limit: 10, offset: 0, sort: 'execution_id', descending: true } as const;
      expect(await second.store.executions.list({}, newest)).toHaveLength(2);
      expect(embeddedFile(dataFolder)).toSatisfy(existsSync);
      await second.close();
    });
  });
} else
  test.skip('the store moved to a real server and back (TEST_SQLSERVER_URL is not set)', () => undefined);
