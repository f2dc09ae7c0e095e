import { describe, expect, it } from 'vitest';
import { openSqliteStore } from '../../../../src-main/adapters/persistence/sqlite/open-sqlite-store';
import type { Delivery } from '../../../../src-main/core/ports/notifier';
import { fakeChannels } from '../../../support/fake-channels';
import { createTestCore, refusal, type TestCoreOptions } from '../../../support/test-core';

const minute = 60_000;
const hour = 60 * minute;
const day = 24 * hour;
const hourly = { type: 'cron', cron_params: { minute: 0 } };
const daily = (at: number) => ({ type: 'cron', cron_params: { hour: at, minute: 0 } });
const admin = [{ email: 'admin@company.com' }];
const failing = { status: 'failed', error_message: 'Disk full: 12 bytes missing', return_code: 3 } as const;

async function setUp(
  keys: Readonly<Record<string, unknown>>,
  configured: Parameters<typeof fakeChannels>[0] = {},
  options: TestCoreOptions = {},
) {
  const fake = fakeChannels(configured);
  const test = await createTestCore({ ...options, notifications: fake.ports });
  test.hand.answer = failing;
  await test.job({ job_id: 'load', name: 'Nightly load', schedule: hourly, ...keys });
  await test.core.start();
  await test.time.settle();
  const { notifications: notes } = test.core;
  if (!notes) throw new Error('the core has no notifications');
  return { ...test, fake, notes };
}

describe('a failure', () => {
  it('is told with the error line, since when, what changed, the next run and a link', async () => {
    const { time, fake } = await setUp({ notifications: { on_failure: admin } });
    await time.advance(hour);
    expect(fake.titles()).toEqual(['email admin@company.com: Nightly load failed']);
    const message = fake.sent[0]?.message;
    expect(message).toMatchObject({
      text: 'It failed with exit code 3 after 0 s.',
      error: 'Disk full: 12 bytes missing',
      link: 'http://scheduler:5000/executions/exec_1',
    });
    expect(Object.fromEntries(message?.facts ?? [])).toMatchObject({
      Since: '2026-03-02 09:00 (UTC)',
      'Last success': 'never',
      'Next run': '2026-03-02 10:00 (UTC)',
    });
  });

  it('of a job with a line break in its name adds no line to what it says (S54)', async () => {
    const { time, fake } = await setUp({
      name: 'Load\r\nNext run: never',
      notifications: { on_failure: admin },
    });
    await time.advance(hour);
    const { title, facts } = fake.sent[0]?.message ?? { title: '', facts: [] };
    expect(title).toBe('Load Next run: never failed');
    expect(Object.fromEntries(facts).Job).toBe('Load Next run: never (load)');
  });

  it('for silence is not called a time limit', async () => {
    const { time, fake, hand } = await setUp({ notifications: { on_failure: admin }, stalled_after: 10 });
    hand.answer = undefined;
    await time.advance(hour + minute);
    expect(fake.titles()).toEqual(['email admin@company.com: Nightly load stood still']);
    expect(fake.sent[0]?.message).toMatchObject({
      text: expect.stringMatching(/^It was ended after 1\d s, because it printed nothing for too long\.$/),
      error: 'No output for 10 seconds (stalled_after): ended',
    });
  });

  it('that comes again and again is told once, reminded of with its count, and its end is told once', async () => {
    const { time, fake, hand } = await setUp({
      notifications: { on_failure: admin, on_success: admin, remind_every: 4 * 3600 },
    });
    await time.advance(6 * hour);
    expect(fake.sent.map(({ message }) => message.title)).toEqual([
      'Nightly load failed',
      'Nightly load still fails: 4 failures in 4 h',
    ]);
    expect(fake.sent[1]?.message.text).toMatch(/failed 3 more times/);
    hand.answer = { status: 'success' };
    await time.advance(2 * hour);
    expect(fake.sent.slice(2).map(({ message }) => message.title)).toEqual([
      'Nightly load works again',
      'Nightly load succeeded',
    ]);
    expect(fake.sent[2]?.message.text).toMatch(/after 6 failures in 6 h/);
  });

  it('says what was changed since it last went well', async () => {
    const { core, time, fake, hand } = await setUp({ notifications: { on_failure: admin } });
    hand.answer = { status: 'success' };
    await time.advance(hour);
    hand.answer = failing;
    await time.advance(30 * minute);
    await core.jobs.update('load', { note: 'new' }, undefined, 'anna');
    await time.advance(hour);
    expect(Object.fromEntries(fake.sent[0]?.message.facts ?? [])['Changed since']).toMatch(
      /^the job was changed 2026-03-02 09:30/,
    );
  });

  it('is told from the third in a row on when that is asked for, and a success between counts anew', async () => {
    const { time, fake, hand } = await setUp({ notifications: { on_failure: admin, after_failures: 3 } });
    await time.advance(2 * hour);
    hand.answer = { status: 'success' };
    await time.advance(hour);
    hand.answer = failing;
    await time.advance(2 * hour);
    expect(fake.sent).toEqual([]);
    await time.advance(hour);
    expect(fake.titles()).toEqual(['email admin@company.com: Nightly load failed (3rd time in a row)']);
  });

  it('of an attempt that is tried again is told to on_retry alone', async () => {
    const { time, fake } = await setUp({
      max_retries: 1,
      retry_delay: 60,
      notifications: { on_failure: admin, on_retry: [{ slack: '#ops' }] },
    });
    await time.advance(hour);
    expect(fake.titles()).toEqual(['slack #ops: Nightly load failed and is tried again']);
    await time.advance(2 * minute);
    expect(fake.titles().slice(1)).toEqual(['email admin@company.com: Nightly load failed']);
    expect(fake.sent[1]?.message.text).toMatch(/attempt 2 of 2/);
  });
});

