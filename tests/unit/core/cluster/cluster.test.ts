import { describe, expect, it } from 'vitest';
import { placementOf } from '../../../../src-main/core/cluster/placement';
import { createFakeServer } from '../../../support/fake-cluster';
import { createFakeTime } from '../../../support/fake-time';
import { createTestCore } from '../../../support/test-core';

const minutely = { type: 'cron', cron_params: { minute: '*' } };

/** Two machines with the same jobs, each with a store of its own, on one server and one clock. */
async function twoMachines() {
  const server = createFakeServer();
  const time = createFakeTime('2026-03-02T08:00:30Z');
  const [north, south] = [server.machine('NORTH', ['etl']), server.machine('SOUTH')];
  const a = await createTestCore({ time, cluster: north });
  const b = await createTestCore({ time, cluster: south });
  await a.core.start();
  await b.core.start();
  const job = async (keys: Readonly<Record<string, unknown>>) => {
    await a.job(keys);
    await b.job(keys);
  };
  return { server, time, north, south, a, b, job };
}

describe('where a job may run', () => {
  const here = { node: 'NORTH', tags: ['etl'] };

  it('is anywhere without a word about it', () => {
    expect(placementOf(undefined, here)).toBe('shared');
  });

  it('is bound to the one machine it names, in either case of letters', () => {
    expect(placementOf(['north'], here)).toBe('bound');
    expect(placementOf(['south'], here)).toBe('elsewhere');
  });

  it('is shared by several names, and by a tag that others may have too', () => {
    expect(placementOf(['NORTH', 'SOUTH'], here)).toBe('shared');
    expect(placementOf(['ETL'], here)).toBe('shared');
    expect(placementOf(['etl'], { node: 'SOUTH', tags: [] })).toBe('elsewhere');
  });
});

describe('machines that share a schedule', () => {
  it('run a slot once, on whichever claimed it', async () => {
    const { time, a, b, job } = await twoMachines();
    await job({ job_id: 'shared', schedule: minutely });
    await time.advance(60_000);
    expect(a.hand.runs.length + b.hand.runs.length).toBe(1);
    expect((await a.rows()).length + (await b.rows()).length).toBe(1);
  });

  it('count what runs on the other machine as an overlap', async () => {
    const { time, a, b, north, south, job } = await twoMachines();
    await job({ job_id: 'shared', schedule: minutely });
    for (const machine of [north, south]) machine.elsewhere.set('shared', 1);
    await time.advance(60_000);
    const rows = [...(await a.rows()), ...(await b.rows())];
    expect(rows.map((row) => row.status)).toEqual(['skipped']);
    expect(rows[0]?.error_message).toMatch(/overlap/);
  });

  it('write of a slot that does not run only once', async () => {
    const { time, a, b, job } = await twoMachines();
    await job({ job_id: 'late', schedule: minutely, misfire_grace_time: 10 });
    time.freeze(300_000, 'both');
    await time.advance(31_000);
    const rows = [...(await a.rows()), ...(await b.rows())].filter((row) => row.status === 'missed');
    expect(rows.length).toBe(1);
  });

  it('agree on where an interval counts from', async () => {
    const { time, a, b, north } = await twoMachines();
    const every = { type: 'interval', interval_params: { seconds: 60 } };
    await a.job({ job_id: 'often', schedule: every });
    await time.advance(7000);
    await b.job({ job_id: 'often', schedule: every });
    await time.advance(180_000);
    const slots = [...(await a.rows()), ...(await b.rows())].map((row) => row.scheduled_time);
    expect(new Set(slots).size).toBe(slots.length);
    const anchor = north.anchors.get('often') ?? 0;
    expect(slots.every((slot) => ((slot ?? 0) - anchor) % 60_000 === 0)).toBe(true);
  });

  it('leave a job to the machine it names, and hand it over when somebody starts it elsewhere', async () => {
    const { time, a, b, job } = await twoMachines();
    await job({ job_id: 'there', schedule: minutely, runs_on: ['SOUTH'] });
    await time.advance(60_000);
    expect([a.hand.runs.length, b.hand.runs.length]).toEqual([0, 1]);
    const there = a.core.registry.get('there');
    if (!there) throw new Error('no job');
    const started = await a.core.queue.runNow({
      job: there,
      trigger: 'manual',
      scheduled_time: null,
      retry_count: 0,
      first_execution_id: null,
      requested_by: 'admin',
    });
    expect(started.status).toBe('pending');
    expect(a.hand.runs).toEqual([]);
    const [row] = await a.rows();
    expect(row?.owner).toBe('open');
  });
});

