import { sql } from 'kysely';
import { expect, it, onTestFinished } from 'vitest';
import { openSqlite, storeOver } from '../../../../src-main/adapters/persistence/sqlite/open-sqlite-store';
import {
  clearChanges,
  countChanges,
  receive,
  refusals,
  waitingChanges,
  watchChanges,
} from '../../../../src-main/adapters/persistence/write-behind/changes';
import { sendNext } from '../../../../src-main/adapters/persistence/write-behind/replicator';
import type { ServerTable } from '../../../../src-main/adapters/persistence/write-behind/server-tables';
import type { TableWork } from '../../../../src-main/adapters/persistence/write-behind/table-work';

async function journal() {
  const opened = await openSqlite({ file: ':memory:' });
  onTestFinished(() => opened.close());
  const tables = await watchChanges(opened.db);
  const server = new Map<string, ServerTable>(
    tables.map((local) => [
      local.name,
      {
        local,
        full: local.name,
        types: new Map(local.columns.map((column) => [column, 'nvarchar'])),
        isIdentity: false,
      },
    ]),
  );
  return { db: opened.db, store: storeOver(opened, 0), server };
}

const failure = (more: object) => Object.assign(new Error('refused'), more);

/** A server that keeps what it is sent, and fails as it is told. */
function fakeServer() {
  const rows = new Map<string, unknown>();
  let fail: (work: readonly TableWork[]) => Error | undefined = () => undefined;
  let sendings = 0;
  return {
    rows,
    failWhen(rule: typeof fail) {
      fail = rule;
    },
    get sendings() {
      return sendings;
    },
    async send(work: readonly TableWork[]) {
      sendings += 1;
      const error = fail(work);
      if (error) throw error;
      for (const { table, states } of work)
        for (const { key, row } of states) {
          const name = `${table.local.name} ${key.join()}`;
          if (row === undefined) rows.delete(name);
          else rows.set(name, row);
        }
    },
  };
}

it('notes a row once, whatever happens to it, in the order of the first change', async () => {
  const { db, store } = await journal();
  await store.facts.set('a', '1');
  await store.facts.set('b', '1');
  await store.facts.set('a', '2');
  expect((await waitingChanges(db, 10)).map(({ key, version }) => [key[0], version])).toEqual([
    ['a', 2],
    ['b', 1],
  ]);
});

it('notes nothing of what was undone', async () => {
  const { db, store } = await journal();
  await store
    .transaction(async (inside) => {
      await inside.facts.set('a', '1');
      throw new Error('no');
    })
    .catch(() => undefined);
  expect(await countChanges(db)).toBe(0);
});

it('notes nothing of what came from the server', async () => {
  const { db } = await journal();
  await receive(db, async (inside) => {
    await sql`INSERT INTO facts (name, value) VALUES ('a', '1')`.execute(inside);
  });
  expect(await countChanges(db)).toBe(0);
  await sql`UPDATE facts SET value = '2' WHERE name = 'a'`.execute(db);
  expect(await countChanges(db)).toBe(1);
});

it('goes on waiting for what changed while it was sent', async () => {
  const { db, store } = await journal();
  await store.facts.set('a', '1');
  const sent = await waitingChanges(db, 10);
  await store.facts.set('a', '2');
  await clearChanges(db, sent);
  expect(await countChanges(db)).toBe(1);
});

it('keeps everything while the server is away, and sends the last state of each row once it is back', async () => {
  const { db, store, server } = await journal();
  const far = fakeServer();
  far.failWhen(() => failure({ code: 'ESOCKET' }));
  const next = () => sendNext({ db, send: far.send, tables: server, onRefused: () => undefined });
  for (let index = 0; index < 500; index += 1) await store.facts.set(`f${index % 300}`, String(index));
  await store.facts.set('gone', '1');
  await expect(next()).rejects.toThrow('refused');
  expect(await countChanges(db)).toBe(301);
  await sql`DELETE FROM facts WHERE name = 'gone'`.execute(db);
  far.failWhen(() => undefined);
  while (await next());
  expect(far.rows.size).toBe(300);
  expect(far.rows.get('facts f299')).toMatchObject({ value: '299' });
  expect(far.rows.get('facts f199')).toMatchObject({ value: '499' });
  expect(await countChanges(db)).toBe(0);
});

it('sends again what was undone by a deadlock', async () => {
  const { db, store, server } = await journal();
  const far = fakeServer();
  let victims = 2;
  far.failWhen(() => {
    victims -= 1;
    return victims >= 0 ? failure({ code: 'EREQUEST', number: 1205 }) : undefined;
  });
  await store.facts.set('a', '1');
  expect(await sendNext({ db, send: far.send, tables: server, onRefused: () => undefined })).toBe(true);
  expect(far.sendings).toBe(3);
  expect(await countChanges(db)).toBe(0);
});

it('sets one bad row aside, and tries it again when it has changed', async () => {
  const { db, store, server } = await journal();
  const far = fakeServer();
  const isBad = (work: readonly TableWork[]) =>
    work.some(({ states }) => states.some(({ row }) => row?.value === 'bad'));
  far.failWhen((work) => (isBad(work) ? failure({ code: 'EREQUEST', number: 2628 }) : undefined));
  const told: string[] = [];
  const next = () =>
    sendNext({ db, send: far.send, tables: server, onRefused: ({ row_key }) => told.push(row_key) });
  await store.facts.set('a', 'good');
  await store.facts.set('b', 'bad');
  await store.facts.set('c', 'good');
  while (await next());
  expect([...far.rows.keys()]).toEqual(['facts a', 'facts c']);
  expect(told).toEqual(['["b"]']);
  expect(await refusals(db)).toMatchObject([{ table: 'facts', row_key: '["b"]', reason: 'refused' }]);
  expect(await store.facts.get('b')).toBe('bad');
  await store.facts.set('b', 'mended');
  while (await next());
  expect(far.rows.get('facts b')).toMatchObject({ value: 'mended' });
  expect(await refusals(db)).toEqual([]);
});

it('blames the server and not the rows where it takes none at all', async () => {
  const { db, store, server } = await journal();
  const far = fakeServer();
  far.failWhen(() => failure({ code: 'EREQUEST', number: 2628 }));
  for (let index = 0; index < 10; index += 1) await store.facts.set(`f${index}`, '1');
  await expect(
    sendNext({ db, send: far.send, tables: server, onRefused: () => undefined }),
  ).rejects.toThrow();
  expect(await countChanges(db)).toBe(10);
  expect(await refusals(db)).toEqual([]);
});
