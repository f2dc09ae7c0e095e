import { expect, it } from 'vitest';
import { createExecutionHandlers } from '../../../src-main/api/handlers/executions';
import { createFakeServer } from '../../support/fake-cluster';
import { createTestCore } from '../../support/test-core';

const at = Date.parse('2026-03-02T08:00:00Z');

/** A run of another machine, as its row came here. */
async function runElsewhere(machine = 'SÜD') {
  const { core, store } = await createTestCore({ cluster: createFakeServer().machine('NORTH') });
  const id = await store.executions.insert({
    job_id: 'a',
    job_name: 'A',
    status: 'success',
    trigger: 'schedule',
    scheduled_time: at,
    start_time: at,
    retry_count: 0,
    max_retries: 0,
    metadata: {},
    owner: 'other',
    definition_digest: null,
    slot_key: null,
    machine,
  });
  await store.executions.update(id ?? 0, { status: 'success', end_time: at + 1000, output: 'the end of it' });
  const handlers = createExecutionHandlers(core, {} as never);
  return { handlers, params: { execution_id: id ?? 0 } };
}

const nothing = {} as never;
const text = async (body: unknown): Promise<string> => {
  if (body instanceof Uint8Array) return new TextDecoder().decode(body);
  const parts: Uint8Array[] = [];
  for await (const part of body as AsyncIterable<Uint8Array>) parts.push(part);
  return Buffer.concat(parts).toString('latin1');
};

it('a run of another machine says with its output, its lines and its files where the rest lies', async () => {
  const { handlers, params } = await runElsewhere();
  const where = expect.stringContaining('the machine "SÜD"');
  expect(await handlers.artifacts({ params } as never, nothing)).toMatchObject({
    machine: 'SÜD',
    note: where,
    artifacts: [],
  });
  const query = { from: undefined, limit: undefined, tail: undefined };
  expect(await handlers.outputLines({ params, query } as never, nothing)).toMatchObject({ note: where });
  expect(await handlers.searchOutput({ params, query: { text: 'end' } } as never, nothing)).toMatchObject({
    total: 1,
    note: where,
  });
  const output = await handlers.output({ params, query: {} } as never, nothing);
  expect(output).toMatchObject({ headers: { 'X-Output-Machine': 'S%C3%9CD' } });
  const file = (await handlers.downloadOutput({ params } as never, nothing)) as { body: unknown };
  expect(await text(file.body)).toMatch(/^\[It ran on the machine "SÜD".*\]\nthe end of it$/);
});

it('a run of this machine says nothing of the kind', async () => {
  const { handlers, params } = await runElsewhere('NORTH');
  expect(await handlers.artifacts({ params } as never, nothing)).toMatchObject({ machine: null, note: null });
  const file = (await handlers.downloadOutput({ params } as never, nothing)) as { body: unknown };
  expect(await text(file.body)).toBe('the end of it');
});