describe('a machine whose server is away', () => {
  it('goes on with what is bound to it, and catches up the rest by its own rule, with the reason', async () => {
    const { time, a, north, job } = await twoMachines();
    await job({ job_id: 'mine', schedule: minutely, runs_on: ['NORTH'] });
    await job({ job_id: 'shared', schedule: minutely, runs_on: ['NORTH', 'EAST'] });
    a.hand.answer = { status: 'success' };
    north.away = { since: time.clock.now(), reason: 'refused' };
    north.host?.standing();
    await time.advance(180_000);
    const during = await a.rows();
    expect(during.map((row) => row.job_id)).toEqual(['mine', 'mine', 'mine']);
    const shared = a.core.registry.get('shared');
    if (!shared) throw new Error('no job');
    const range = { from: time.clock.now() - 200_000, to: time.clock.now(), limit: 10 };
    const [waiting] = (await a.core.ledger.slots(shared, range)).slots;
    expect([waiting?.fate, waiting?.reason]).toEqual([
      'pending',
      expect.stringMatching(/^Waits for the database/),
    ]);
    north.away = undefined;
    north.host?.standing();
    await time.advance(1000);
    const rows = (await a.rows({ job_id: 'shared' })).map((row) => [row.status, row.metadata.reason]);
    expect(rows).toContainEqual(['missed', 'server_away']);
    expect(rows).toContainEqual(['success', undefined]);
    const missed = (await a.rows({ job_id: 'shared', status: ['missed'] }))[0];
    expect(missed?.error_message).toMatch(/database that the machines share was away .*refused/);
  });
});