describe('who is told', () => {
  const configured = {
    defaults: { on_failure: [{ email: 'all@company.com' }] },
    by_tag: { night: { on_failure: [{ slack: '#night' }], after_failures: 1 } },
  };
  const toldOf = async (keys: Readonly<Record<string, unknown>>) => {
    const { time, fake } = await setUp(keys, configured);
    await time.advance(hour);
    return fake.sent.map(({ channel, target }) => `${channel} ${target}`).sort();
  };

  it('is what the defaults and its tags say when the job says nothing', async () => {
    expect(await toldOf({})).toEqual(['email all@company.com']);
    expect(await toldOf({ tags: ['night', 'constructor'] })).toEqual([
      'email all@company.com',
      'slack #night',
    ]);
  });

  it('is the job’s own list when it has one, and nobody when that is empty', async () => {
    expect(await toldOf({ tags: ['night'], notifications: { on_failure: admin } })).toEqual([
      'email admin@company.com',
    ]);
    expect(await toldOf({ notifications: { on_failure: [] } })).toEqual([]);
    expect(await toldOf({ notifications: { use_defaults: false } })).toEqual([]);
  });
});

describe('the outbox', () => {
  const refused: Delivery = { kind: 'failed', error: 'no answer', isFinal: false };

  it('tries again, longer and longer apart, and gives up in the end', async () => {
    const { core, time, fake, logger, notes } = await setUp(
      { schedule: null, notifications: { on_failure: admin } },
      { giveUpAfterSeconds: 4 * 3600 },
    );
    fake.answer = async () => refused;
    await core.queue.runNow({
      job: core.jobs.get('load'),
      trigger: 'manual',
      scheduled_time: null,
      retry_count: 0,
      first_execution_id: null,
      requested_by: 'x',
    });
    await time.advance(0);
    expect(fake.sent).toHaveLength(1);
    await time.advance(29_000);
    expect(fake.sent).toHaveLength(1);
    await time.advance(1000);
    expect(fake.sent).toHaveLength(2);
    const [entry] = await notes.list({}, { limit: 1, offset: 0 });
    expect(entry).toMatchObject({ state: 'waiting', attempts: 2, note: 'no answer' });
    await time.advance(6 * hour);
    const [last] = await notes.list({}, { limit: 1, offset: 0 });
    expect(last).toMatchObject({ state: 'failed', next_attempt: null });
    expect(fake.sent.length).toBeGreaterThan(8);
    expect(new Set(fake.sent.map(({ id }) => id)).size).toBe(1);
    expect(logger.lines.some(({ message }) => /given up: no answer/.test(message))).toBe(true);
  });

  it('gives up at once what can never be sent, and sends it when somebody asks for it again', async () => {
    const { time, fake, notes } = await setUp({ notifications: { on_failure: admin, remind_every: 0 } });
    fake.answer = async () => ({ ...refused, isFinal: true });
    await time.advance(5 * hour);
    expect(fake.sent).toHaveLength(1);
    const [entry] = await notes.list({}, { limit: 9, offset: 0 });
    fake.answer = undefined;
    await notes.retry(String(entry?.notification_id));
    await time.settle();
    expect(fake.sent).toHaveLength(2);
    expect((await refusal(notes.retry(String(entry?.notification_id)))).code).toBe('conflict');
    expect((await refusal(notes.retry('none'))).code).toBe('not_found');
  });

  it('lets a channel that hangs keep nobody waiting: neither jobs nor other channels', async () => {
    const { time, fake, rows } = await setUp({
      notifications: { on_failure: [{ webhook: 'https://dead.example/' }, ...admin], on_success: admin },
    });
    fake.answer = ({ channel }) =>
      channel === 'webhook' ? new Promise(() => undefined) : Promise.resolve({ kind: 'sent' });
    await time.advance(3 * hour);
    expect((await rows()).map(({ status }) => status)).toEqual(['failed', 'failed', 'failed']);
    expect(fake.titles()).toContain('email admin@company.com: Nightly load failed');
  });

  it('sends after a restart what was waiting or on its way, under the same id, and never what was sent', async () => {
    const store = await openSqliteStore({ file: ':memory:' });
    const kept = { ...store, close: async () => undefined };
    const first = await setUp(
      { notifications: { on_failure: [...admin, { slack: '#ops' }] } },
      {},
      { store: kept },
    );
    first.fake.answer = async ({ channel }) =>
      channel === 'email' ? { kind: 'sent' } : new Promise(() => undefined);
    await first.time.advance(hour);
    expect(first.fake.sent).toHaveLength(2);
    const id = first.fake.sent.find(({ channel }) => channel === 'slack')?.id;

    const fake = fakeChannels();
    const second = await createTestCore({
      store: kept,
      start: '2026-03-02T09:00:10Z',
      notifications: fake.ports,
    });
    await second.core.start();
    await second.time.settle();
    expect(fake.sent.map((one) => `${one.channel} ${one.id}`)).toEqual([`slack ${id}`]);
  });

  it('tells many jobs that fail together in a few messages', async () => {
    const { time, fake, job, notes } = await setUp({}, { defaults: { on_failure: admin } });
    for (let number = 0; number < 60; number += 1) await job({ job_id: `job_${number}`, schedule: hourly });
    await time.advance(hour + 2 * minute);
    expect(fake.sent.length).toBeLessThanOrEqual(6);
    expect(fake.sent.at(-1)?.message.title).toMatch(/^\d+ messages about \d+ jobs$/);
    expect(await notes.counts({})).toEqual({ sent: 61 });
  });

  it('keeps secrets out of what it stores and sends', async () => {
    const { core, time, fake, hand, store } = await setUp({ notifications: { on_failure: admin } });
    await core.secrets.put('token', 'canary-1234567', 'tester');
    hand.answer = { status: 'failed', error_message: 'login with canary-1234567 refused' };
    await time.advance(hour);
    expect(fake.sent).toHaveLength(1);
    expect(JSON.stringify(fake.sent)).not.toContain('canary');
    expect(JSON.stringify(await store.notifications.list({}, { limit: 9, offset: 0 }))).not.toContain(
      'canary',
    );
  });

  it('loses nothing while the store is away', async () => {
    let isAway = false;
    const { time, fake } = await setUp(
      { notifications: { on_failure: admin } },
      {},
      {
        wrapStore: (store) => ({
          ...store,
          check: async () => {
            if (isAway) throw new Error('away');
          },
          transaction: (work) =>
            store.transaction((inside) =>
              work({
                ...inside,
                notifications: {
                  ...inside.notifications,
                  add: (record) =>
                    isAway ? Promise.reject(new Error('away')) : inside.notifications.add(record),
                },
              }),
            ),
        }),
      },
    );
    isAway = true;
    await time.advance(hour + 20 * minute);
    expect(fake.sent).toHaveLength(0);
    isAway = false;
    await time.advance(minute);
    expect(fake.titles()).toEqual(['email admin@company.com: Nightly load failed']);
  });
});

