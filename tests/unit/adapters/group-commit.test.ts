import { join } from 'node:path';
import { expect, it } from 'vitest';
import { openDatabase } from '../../../src-main/adapters/persistence/sqlite/open-database';
import { openSqliteStore } from '../../../src-main/adapters/persistence/sqlite/open-sqlite-store';
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
