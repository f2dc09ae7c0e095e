import { randomUUID } from 'node:crypto';
import { afterAll, beforeEach, describe, expect, it, onTestFinished, test } from 'vitest';
import { openWriteBehindStore } from '../../src-main/adapters/persistence/write-behind/open-write-behind-store';
import type { Cluster, ClusterHost } from '../../src-main/core/ports/cluster';
import type { ExecutionRecord, NewExecution } from '../../src-main/core/ports/store';
import { recordingLogger } from '../support/silent-logger';
import { sqlServerTarget } from '../support/sqlserver';
import { createTestDatabase, type TestDatabase } from '../support/sqlserver-database';
import { tempFolder } from '../support/temp-folder';

const now = Date.parse('2026-03-02T08:00:00.000Z');

const slot = (index: number, owner: string): NewExecution => ({
  job_id: `job_${index}`,
  job_name: 'A job',
  status: 'running',
  trigger: 'schedule',
  scheduled_time: now,
  start_time: now,
  retry_count: 0,
  max_retries: 0,
  metadata: {},
  owner,
  slot_key: '2026-03-02T08:00:00.000Z',
});

async function until(check: () => boolean | Promise<boolean>, what: string): Promise<void> {
  const started = performance.now();
  while (!(await check())) {
    if (performance.now() - started > 40_000) throw new Error(`waited in vain for ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}

/** A machine without a core: it notes what is asked of it. */
function attachHost(cluster: Cluster) {
  const heard = {
    lost: [] as number[],
    resumed: [] as ExecutionRecord[],
    live: [] as number[],
    places: 10,
    asked: 0,
  };
  const host: ClusterHost = {
    live: () => heard.live,
    places() {
      heard.asked += 1;
      return heard.places;
    },
    lose(ids) {
      heard.lost.push(...ids);
      heard.live = heard.live.filter((id) => !ids.includes(id));
    },
    verdict: () => 'take',
    resume: (row) => heard.resumed.push(row),
    gaveUp: () => undefined,
    changed: async () => undefined,
    standing: () => undefined,
  };
  cluster.attach(host);
  return heard;
}

if (sqlServerTarget()) {
  describe('machines that share a database', { timeout: 120_000 }, () => {
    let made: Promise<TestDatabase> | undefined;
    let database: TestDatabase;
    afterAll(async () => (await made)?.drop());
    beforeEach(async () => {
      made ??= createTestDatabase();
      database = await made;
      await database.empty();
    });

    const open = async (node: string) => {
      const instance = randomUUID();
      const store = await openWriteBehindStore({
        target: database.target,
        dataFolder: tempFolder(),
        logger: recordingLogger(),
        cluster: { node, tags: [], instance, version: '1', address: () => null },
      });
      let isClosed = false;
      const close = async () => {
        if (isClosed) return;
        isClosed = true;
        await store.close();
      };
      onTestFinished(close);
      const { cluster } = store;
      if (!cluster) throw new Error('no cluster');
      return { store, cluster, instance, close };
    };

    const row = async (execution_id: number) =>
      (
        await database.query<{ status: string; machine: string }>(
          `SELECT status, machine FROM job_execution_history_V2 WHERE execution_id = ${execution_id}`,
        )
      )[0];

    it('let one of two have each slot when both ask at the same instant', async () => {
      const [north, south] = [await open('NORTH'), await open('SOUTH')];
      const wanted = (owner: string) => Array.from({ length: 30 }, (_, index) => slot(index, owner));
      const [a, b] = await Promise.all([
        north.cluster.claim(wanted(north.instance)),
        south.cluster.claim(wanted(south.instance)),
      ]);
      expect(a.map((id, index) => [id, b[index]].filter((one) => one !== undefined).length)).toEqual(
        Array.from({ length: 30 }, () => 1),
      );
      const [count] = await database.query<{ n: number }>(
        'SELECT COUNT(*) AS n FROM job_execution_history_V2',
      );
      expect(count?.n).toBe(30);
    });

    it('record nothing of one that was given up, which is back under a higher number', async () => {
      const { store, cluster, instance } = await open('NORTH');
      const heard = attachHost(cluster);
      const [id = 0] = await cluster.claim([slot(1, instance)]);
      await store.executions.insert({ ...slot(1, instance), execution_id: id });
      heard.live = [id];
      await database.query(`UPDATE machines SET state = N'dead', fence = fence + 1 WHERE node = N'NORTH';
        UPDATE job_execution_history_V2 SET status = N'interrupted', owner = NULL, fence = fence + 1,
          changed_date = GETUTCDATE() WHERE execution_id = ${id}`);
      await store.executions.update(id, { status: 'success', end_time: now + 1000, owner: null });
      await until(
        async () => (await store.executions.get(id))?.status === 'interrupted',
        'the journal to learn that it was given up',
      );
      await until(
        async () => (await cluster.machines().catch(() => []))[0]?.fence === 3,
        'the machine to enter again',
      );
      expect(await row(id)).toEqual({ status: 'interrupted', machine: 'NORTH' });
      expect(await cluster.claim([slot(2, instance)])).toHaveLength(1);
    });

    it('take over what one had not begun when it went', async () => {
      const [north, south] = [await open('NORTH'), await open('SOUTH')];
      const heard = attachHost(south.cluster);
      const waiting = { ...slot(1, north.instance), status: 'pending' as const };
      const [id = 0] = await north.cluster.claim([waiting]);
      await north.store.executions.insert({ ...waiting, execution_id: id });
      await north.close();
      await until(() => heard.resumed.length > 0, 'the row to be taken over');
      expect(heard.resumed[0]?.execution_id).toBe(id);
      expect((await row(id))?.machine).toBe('SOUTH');
    });

    it('begin what they have claimed, and only once whoever asks', async () => {
      const [north, south] = [await open('NORTH'), await open('SOUTH')];
      const waiting = { ...slot(1, north.instance), status: 'pending' as const };
      const [id = 0] = await north.cluster.claim([waiting]);
      await north.store.executions.insert({ ...waiting, execution_id: id });
      const record = await north.store.executions.get(id);
      if (!record) throw new Error('no row');
      expect(await south.cluster.begin({ ...record, owner: south.instance })).toBe(false);
      // The second time as after an answer that was lost.
      expect([await north.cluster.begin(record), await north.cluster.begin(record)]).toEqual([true, true]);
      // What was written here before it began is sent after: it does not wait again.
      await north.store.executions.update(id, { metadata: { noted: true } });
      const isInStep = () => {
        const status = north.store.remote?.status();
        return status?.state === 'in_step' && status.waiting === 0;
      };
      await until(isInStep, 'the row to be sent');
      expect((await row(id))?.status).toBe('running');
    });

    it('set a claim free that nobody ever began, and another machine has it within 30 s', async () => {
      const [north, south] = [await open('NORTH'), await open('SOUTH')];
      const forgetful = attachHost(north.cluster);
      forgetful.places = 0;
      const heard = attachHost(south.cluster);
      const [id = 0] = await north.cluster.claim([{ ...slot(1, north.instance), status: 'pending' }]);
      const started = performance.now();
      await until(() => heard.resumed.length > 0, 'the claim to be taken');
      expect(heard.resumed.map(({ execution_id }) => execution_id)).toEqual([id]);
      expect(performance.now() - started).toBeLessThan(30_000);
    });

    it('set a row free that has come here, and that nothing here begins', async () => {
      const [north, south] = [await open('NORTH'), await open('SOUTH')];
      const forgetful = attachHost(north.cluster);
      forgetful.places = 0;
      const heard = attachHost(south.cluster);
      const waiting = { ...slot(1, north.instance), status: 'pending' as const };
      const [id = 0] = await north.cluster.claim([waiting]);
      await north.store.executions.insert({ ...waiting, execution_id: id });
      await until(() => heard.resumed.length > 0, 'the row to be taken');
      expect(heard.resumed.map(({ execution_id }) => execution_id)).toEqual([id]);
      const record = await north.store.executions.get(id);
      if (!record) throw new Error('no row');
      expect(await north.cluster.begin({ ...record, owner: north.instance })).toBe(false);
    });

    it('take what a dead machine had claimed and not begun, and end what it had begun', async () => {
      const [north, south] = [await open('NORTH'), await open('SOUTH')];
      const heard = attachHost(south.cluster);
      const waiting = [1, 2].map((index) => ({ ...slot(index, north.instance), status: 'pending' as const }));
      const [claimed = 0, begun = 0] = await north.cluster.claim(waiting);
      await north.store.executions.insert({ ...slot(2, north.instance), execution_id: begun });
      const record = await north.store.executions.get(begun);
      if (!record) throw new Error('no row');
      await north.cluster.begin(record);
      // Gone for good: one that lives would be back under a higher number before anybody has looked.
      await north.close();
      await database.query(`UPDATE machines SET state = N'dead' WHERE node = N'NORTH'`);
      await until(() => heard.resumed.length > 0, 'the claim to be taken');
      expect(heard.resumed.map(({ execution_id }) => execution_id)).toEqual([claimed]);
      await until(async () => (await row(begun))?.status === 'interrupted', 'the run to be ended');
    });

    it('leave rows that are nobody’s until one of them has a free place', async () => {
      const [north, south] = [await open('NORTH'), await open('SOUTH')];
      const [a, b] = [attachHost(north.cluster), attachHost(south.cluster)];
      [a.places, b.places] = [0, 0];
      const [id = 0] = await north.cluster.claim([{ ...slot(1, 'open'), status: 'pending' }]);
      await north.store.executions.insert({ ...slot(1, 'open'), status: 'pending', execution_id: id });
      expect((await north.cluster.runningElsewhere(['job_1'])).get('job_1')).toBe(1);
      [a.asked, b.asked] = [0, 0];
      await until(() => a.asked > 1 && b.asked > 1, 'both to have looked');
      expect([...a.resumed, ...b.resumed]).toEqual([]);
      b.places = 1;
      await until(() => b.resumed.length > 0, 'the row to be taken');
      expect([a.resumed.length, b.resumed[0]?.execution_id]).toEqual([0, id]);
      expect((await row(id))?.machine).toBe('SOUTH');
    });

    it('keep a program without a cluster away, and a second one of the same name', async () => {
      await open('NORTH');
      await expect(open('NORTH')).rejects.toThrow(/another program calls itself "NORTH"/);
      await expect(
        openWriteBehindStore({
          target: database.target,
          dataFolder: tempFolder(),
          logger: recordingLogger(),
        }),
      ).rejects.toThrow(/Another Job Scheduler works on this database/);
    });
  });
} else test.skip('machines that share a database (TEST_SQLSERVER_URL is not set)', () => undefined);