describe('what does not happen', () => {
  const ops = [{ slack: '#ops' }];

  it('is told when runs were missed', async () => {
    const { time, fake } = await setUp({ misfire_grace_time: 60, notifications: { on_missed: ops } });
    await time.advance(hour);
    time.freeze(3 * hour + 30 * minute, 'both');
    await time.advance(minute);
    expect(fake.titles()).toEqual(['slack #ops: Nightly load missed 3 planned runs']);
    expect(fake.sent[0]?.message.text).toMatch(/stood still/);
    expect(Object.fromEntries(fake.sent[0]?.message.facts ?? [])['Next run']).toMatch(/^2026-03-02 \d\d:00/);
  });

  it('is told when a planned run has not begun, with the reason, once for a standstill, and reminded of', async () => {
    const { core, time, fake } = await setUp({
      notifications: { on_not_run_by: ops, remind_every: 4 * 3600 },
    });
    await core.scheduler.pause('anna');
    await time.advance(hour + 4 * minute);
    expect(fake.sent).toHaveLength(0);
    await time.advance(2 * minute);
    expect(fake.titles()).toEqual(['slack #ops: Nightly load has not run']);
    expect(fake.sent[0]?.message.text).toMatch(/planned for 2026-03-02 09:00 .* paused by anna/);
    await time.advance(3 * hour + 50 * minute);
    expect(fake.sent).toHaveLength(1);
    await time.advance(hour);
    expect(fake.sent).toHaveLength(2);
    expect(fake.sent[1]?.message.text).toMatch(
      /planned for 2026-03-02 13:00 .* nor has any since 2026-03-02 09:00/,
    );
    // It went on, and stands still again: that is another one.
    await core.scheduler.resume('anna');
    await time.advance(2 * hour);
    await core.scheduler.pause('anna');
    await time.advance(hour + 6 * minute);
    expect(fake.sent.filter(({ message }) => message.kind === 'not_run_by')).toHaveLength(3);
  });

  it('is told when it is not done by the time it must be, and that it is done after all', async () => {
    const { time, fake, hand } = await setUp({
      schedule: daily(9),
      timeout: 0,
      must_finish_by: '11:00',
      notifications: { on_failure: ops },
    });
    hand.answer = undefined;
    await time.advance(2 * hour + 59 * minute);
    expect(fake.sent).toHaveLength(0);
    await time.advance(2 * minute);
    expect(fake.titles()).toEqual(['slack #ops: Nightly load is not done by 11:00']);
    expect(fake.sent[0]?.message.text).toMatch(/running since 2026-03-02 09:00/);
    hand.runs[0]?.end({ status: 'success' });
    await time.advance(minute);
    expect(fake.titles().slice(1)).toEqual(['slack #ops: Nightly load has succeeded after all']);
    hand.answer = { status: 'success' };
    await time.advance(day);
    expect(fake.sent).toHaveLength(2);
  });

  it('is told when there was no success for too long, once', async () => {
    const { time, fake, hand } = await setUp({
      expect_success_every: 4 * 3600,
      notifications: { on_not_run_by: ops },
    });
    hand.answer = { status: 'success' };
    await time.advance(2 * hour);
    hand.answer = failing;
    await time.advance(3 * hour);
    expect(fake.sent).toHaveLength(0);
    await time.advance(9 * hour);
    expect(fake.titles()).toEqual([expect.stringMatching(/no success for 4 h/)]);
    expect(fake.sent[0]?.message.text).toMatch(/last success was 2026-03-02 10:00/);
  });

  it('is left alone when a holiday set, or the job itself being disabled, wants it so', async () => {
    const { core, time, fake } = await setUp({ notifications: { on_not_run_by: ops } });
    await core.jobs.setEnabled('load', false, 'anna');
    await time.advance(3 * hour);
    expect(fake.sent).toHaveLength(0);
  });
});

