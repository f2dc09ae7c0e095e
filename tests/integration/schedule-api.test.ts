import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { sharedProgram } from '../support/program';

const jobs = `version: '2.0'
jobs:
  - id: tick
    name: Tick
    type: command
    command: node
    arguments: [-e, '1']
    tags: [quick]
    max_instances: 20
    schedule: {type: cron, timezone: UTC, cron_params: {second: '*'}}
  - id: nightly
    name: Nightly
    type: command
    command: node
    arguments: [-e, '1']
    schedule: {type: cron, timezone: UTC, cron_params: {hour: 3, minute: 0}}
  - id: by_hand
    name: By hand
    type: command
    command: node
    arguments: [-e, '1']
  - id: expectant
    name: Expectant
    type: command
    command: node
    arguments: [-e, '1']
    exclude: [not_yet]
    schedule: {type: cron, timezone: UTC, cron_params: {hour: 3, minute: 0}}
`;

interface Slot {
  readonly scheduled_time: string;
  readonly fate: string;
  readonly reason?: string;
  readonly status?: string;
  readonly execution_id?: string;
  readonly count?: number;
  readonly first_scheduled_time?: string;
  readonly last_scheduled_time?: string;
}

const program = sharedProgram((folder) => {
  const config = join(folder, 'jobs.yaml');
  writeFileSync(config, jobs);
  return { dataFolder: join(folder, 'data'), config };
});
const api = (...call: Parameters<ReturnType<typeof program>['api']>) => program().api(...call);

const dayMs = 86_400_000;
const iso = (instant: number) => new Date(instant).toISOString();
const inDays = (days: number) => iso(Date.now() + days * dayMs);
const errorOf = async (...call: Parameters<typeof api>) => {
  const { status, body } = await api(...call);
  return `${status} ${body.error?.message}`;
};
const slotsOf = async (job_id: string, from: string, to: string): Promise<readonly Slot[]> => {
  const { status, body } = await api('GET', `/api/jobs/${job_id}/slots?from=${from}&to=${to}`);
  if (status !== 200) throw new Error(`${status} ${JSON.stringify(body)}`);
  return body.slots;
};
const whyOf = async (job_id: string, at: string) =>
  (await api('GET', `/api/jobs/${job_id}/why?at=${encodeURIComponent(at)}`)).body;
const nextRunOf = async (job_id: string): Promise<string | null> =>
  (await api('GET', `/api/jobs/${job_id}`)).body.job.next_run_time;
/** Planned instants in these slots; a stretch stands for many. */
const countOf = (slots: readonly Slot[]) => slots.reduce((sum, slot) => sum + (slot.count ?? 1), 0);

/** Until the job has ended runs of slots behind an instant. */
const ranSince = (from: string, count: number) =>
  program().until(async () => {
    const ran = (await slotsOf('tick', from, iso(Date.now()))).filter((slot) => slot.fate === 'ran');
    return ran.length >= count && ran;
  }, `${count} runs since ${from}`);

/** What all tests look back on: some runs, a pause of a few seconds, and runs again. */
const past = { from: '', pausedFrom: '', resumedAt: '', whilePaused: [] as readonly Slot[] };

beforeAll(async () => {
  past.from = iso(Date.now());
  await ranSince(past.from, 2);
  past.pausedFrom = iso(Date.now());
  await api('POST', '/api/scheduler/pause', { reason: 'patching' });
  past.whilePaused = await program().until(async () => {
    const held = (await slotsOf('tick', past.pausedFrom, iso(Date.now()))).filter(
      (slot) => slot.fate === 'withheld',
    );
    return countOf(held) >= 3 && held;
  }, 'slots that a pause holds');
  await api('POST', '/api/scheduler/resume');
  past.resumedAt = iso(Date.now());
  await ranSince(past.resumedAt, 1);
}, 120_000);

