import { join } from 'node:path';
import { expect, it } from 'vitest';
import { createCommitGroup } from '../../../src-main/adapters/persistence/sqlite/group-commit';
import { openDatabase } from '../../../src-main/adapters/persistence/sqlite/open-database';
import { openSqlite, openSqliteStore } from '../../../src-main/adapters/persistence/sqlite/open-sqlite-store';
import type { Store } from '../../../src-main/core/ports/store';
import { tempFolder } from '../../support/temp-folder';

const open = async () => {
  const file = join(tempFolder(), 'store.db');
  return { file, store: await openSqliteStore({ file }) };
};

const note = (store: Store, name: string, isRefused = false) =>
  store.transaction(async (inside) => {
    await inside.facts.set(name, 'written');
    if (isRefused) throw new Error(`${name} is refused`);
    return name;
  });

it('writes that share a commit hold or fail each for itself', async () => {
  const { store } = await open();
  const wanted = ['first', 'second', 'third', 'fourth', 'fifth'];
  const results = await Promise.allSettled(wanted.map((name) => note(store, name, name === 'third')));
  expect(
    results.map((result) => (result.status === 'fulfilled' ? result.value : result.reason.message)),
  ).toEqual(['first', 'second', 'third is refused', 'fourth', 'fifth']);
  expect(await Promise.all(wanted.map((name) => store.facts.get(name)))).toEqual([
    'written',
    'written',
    undefined,
    'written',
    'written',
  ]);
  await store.close();
});

it('a write is told only when another connection can read it', async () => {
  const { file, store } = await open();
  const other = openDatabase(file, 1000, true);
  const seen = await Promise.all(
    Array.from({ length: 20 }, async (_, index) => {
      await note(store, `fact ${index}`);
      return other.prepare('SELECT value FROM facts WHERE name = ?').all(`fact ${index}`).length;
    }),
  );
  expect(seen).toEqual(Array(20).fill(1));
  other.close();
  await store.close();
});

it('writes that still wait are done before the store closes', async () => {
  const { file, store } = await open();
  const writes = Array.from({ length: 5 }, (_, index) => note(store, `fact ${index}`));
  await store.close();
  await Promise.all(writes);
  const again = openDatabase(file, 1000, true);
  expect(again.prepare("SELECT name FROM facts WHERE name LIKE 'fact %'").all()).toHaveLength(5);
  again.close();
});

it('a write is told when it is on the disk, not before; the next one is written meanwhile', async () => {
  const { db, close } = await openSqlite({ file: ':memory:' });
  const order: string[] = [];
  const waiting: { reached: () => void; refused: (error: Error) => void }[] = [];
  let asked: () => void = () => undefined;
  const group = createCommitGroup(db, 0, {
    withoutWaiting: (work) => work(),
    onDisk: () =>
      new Promise((reached, refused) => {
        waiting.push({ reached, refused });
        asked();
      }),
    close: async () => undefined,
  });
  const nextQuestion = () =>
    new Promise<void>((resolve) => {
      asked = resolve;
    });
  const write = (name: string) =>
    group
      .run((inside) => inside.insertInto('facts').values({ name, value: 'written' }).execute())
      .then(
        () => order.push(`${name} told`),
        (error) => order.push(`${name} refused: ${error.message}`),
      );

  let question = nextQuestion();
  const first = write('first');
  await question;
  question = nextQuestion();
  const second = write('second');
  await question;
  expect(order).toEqual([]);
  waiting[1]?.refused(new Error('the disk is gone'));
  await second;
  expect(order).toEqual(['second refused: the disk is gone']);
  waiting[0]?.reached();
  await Promise.all([first, group.idle()]);
  expect(order).toEqual(['second refused: the disk is gone', 'first told']);
  await close();
});