describe('a run of unusual length', () => {
  /** Ten weeks of daily runs: 20 minutes on Mondays, one minute on other days. */
  async function learnt(keys: Readonly<Record<string, unknown>>) {
    const test = await setUp({ schedule: daily(9), timeout: 0, ...keys });
    test.hand.answer = { status: 'success' };
    const monday = Date.parse('2025-12-15T09:00:00Z');
    for (let index = 0; index < 77; index += 1) {
      const start_time = monday + index * day;
      const seconds = index % 7 === 0 ? 1200 : 60;
      await test.store.executions.insert({
        job_id: 'load',
        job_name: 'Nightly load',
        status: 'success',
        trigger: 'schedule',
        scheduled_time: start_time,
        start_time,
        end_time: start_time + seconds * 1000,
        duration_seconds: seconds,
        retry_count: 0,
        max_retries: 0,
        metadata: {},
        owner: null,
        slot_key: null,
      });
    }
    return test;
  }

  it('is told by what is usual on its weekday', async () => {
    const { time, fake, hand } = await learnt({ notifications: { on_long_running: admin } });
    hand.answer = undefined;
    // Monday: 20 minutes are usual.
    await time.advance(hour + 30 * minute);
    expect(fake.sent).toHaveLength(0);
    await time.advance(15 * minute);
    expect(fake.titles()).toEqual([expect.stringMatching(/still running after 40 min/)]);
    expect(fake.sent[0]?.message.text).toMatch(/Usual on Mondays are 20 min/);
    hand.runs[0]?.end({ status: 'success' });
    // Tuesday: one minute is.
    await time.advance(day - 45 * minute + 3 * minute);
    expect(fake.sent).toHaveLength(2);
    expect(fake.sent[1]?.message.text).toMatch(/Usual on Tuesdays are 60 s|Usual on Tuesdays are 1 min/);
  });

  it('is told by the job’s own limit, to those who hear of failures', async () => {
    const { time, fake, hand } = await setUp({
      long_running_after: 300,
      timeout: 0,
      notifications: { on_failure: admin },
    });
    hand.answer = undefined;
    await time.advance(hour + 4 * minute);
    expect(fake.sent).toHaveLength(0);
    await time.advance(2 * minute);
    expect(fake.titles()).toEqual([expect.stringMatching(/still running/)]);
  });

  it('is told when a success came suspiciously soon', async () => {
    const { time, fake } = await learnt({ notifications: { on_short_run: admin } });
    await time.advance(hour);
    expect(fake.titles()).toEqual(['email admin@company.com: Nightly load was done suspiciously soon']);
  });
});