describe('the slots of a job', () => {
  it('are past and future in one list, and none is left out or told twice', async () => {
    const { status, body } = await api(
      'GET',
      `/api/jobs/tick/slots?from=${past.from}&to=${iso(Date.now() + 5000)}`,
    );
    expect(status).toBe(200);
    expect(body).toMatchObject({ job_id: 'tick', timezone: 'UTC', truncated: false });
    const slots: readonly Slot[] = body.slots;
    const times = slots.map((slot) => Date.parse(slot.scheduled_time));
    expect(times).toEqual([...times].sort((a, b) => a - b));
    for (const slot of slots) {
      const secondsAhead = (Date.parse(slot.scheduled_time) - Date.parse(body.now)) / 1000;
      if (slot.fate === 'planned') expect(secondsAhead).toBeGreaterThan(0);
      // Within a second of now it may be due, or running, by the time the list is made.
      if (secondsAhead > 1) expect(slot).toMatchObject({ fate: 'planned' });
      if (secondsAhead > 1) expect(slot.execution_id).toBeUndefined();
    }
    expect(slots.filter((slot) => slot.fate === 'planned').length).toBeGreaterThanOrEqual(4);
    expect(slots.find((slot) => slot.fate === 'ran')).toMatchObject({
      status: 'success',
      execution_id: expect.stringMatching(/^exec_\d+$/),
      started_at: expect.any(String),
      ended_at: expect.any(String),
    });
    const first = Math.ceil(Date.parse(body.from) / 1000);
    expect(countOf(slots)).toBe(Math.floor(Date.parse(body.to) / 1000) - first + 1);
  });

  it('say while the scheduler is paused who paused it and why', () => {
    expect(past.whilePaused).toEqual([
      expect.objectContaining({ reason: expect.stringMatching(/^The scheduler is paused by .*: patching/) }),
    ]);
  });

  it('are those nearest to now when there are more than asked for', async () => {
    const { body } = await api('GET', `/api/jobs/tick/slots?from=${past.from}&limit=4`);
    expect(body.truncated).toBe(true);
    expect(body.slots).toHaveLength(4);
    for (const slot of body.slots)
      expect(Math.abs(Date.parse(slot.scheduled_time) - Date.parse(body.now))).toBeLessThan(60_000);
  });

  it('are none for a job without a schedule', async () => {
    expect(await slotsOf('by_hand', past.from, inDays(1))).toEqual([]);
  });

  it('are refused for a job that is not there and for stretches that make no sense', async () => {
    const ask = (query: string, job_id = 'tick') => errorOf('GET', `/api/jobs/${job_id}/slots?${query}`);
    expect(await ask('', 'nobody')).toMatch(/^404 .*"nobody"/);
    expect(await ask('from=2026-02-02&to=2026-02-01')).toMatch(
      /^400 to \(2026-02-01.*\) lies before from \(2026-02-02/,
    );
    expect(await ask('from=2020-01-01&to=2026-01-01')).toMatch(/^400 .*370 days/);
    expect(await ask('from=yesterday')).toMatch(/^400 .*yesterday.*expected an instant/);
  });
});

describe('the answer to why', () => {
  it('names the run of a slot that ran', async () => {
    const [ran] = await ranSince(past.from, 1);
    const answer = await whyOf('tick', ran?.scheduled_time ?? '');
    expect(answer.answer).toMatch(/^The run planned for .* started .* and ended as success \(exec_\d+\)/);
    expect(answer.slot).toMatchObject({ fate: 'ran', execution_id: ran?.execution_id });
    expect(answer.next).not.toBeNull();
  });

  it('names the pause, who made it and why, for each slot of it', async () => {
    const skipped = (await slotsOf('tick', past.pausedFrom, past.resumedAt)).filter(
      (slot) => slot.fate === 'skipped',
    );
    expect(countOf(skipped)).toBeGreaterThanOrEqual(2);
    for (const at of [skipped[0]?.first_scheduled_time, skipped.at(-1)?.last_scheduled_time]) {
      const { answer, slot } = await whyOf('tick', at ?? '');
      expect(answer).toMatch(/was skipped\. The scheduler was paused by .*: patching from /);
      expect(slot.fate).toBe('skipped');
    }
  });

  it('tells of a slot that lies ahead', async () => {
    const { answer, slot } = await whyOf('nightly', (await nextRunOf('nightly')) ?? '');
    expect(answer).toMatch(/^A run is planned for .* 03:00/);
    expect(slot).toMatchObject({ fate: 'planned' });
  });

  it('tells of an instant that is no slot what lies around it', async () => {
    const day = inDays(2).slice(0, 10);
    const answer = await whyOf('nightly', `${day} 04:30`);
    expect(answer.slot).toBeNull();
    expect(answer.answer).toMatch(/^Nothing is planned for .* 04:30.*: Job "nightly" runs /);
    expect(answer.answer).toContain(`Before it: ${day} 03:00 (planned). After it: ${inDays(3).slice(0, 10)}`);
    expect((await whyOf('nightly', '2001-01-01 03:00')).answer).toMatch(/did not exist at 2001-01-01 03:00/);
    expect((await whyOf('by_hand', `${day} 03:00`)).answer).toMatch(/"by_hand" has no schedule/);
  });

  it('is refused when the instant cannot be read', async () => {
    expect(await errorOf('GET', '/api/jobs/nightly/why?at=tea-time')).toMatch(/^400 at .*tea-time.*expected/);
    expect(await errorOf('GET', '/api/jobs/nightly/why')).toMatch(/^400 .*at/);
  });
});

describe('the forecast', () => {
  const forecast = (query: string) => api('GET', `/api/schedule/forecast?${query}`);

  it('tells planned runs with what they are expected to take, learnt from runs there were', async () => {
    const to = iso(Date.now() + 10_000);
    const { status, body } = await forecast(`job_id=tick&to=${to}`);
    expect(status).toBe(200);
    expect(body).toMatchObject({ standstill: null, truncated: false });
    expect(body.runs.length).toBeGreaterThanOrEqual(8);
    for (const run of body.runs) {
      expect(run).toMatchObject({ job_id: 'tick', fate: 'planned', tags: ['quick'] });
      expect(run.samples).toBeGreaterThan(0);
      expect(Date.parse(run.expected_start)).toBeGreaterThanOrEqual(Date.parse(run.scheduled_time));
      expect(Date.parse(run.expected_end) - Date.parse(run.expected_start)).toBeCloseTo(
        run.expected_duration_seconds * 1000,
        -1,
      );
    }
  });

  it('is paged, and holds the jobs of a tag alone when one is named', async () => {
    const to = iso(Date.now() + 10_000);
    const paged = (await forecast(`to=${to}&limit=2`)).body;
    expect(paged).toMatchObject({ truncated: true });
    expect(paged.runs).toHaveLength(2);
    expect((await forecast(`to=${to}&tag=nobody`)).body).toMatchObject({ runs: [], total: 0 });
  });

  it('counts every run of weeks by the hour and by job, and tells few of them one by one', async () => {
    const { status, body } = await forecast(`to=${inDays(20)}&limit=50&per_job=5`);
    expect(status).toBe(200);
    expect(body.runs.filter((run: { job_id: string }) => run.job_id === 'tick')).toHaveLength(5);
    expect(body.runs.length).toBeLessThanOrEqual(50);
    expect(body.truncated).toBe(true);
    const ticks = body.jobs.find((job: { job_id: string }) => job.job_id === 'tick');
    // Every second, from now on.
    expect(ticks.count).toBeGreaterThan(20 * 86_400 - 60);
    expect(ticks.schedule_text).toMatch(/second/);
    const sum = (of: readonly Record<string, number>[], key: string) =>
      of.reduce((total, one) => total + (one[key] ?? 0), 0);
    expect(sum(body.hours, 'runs')).toBe(body.planned);
    expect(sum(body.jobs, 'count')).toBe(body.planned + body.withheld);
    expect(Date.parse(body.worked_out_until)).toBeLessThan(Date.parse(body.to));
    expect(Date.parse(body.worked_out_until)).toBeGreaterThan(Date.now() + 86_400_000);
  });

  it('is refused in words where there is nothing to tell', async () => {
    expect(await errorOf('GET', `/api/schedule/forecast?to=${inDays(32)}`)).toMatch(/^400 to .*31 days/);
    expect(await errorOf('GET', '/api/schedule/forecast?from=2026-01-01&to=2026-01-02')).toMatch(
      /^400 to \(2026-01-02.*\) lies in the past/,
    );
    expect(await errorOf('GET', '/api/schedule/forecast?job_id=nobody')).toMatch(/^404 .*"nobody"/);
  });
});

describe('gaps of the schedule', () => {
  it('hold a pause, who made it and why', async () => {
    const { body } = await api('GET', `/api/schedule/gaps?from=${past.from}`);
    const gaps = body.gaps.filter((one: { kind: string }) => one.kind === 'paused');
    expect(gaps).toEqual([
      expect.objectContaining({
        job_id: null,
        text: expect.stringMatching(/^The scheduler was paused by .*: patching from .* to .* UTC$/),
      }),
    ]);
    const [gap] = gaps;
    expect(Date.parse(gap.from)).toBeGreaterThanOrEqual(Date.parse(past.pausedFrom));
    expect(Date.parse(gap.to)).toBeLessThanOrEqual(Date.parse(past.resumedAt));
    expect(gap.seconds).toBeCloseTo((Date.parse(gap.to) - Date.parse(gap.from)) / 1000, 2);
    expect((await api('GET', '/api/schedule/gaps?from=2001-01-01&to=2001-02-01')).body.gaps).toEqual([]);
    expect(await errorOf('GET', '/api/schedule/gaps?from=2026-02-02&to=2026-02-01')).toMatch(
      /^400 to .*before/,
    );
  });
});

describe('gaps of one job', () => {
  it('hold what it was disabled for, while it lasts and when it is over', async () => {
    const gapsOf = async (query = '') =>
      (await api('GET', `/api/schedule/gaps?from=${past.from}${query}`)).body.gaps.filter(
        (gap: { kind: string }) => gap.kind === 'disabled',
      );
    await api('PUT', '/api/jobs/nightly', { enabled: false });
    expect(await gapsOf()).toEqual([
      expect.objectContaining({
        job_id: 'nightly',
        ongoing: true,
        text: expect.stringMatching(/^Job "nightly" is disabled since .* UTC \(.+\)$/),
      }),
    ]);
    await api('PUT', '/api/jobs/nightly', { enabled: true });
    const [gap, ...others] = await gapsOf('&job_id=nightly');
    expect(others).toEqual([]);
    expect(gap).toMatchObject({
      ongoing: false,
      text: expect.stringMatching(/^Job "nightly" was disabled by .* from .* to .* UTC$/),
    });
    expect(await gapsOf('&job_id=tick')).toEqual([]);
  });
});

describe('catching up by hand', () => {
  const catchUp = (body: Readonly<Record<string, unknown>>, job_id = 'tick') =>
    api('POST', `/api/jobs/${job_id}/catch-up`, body);
  const caughtUp = async () =>
    (await api('GET', '/api/executions?job_id=tick&trigger=catch_up&limit=100')).body.executions;
  const wanted = (slots: readonly (Slot & { action: string })[]): readonly Slot[] =>
    slots.filter((slot) => slot.action === 'run');

  it('starts nothing in a dry run, then each slot that did not run, and nothing a second time', async () => {
    const range = { from: past.pausedFrom, to: past.resumedAt };
    const dry = (await catchUp({ ...range, dry_run: true })).body;
    expect(dry).toMatchObject({
      dry_run: true,
      message: expect.stringMatching(/^Nothing started \(dry run\)/),
    });
    expect(dry.to_run).toBeGreaterThanOrEqual(2);
    expect(wanted(dry.slots)).toHaveLength(dry.to_run);
    expect(dry.slots.find((slot: { action: string }) => slot.action === 'leave').reason).toMatch(
      /^It ran already: exec_\d+/,
    );
    expect(await caughtUp()).toEqual([]);

    const real = (await catchUp(range)).body;
    expect(real).toMatchObject({ dry_run: false, to_run: dry.to_run });
    const ended = await program().until(async () => {
      const rows = await caughtUp();
      return rows.every((row: { end_time: string | null }) => row.end_time !== null) && rows;
    }, 'the end of what is caught up');
    const started = wanted(real.slots);
    const key = (one: Slot) => `${one.execution_id} ${Date.parse(one.scheduled_time)}`;
    expect(ended.map(key).sort()).toEqual(started.map(key).sort());
    expect(started.map((slot) => slot.scheduled_time)).toEqual(
      wanted(dry.slots).map((slot) => slot.scheduled_time),
    );
    for (const row of ended) expect(row).toMatchObject({ trigger: 'catch_up', status: 'success' });
    const { answer } = await whyOf('tick', started[0]?.scheduled_time ?? '');
    expect(answer).toContain(`and ended as success (${started[0]?.execution_id})`);

    const again = (await catchUp(range)).body;
    expect(again.to_run).toBe(0);
    expect(await caughtUp()).toHaveLength(dry.to_run);
  });

  it('runs the latest alone when it is asked to, and what ran already only when it is asked to', async () => {
    const range = { from: past.pausedFrom, to: past.resumedAt, mode: 'latest', dry_run: true };
    expect((await catchUp(range)).body.to_run).toBe(0);
    const { slots, to_run } = (await catchUp({ ...range, include_ran: true })).body;
    expect(to_run).toBe(1);
    expect(slots.at(-1)).toMatchObject({ action: 'run', reason: expect.stringContaining('asked for again') });
  });

  it('is refused for what lies ahead, for stretches that make no sense, and without a schedule', async () => {
    const refused = (body: Readonly<Record<string, unknown>>, job_id = 'tick') =>
      errorOf('POST', `/api/jobs/${job_id}/catch-up`, body);
    for (const to of [undefined, inDays(2)])
      expect(await refused({ from: inDays(1), to })).toMatch(/^400 from \(.*\) lies in the future; expected/);
    expect(await refused({ from: past.resumedAt, to: past.from })).toMatch(/^400 to .* lies before from/);
    expect(await refused({})).toMatch(/^400 .*from/);
    expect(await refused({ from: past.from, mode: 'some' })).toMatch(/^400 mode is "some"/);
    expect(await refused({ from: past.from }, 'by_hand')).toMatch(/^409 .*"by_hand" has no schedule/);
    expect(await refused({ from: past.from }, 'nobody')).toMatch(/^404 .*"nobody"/);
    expect(await refused({ from: past.from, dry_run: false, hurry: true })).toMatch(/^400 .*"hurry"/);
  });
});

const ical = (...events: readonly (readonly string[])[]) =>
  [
    'BEGIN:VCALENDAR',
    'VERSION:2.0',
    'PRODID:test',
    ...events.flatMap((lines, index) => ['BEGIN:VEVENT', `UID:${index}`, ...lines, 'END:VEVENT']),
    'END:VCALENDAR',
  ].join('\r\n');
const day = (instant: string) => instant.slice(0, 10).replaceAll('-', '');

describe('holiday sets', () => {
  const path = '/api/calendars/closed';

  it('are created, read, replaced and deleted', async () => {
    const created = await api('POST', '/api/calendars', {
      calendar_id: 'feast',
      name: 'Fêtes',
      dates: ['2030-01-01', { date: '2030-12-24', until: '2030-12-26', name: 'Christmas' }],
      yearly: ['05-01'],
      weekly: [{ days: ['sat', 'sun'] }],
    });
    expect(created.status).toBe(201);
    expect(created.body.calendar).toMatchObject({ calendar_id: 'feast', name: 'Fêtes', used_by: [] });
    expect(await errorOf('POST', '/api/calendars', { calendar_id: 'feast' })).toMatch(
      /^409 .*"feast" exists/,
    );
    expect((await api('GET', '/api/calendars/feast')).body.calendar).toEqual(created.body.calendar);
    const replaced = await api('PUT', '/api/calendars/feast', { dates: ['2031-01-01'] });
    expect(replaced.body.calendar).toMatchObject({
      name: 'feast',
      dates: [{ date: '2031-01-01' }],
      yearly: [],
    });
    expect((await api('GET', '/api/calendars')).body.calendars).toEqual([replaced.body.calendar]);
    expect((await api('DELETE', '/api/calendars/feast')).status).toBe(200);
    for (const [method, body] of [['GET'], ['PUT', {}], ['DELETE']] as const)
      expect(await errorOf(method, '/api/calendars/feast', body)).toMatch(/^404 .*"feast"/);
  });

  it.each<[Readonly<Record<string, unknown>>, RegExp]>([
    [{ dates: ['2026-02-30'] }, /dates\[0\].*"2026-02-30".*date that exists/],
    [{ dates: [{ date: '2026-02-02', until: '2026-02-01' }] }, /until.*must not lie before date/],
    [{ yearly: ['13-01'] }, /yearly\[0\].*"13-01"/],
    [{ weekly: [{ days: ['monday'] }] }, /weekly\[0\]\.days\[0\].*"monday"/],
    [{ spans: [{ from: '2026-02-02T00:00:00Z', to: '2026-02-01T00:00:00Z' }] }, /to .*must lie behind from/],
    [{ holidays: [] }, /"holidays"/],
  ])('are refused with %j', async (content, message) => {
    const refused = await errorOf('POST', '/api/calendars', { calendar_id: 'bad', ...content });
    expect(refused).toMatch(/^400 /);
    expect(refused).toMatch(message);
    expect((await api('GET', '/api/calendars/bad')).status).toBe(404);
  });

  it('come from an iCalendar file, and keep the days of jobs that name them free', async () => {
    const holiday = (await nextRunOf('nightly')) ?? '';
    const text = ical([`DTSTART;VALUE=DATE:${day(holiday)}`, 'SUMMARY:Stock-taking']);
    const dry = await api('POST', `${path}/import`, { ical: text, dry_run: true });
    expect(dry.body).toMatchObject({ dry_run: true, added: 1 });
    expect((await api('GET', path)).status).toBe(404);
    const { body } = await api('POST', `${path}/import`, { ical: text, name: 'Closed' });
    expect(body).toMatchObject({ added: 1, warnings: [], calendar: { name: 'Closed' } });
    expect((await api('POST', `${path}/import`, { ical: text })).body.added).toBe(0);

    expect((await api('PUT', '/api/jobs/nightly', { exclude: ['closed'] })).status).toBe(200);
    const next = iso(Date.parse(holiday) + dayMs);
    expect(await nextRunOf('nightly')).toBe(next);
    const slots = await slotsOf('nightly', iso(Date.now()), iso(Date.parse(holiday) + 2 * dayMs));
    const reason = 'Excluded by the holiday set "closed" (Stock-taking)';
    expect(slots).toMatchObject([{ fate: 'withheld', reason }, { fate: 'planned' }, { fate: 'planned' }]);
    expect(slots.slice(0, 2).map((slot) => iso(Date.parse(slot.scheduled_time)))).toEqual([holiday, next]);
    expect((await whyOf('nightly', holiday)).answer).toContain(`will not happen as things stand. ${reason}`);
  });

  it('that change move the next runs of jobs that name them at once', async () => {
    const excluded = (await nextRunOf('nightly')) ?? '';
    const { calendar } = (await api('GET', path)).body;
    expect(calendar.used_by).toEqual(['nightly']);
    const dates = [...calendar.dates, excluded.slice(0, 10)];
    await api('PUT', path, { dates });
    expect(await nextRunOf('nightly')).toBe(iso(Date.parse(excluded) + dayMs));
  });

  it('stay as they are when a file is not iCalendar, or more than a set may hold', async () => {
    const before = (await api('GET', path)).body;
    const refused = (text: string) => errorOf('POST', `${path}/import`, { ical: text });
    expect(await refused('date;name\n2026-12-25;Christmas')).toMatch(/^400 ical is not an iCalendar text/);
    expect(await errorOf('POST', `${path}/import`, { ical: ical(), replace: true })).toMatch(
      /^400 .*no events/,
    );
    const births = Array.from({ length: 401 }, (_, index) => [
      `DTSTART;VALUE=DATE:${day(iso(Date.parse('2024-01-01') + (index % 366) * dayMs))}`,
      'RRULE:FREQ=YEARLY',
      `SUMMARY:Birthday ${index}`,
    ]);
    expect(await refused(ical(...births))).toMatch(/^400 ical does not fit into the set: yearly .*400/);
    expect((await api('GET', path)).body).toEqual(before);
  });

  it('leave out a day that does not exist, and say so', async () => {
    const text = ical(
      ['DTSTART;VALUE=DATE:20260230', 'SUMMARY:Nonsense'],
      ['DTSTART;VALUE=DATE:20300501', 'SUMMARY:Labour'],
    );
    const { body } = await api('POST', `${path}/import`, { ical: text, replace: true, dry_run: true });
    expect(body.warnings).toEqual([expect.stringMatching(/"Nonsense" begins on 2026-02-30.*left out/)]);
    expect(body.calendar.dates).toEqual([{ date: '2030-05-01', name: 'Labour' }]);
  });

  it('are not deleted while a job names them', async () => {
    expect(await errorOf('DELETE', path)).toMatch(/^409 .*"closed" is named by the job "nightly"/);
    expect((await api('PUT', '/api/jobs/nightly', { exclude: null })).status).toBe(200);
    expect((await api('DELETE', path)).status).toBe(200);
  });

  it('that are missing hold the jobs that name them until they are there', async () => {
    expect(await nextRunOf('expectant')).toBeNull();
    expect((await whyOf('expectant', inDays(1))).next).toMatchObject({
      fate: 'withheld',
      reason: expect.stringContaining('not_yet'),
    });
    await api('POST', '/api/calendars', { calendar_id: 'not_yet' });
    expect(await nextRunOf('expectant')).toMatch(/T03:00:00\.000Z$/);
  });
});

describe('a maintenance window', () => {
  const windows = '/api/maintenance-windows';

  it('holds the jobs of its tag while it is open; when it is deleted they go on, and its slots name it', async () => {
    const from = iso(Date.now());
    const created = await api('POST', windows, {
      reason: 'new disks',
      tag: 'quick',
      starts_at: from,
      ends_at: inDays(1),
    });
    expect(created.status).toBe(201);
    const { window } = created.body;
    expect(window).toMatchObject({
      open: true,
      tag: 'quick',
      from,
      text: expect.stringMatching(/^Once, from/),
    });
    expect((await api('GET', windows)).body.windows).toEqual([window]);

    const [held] = await program().until(async () => {
      const found = (await slotsOf('tick', from, iso(Date.now()))).filter((slot) => slot.fate === 'withheld');
      return countOf(found) >= 2 && found;
    }, 'slots that the window holds');
    const reason = /^A maintenance window \(new disks; by .*\) held jobs with the tag "quick" from /;
    expect(held?.reason).toMatch(reason);
    const next = Date.parse((await nextRunOf('tick')) ?? '');
    expect(Date.parse(window.to) - next, 'the last slot it holds').toBeLessThanOrEqual(1000);
    expect(await nextRunOf('nightly')).not.toBeNull();

    expect((await api('DELETE', `${windows}/${window.window_id}`)).status).toBe(200);
    const ended = iso(Date.now());
    await ranSince(ended, 1);
    const after = await slotsOf('tick', from, ended);
    const skipped = after.find((slot) => slot.fate === 'skipped');
    expect(after.filter((slot) => slot.fate === 'missed')).toEqual([]);
    expect(skipped?.reason).toMatch(reason);
    expect(await errorOf('DELETE', `${windows}/${window.window_id}`)).toMatch(/^404 .*maintenance window/);
  });

  it('opens again and again by a schedule, and is changed in place', async () => {
    const sunday = { type: 'cron', cron_params: { day_of_week: 'sun', hour: 2, minute: 0 } };
    const { body } = await api('POST', windows, {
      reason: 'patches',
      schedule: sunday,
      duration_minutes: 90,
    });
    const path = `${windows}/${body.window.window_id}`;
    expect(body.window).toMatchObject({ tag: null, text: expect.stringMatching(/, for 90 minutes$/) });
    expect(Date.parse(body.window.to) - Date.parse(body.window.from)).toBe(90 * 60_000);
    const once = {
      reason: 'patches',
      tag: 'other',
      starts_at: '2001-01-01T00:00:00Z',
      ends_at: '2001-01-02T00:00:00Z',
    };
    const { window } = (await api('PUT', path, once)).body;
    expect(window).toMatchObject({ open: false, from: null, to: null, tag: 'other' });
    expect((await api('GET', windows)).body.windows).toEqual([window]);
    await api('DELETE', path);
    expect(await errorOf('PUT', path, once)).toMatch(/^404 /);
  });

  it.each<[Readonly<Record<string, unknown>>, RegExp]>([
    [{ starts_at: '2030-01-01T00:00:00Z', ends_at: '2030-01-02T00:00:00Z' }, /reason/],
    [{ reason: 'x' }, /either starts_at and ends_at, or schedule and duration_minutes/],
    [
      { reason: 'x', starts_at: '2030-01-02T00:00:00Z', ends_at: '2030-01-01T00:00:00Z' },
      /ends_at.*must lie behind/,
    ],
    [{ reason: 'x', starts_at: '2030-01-02', ends_at: '2030-01-03' }, /starts_at.*"2030-01-02"/],
    [{ reason: 'x', duration_minutes: 5, schedule: { type: 'cron', cron_params: { hour: 25 } } }, /hour.*25/],
    [
      { reason: 'x', duration_minutes: 0, schedule: { type: 'cron', cron_params: { hour: 2 } } },
      /duration_minutes/,
    ],
  ])('is refused with %j', async (content, message) => {
    const refused = await errorOf('POST', windows, content);
    expect(refused).toMatch(/^400 /);
    expect(refused).toMatch(message);
    expect((await api('GET', windows)).body.windows).toEqual([]);
  });
});

describe('a viewer', () => {
  it('reads all of it and changes nothing', async () => {
    const { key } = (await api('POST', '/api/keys', { name: 'viewer', role: 'viewer' })).body;
    const asViewer = async (method: string, path: string, body?: unknown) =>
      (await api(method, path, body, { 'X-API-Key': key })).status;
    for (const path of [
      `/api/jobs/tick/slots?from=${past.from}`,
      `/api/jobs/tick/why?at=${past.from}`,
      `/api/schedule/forecast?to=${iso(Date.now() + 10_000)}`,
      '/api/schedule/gaps',
      '/api/calendars',
      '/api/calendars/not_yet',
      '/api/maintenance-windows',
    ])
      expect([path, await asViewer('GET', path)]).toEqual([path, 200]);
    for (const [method, path, body] of [
      ['POST', '/api/jobs/tick/catch-up', { from: past.from, dry_run: true }],
      ['POST', '/api/calendars', { calendar_id: 'mine' }],
      ['PUT', '/api/calendars/not_yet', {}],
      ['DELETE', '/api/calendars/not_yet', undefined],
      ['POST', '/api/calendars/not_yet/import', { ical: ical() }],
      ['POST', '/api/maintenance-windows', { reason: 'x', starts_at: inDays(0), ends_at: inDays(1) }],
      ['PUT', '/api/maintenance-windows/mw_x', { reason: 'x' }],
      ['DELETE', '/api/maintenance-windows/mw_x', undefined],
    ] as const)
      expect([path, await asViewer(method, path, body)]).toEqual([path, 403]);
    expect((await api('GET', '/api/maintenance-windows')).body.windows).toEqual([]);
  });
});
