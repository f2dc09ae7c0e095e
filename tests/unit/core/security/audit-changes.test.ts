import { expect, it } from 'vitest';
import { auditChanges } from '../../../../src-main/core/security/audit-changes';

it('tells field by field what became of a thing', () => {
  expect(
    auditChanges(
      { name: 'a', schedule: { hour: 1, minute: 0 }, timeout: 5 },
      { name: 'a', schedule: { hour: 2, minute: 0 }, tags: ['x'] },
    ),
  ).toEqual([
    { path: 'schedule.hour', before: 1, after: 2 },
    { path: 'timeout', before: 5 },
    { path: 'tags', after: ['x'] },
  ]);
  expect(auditChanges({ a: 1 }, { a: 1 })).toEqual([]);
  expect(auditChanges(undefined, { a: 1 })).toEqual([{ path: 'a', after: 1 }]);
  expect(auditChanges({ a: 1 }, undefined)).toEqual([{ path: 'a', before: 1 }]);
});

it('tells of a long text the lines that differ', () => {
  expect(auditChanges({ query: 'one\ntwo\nthree\n' }, { query: 'one\nzwei\nthree\n' })).toEqual([
    { path: 'query', before: 'two', after: 'zwei' },
  ]);
});

it('never repeats a secret: by its name, in the environment, in an address', () => {
  const canary = 'canary-81f2';
  const before = {
    connection: { password: canary, server: 'db' },
    environment: { PLAIN: canary },
    steps: [{ environment: { DEEP: canary }, api_key: canary }],
    url: `https://anna:${canary}@host/x`,
    on_failure: { slack: `https://hooks.slack.example/services/T0/B0/${canary}` },
  };
  const after = JSON.parse(JSON.stringify(before).replaceAll(canary, `${canary}-new`));
  for (const changes of [
    auditChanges(before, after),
    auditChanges(undefined, before),
    auditChanges(before, undefined),
    auditChanges({ ...before, environment: undefined }, after),
  ]) {
    expect(changes.length).toBeGreaterThan(2);
    expect(JSON.stringify(changes)).not.toContain(canary);
  }
});