describe('the heartbeat', () => {
  it('beats while the program is well and schedules, and is silent while it does not', async () => {
    let beats = 0;
    const fake = fakeChannels();
    const test = await createTestCore({
      notifications: {
        ...fake.ports,
        heartbeat: {
          everySeconds: 60,
          describe: 'monitor',
          async beat() {
            beats += 1;
            return undefined;
          },
        },
      },
    });
    await test.core.start();
    await test.time.advance(3 * minute);
    expect(beats).toBe(4);
    await test.core.scheduler.pause('anna');
    await test.time.advance(5 * minute);
    expect(beats).toBe(4);
    await test.core.scheduler.resume('anna');
    await test.time.advance(minute);
    expect(beats).toBe(5);
  });
});

describe('a test message', () => {
  it('is sent at once and past the outbox, and refused to targets inside the network', async () => {
    const { core, fake, notes } = await setUp({});
    expect(await notes.test({ email: 'me@company.com' }, core.jobs.get('load'))).toEqual({
      kind: 'sent',
    });
    expect(fake.titles()).toEqual(['email me@company.com: Test: notifications of Nightly load']);
    for (const webhook of ['http://127.0.0.1:5000/', 'http://169.254.169.254/', 'file:///etc/passwd'])
      expect((await refusal(notes.test({ webhook }, undefined))).code).toBe('validation_failed');
    expect((await refusal(notes.test({ email: 'a@b\r\nBcc: c@d' }, undefined))).code).toBe(
      'validation_failed',
    );
  });
});