describe('a run that is not this machine’s any more', () => {
  it('is ended, and nothing is recorded of it', async () => {
    const { time, a, north, job } = await twoMachines();
    await job({ job_id: 'mine', schedule: minutely, runs_on: ['NORTH', 'EAST'] });
    await time.advance(60_000);
    const [row] = await a.rows();
    north.host?.lose([row?.execution_id ?? 0]);
    await time.settle();
    expect(a.hand.runs[0]?.context.signal.aborted).toBe(true);
    expect((await a.rows())[0]?.status).toBe('running');
    expect(a.core.queue.status().running).toBe(0);
  });

  it('does not begin when another machine was quicker', async () => {
    const server = createFakeServer();
    const north = server.machine('NORTH');
    const a = await createTestCore({ cluster: north });
    await a.core.start();
    await a.job({ job_id: 'one', schedule: minutely });
    north.refusesToBegin = true;
    await a.time.advance(61_000);
    expect(server.slots.size).toBe(1);
    expect(a.hand.runs).toEqual([]);
    expect(a.core.queue.live()).toEqual([]);
  });

  it('has a row that another machine may take until it has begun', async () => {
    const { server, time, a, job } = await twoMachines();
    await job({ job_id: 'shared', schedule: minutely, runs_on: ['NORTH', 'EAST'] });
    await time.advance(60_000);
    expect(server.rows.map(({ status, owner }) => [status, owner])).toEqual([['pending', a.instance]]);
    expect((await a.rows()).map(({ status }) => status)).toEqual(['running']);
  });

  it('begins here under its own id when it was waiting on a machine that is gone', async () => {
    const { time, a, b, south, job } = await twoMachines();
    await job({ job_id: 'shared' });
    const shared = a.core.registry.get('shared');
    if (!shared) throw new Error('no job');
    const at = time.clock.now();
    const id = await b.store.executions.insert({
      job_id: 'shared',
      job_name: 'shared',
      status: 'pending',
      trigger: 'schedule',
      scheduled_time: at,
      start_time: at,
      retry_count: 0,
      max_retries: 0,
      metadata: {},
      owner: 'gone',
      slot_key: 'x',
      machine: 'NORTH',
    });
    const row = await b.store.executions.get(id ?? 0);
    if (!row) throw new Error('no row');
    expect(south.host?.verdict(row)).toBe('take');
    expect(south.host?.verdict({ ...row, trigger: 'manual' })).toBe('end');
    south.host?.resume(row);
    await time.settle();
    expect(b.hand.runs[0]?.context.execution_id).toBe(id);
    b.hand.runs[0]?.end({ status: 'success' });
    await time.advance(100);
    expect((await b.store.executions.get(id ?? 0))?.status).toBe('success');
  });

  it('does not begin on the machine that takes it over when not_after has passed', async () => {
    const { time, b, south } = await twoMachines();
    await b.job({
      job_id: 'night',
      schedule: { type: 'cron', cron_params: { hour: '7' } },
      not_after: '08:00',
    });
    const slot = Date.parse('2026-03-02T07:00:00Z');
    const id = await b.store.executions.insert({
      job_id: 'night',
      job_name: 'night',
      status: 'pending',
      trigger: 'schedule',
      scheduled_time: slot,
      start_time: slot,
      retry_count: 0,
      max_retries: 0,
      metadata: {},
      owner: 'gone',
      slot_key: 'x',
      machine: 'NORTH',
    });
    const row = await b.store.executions.get(id ?? 0);
    if (!row) throw new Error('no row');
    south.host?.resume(row);
    await time.advance(100);
    expect(b.hand.runs).toEqual([]);
    const ended = await b.store.executions.get(id ?? 0);
    expect([ended?.status, ended?.error_message]).toEqual([
      'missed',
      expect.stringContaining('not_after is 2026-03-02 08:00 UTC'),
    ]);
  });
});

describe('machines that share the work', () => {
  it('leave a slot to the one whose turn it is, and run it when that one does not', async () => {
    const { time, a, b, north, south, job } = await twoMachines();
    await job({ job_id: 'shared', schedule: minutely });
    north.turnMs = 400;
    await time.advance(30_000);
    expect([a.hand.runs.length, b.hand.runs.length]).toEqual([0, 1]);
    await time.advance(1000);
    expect([a.hand.runs.length, b.hand.runs.length]).toEqual([0, 1]);
    b.hand.runs[0]?.end({ status: 'success' });
    south.turnMs = 30_000;
    await time.advance(59_399);
    expect(a.hand.runs.length).toBe(0);
    await time.advance(2);
    expect([a.hand.runs.length, b.hand.runs.length]).toEqual([1, 1]);
  });

  it('claim nothing without a free place: another has time to, and then the row is for whoever has a place first', async () => {
    const server = createFakeServer();
    const a = await createTestCore({ cluster: server.machine('NORTH'), threadPoolSize: 1 });
    await a.core.start();
    await a.job({ job_id: 'one', schedule: minutely });
    await a.job({ job_id: 'two', schedule: minutely });
    await a.time.advance(60_000);
    expect([a.hand.runs.length, server.slots.size]).toEqual([1, 1]);
    await a.time.advance(899);
    expect(server.slots.size).toBe(1);
    await a.time.advance(1);
    expect(server.rows.map(({ owner }) => owner === 'open')).toEqual([false, true]);
    expect(a.core.queue.live().length).toBe(1);
    expect(a.core.queue.places()).toBe(0);
  });

  it('leave nothing to others of a job that may hardly start late', async () => {
    const { time, a, north, job } = await twoMachines();
    await job({ job_id: 'strict', schedule: minutely, misfire_grace_time: 1, runs_on: ['NORTH', 'EAST'] });
    north.turnMs = 5000;
    await time.advance(30_000);
    expect(a.hand.runs.length).toBe(1);
  });
});
