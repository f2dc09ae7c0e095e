import { expect, it } from 'vitest';
import { openSqliteStore } from '../../../../src-main/adapters/persistence/sqlite/open-sqlite-store';
import type { JobsFile } from '../../../../src-main/core/ports/jobs-file';
import type { Store } from '../../../../src-main/core/ports/store';
import { createTestCore } from '../../../support/test-core';

const clean = 'jobs:\n  - {id: one, type: hand}\n  - {id: two, type: hand}\n';

function fileOf(text: string): JobsFile {
  return { path: '/somewhere/jobs.yaml', read: async () => text };
}

async function startOn(store: Store, text: string) {
  const test = await createTestCore({ store });
  await test.core.start(fileOf(text));
  const said = test.logger.lines.map((line) => line.message);
  return { ids: test.core.registry.all().map((job) => job.record.job_id), said: said.join('\n') };
}

it('takes a jobs file that has not changed as read', async () => {
  const store = await openSqliteStore({ file: ':memory:' });
  expect((await startOn(store, clean)).said).toContain('2 added');
  const again = await startOn(store, clean);
  expect(again.said).toContain('/somewhere/jobs.yaml is as it was when it was last taken in');
  expect(again.said).not.toContain('added');
  expect(again.ids).toEqual(['one', 'two']);
});

it('reads the unchanged file again when a job of it has gone from the store', async () => {
  const store = await openSqliteStore({ file: ':memory:' });
  await startOn(store, clean);
  await store.jobs.remove('one');
  const again = await startOn(store, clean);
  expect([...again.ids].sort()).toEqual(['one', 'two']);
});

it('says at every start what is wrong in the file', async () => {
  const store = await openSqliteStore({ file: ':memory:' });
  const broken = `${clean}  - {id: three, type: nothing}\n`;
  await startOn(store, broken);
  expect((await startOn(store, broken)).said).toMatch(/jobs\.yaml:4:\d+ Job "three": type is "nothing"/);
});