describe('targets of a job', () => {
  it('that must not be sent to are refused when it is saved', async () => {
    const { job } = await setUp({});
    const saving = (recipient: unknown) =>
      refusal(job({ job_id: 'other', notifications: { on_failure: [recipient] } })).then(
        ({ message }) => message,
      );
    expect(await saving({ webhook: 'http://[::ffff:a9fe:a9fe]/' })).toMatch(
      /on_failure\[0\]\.webhook leads to/,
    );
    expect(await saving({ webhook: 'gopher://x/' })).toMatch(/begins with gopher:/);
    expect(await saving({ email: ['a@b.cc', 'x\r\nBcc: y@z'] })).toMatch(/holds a line break/);
  });

  it('that are stored and refused by now do not keep the job from running', async () => {
    const store = await openSqliteStore({ file: ':memory:' });
    const now = Date.parse('2026-03-02T07:00:00Z');
    await store.jobs.insert({
      job_id: 'load',
      name: 'Nightly load',
      job_type: 'hand',
      enabled: true,
      created_date: now,
      modified_date: now,
      created_by: 'x',
      yaml_text: null,
      source: null,
      source_digest: null,
      configuration: JSON.stringify({
        job_id: 'load',
        name: 'Nightly load',
        job_type: 'hand',
        schedule: hourly,
        notifications: { on_failure: [{ webhook: 'http://10.0.0.8/' }] },
      }),
    });
    const fake = fakeChannels();
    const { core, time, rows, hand } = await createTestCore({ store, notifications: fake.ports });
    hand.answer = { status: 'success' };
    await core.start();
    await time.advance(hour);
    expect((await rows()).map(({ status }) => status)).toEqual(['success']);
    expect(core.jobs.get('load').definition.notifications?.on_failure).toHaveLength(1);
  });
});

describe('the daily check', () => {
  const report = {
    checked_at: '2026-03-02T16:00:00Z',
    duration_seconds: 1,
    text: '1 job will fail within 24 hours',
    checked: 2,
    failing: 1,
    failing_soon: 1,
    machine: [],
    jobs: [
      {
        job_id: 'load',
        name: 'Nightly load',
        job_type: 'hand',
        next_run_time: null,
        findings: [
          { kind: 'program', severity: 'error', message: 'There is no bcp', fix: 'install it' } as const,
        ],
      },
    ],
  };

  it('is told once to those who hear of failures, and not at all when all is well', async () => {
    const { time, fake, notes } = await setUp({ enabled: false }, { defaults: { on_failure: admin } });
    for (let times = 0; times < 2; times += 1) {
      notes.noteCheck(report);
      await time.settle();
    }
    notes.noteCheck({ ...report, failing: 0, jobs: [], text: 'All 2 jobs can run' });
    await time.advance(minute);
    expect(fake.titles()).toEqual(['email admin@company.com: 1 job will fail within 24 hours']);
    expect(fake.sent[0]?.message).toMatchObject({
      kind: 'doctor',
      text: 'The daily check found:\n- Nightly load: There is no bcp; install it',
      link: 'http://scheduler:5000/scheduler?tab=check',
    });
  });
});
