import { describe, expect, it } from 'vitest';
import { countAhead } from '../../../../src-main/core/forecast/count-ahead';
import { createForecastSums } from '../../../../src-main/core/forecast/forecast-sums';
import { play } from '../../../../src-main/core/forecast/play';
import type { PlayedJob } from '../../../../src-main/core/forecast/pool-play';
import { createJobBuilder } from '../../../../src-main/core/jobs/build-job';
import { recordOf } from '../../../../src-main/core/jobs/job-record';
import { createCalendarMatcher } from '../../../../src-main/core/schedule/calendars/calendar-matcher';
import { prepareWindow } from '../../../../src-main/core/schedule/maintenance-window';
import { simulate } from '../../../../src-main/core/simulate/simulate';
import { CalendarContent } from '../../../../src-shared/model/calendar';
import { CommonJob } from '../../../../src-shared/model/job';
import { createHandType } from '../../../support/hand-type';

const day = 86_400_000;
const begin = Date.parse('2026-03-28T00:00:30Z');
const jobDefaults = {
  timeout: 0,
  max_retries: 0,
  retry_delay: 60,
  max_instances: 1,
  overlap: 'skip' as const,
  misfire_grace_time: 300,
  coalesce: true,
  timezone: 'UTC',
};
const builder = createJobBuilder({
  jobTypes: new Map([['hand', createHandType().type]]),
  defaults: jobDefaults,
  hasCalendar: () => true,
});
const dates = { created_date: begin, modified_date: begin, created_by: 'test' };
const closed = CalendarContent.parse({ dates: ['2026-03-30'], weekly: [{ days: ['sun'] }] });
const windowContent = {
  reason: 'Patching',
  tag: 'db',
  schedule: { type: 'cron' as const, cron_params: { hour: 2 } },
  duration_minutes: 95,
};

function jobOf(job_id: string, keys: Readonly<Record<string, unknown>>) {
  const common = CommonJob.parse({ job_id, name: job_id, job_type: 'hand', ...keys });
  const definition = { ...common, config: {} };
  return builder.fromDefinition(
    recordOf({ definition, text: '' }, { ...dates, source: null, source_digest: null }),
    definition,
  );
}

/** Jobs of all kinds, over the change of the clock in Europe (29 March). Durations end beside full seconds. */
function mixed() {
  return Array.from({ length: 40 }, (_, index) => {
    const rhythm = [7, 13, 61, 190, 400][index % 5] as number;
    const schedule =
      index % 2 === 0
        ? {
            type: 'interval',
            interval_params: { minutes: rhythm, start_date: `2026-03-01T00:${10 + index}:${10 + index}Z` },
          }
        : {
            type: 'cron',
            cron_params: { hour: index % 4 === 1 ? '*/2' : '1,2,3,17', minute: index, second: index },
            timezone: 'Europe/Berlin',
          };
    const job = jobOf(`job_${index}`, {
      schedule,
      tags: index % 3 === 0 ? ['db'] : [],
      overlap: (['skip', 'queue', 'replace'] as const)[index % 3],
      ...(index % 5 === 0 ? { exclude: ['closed'] } : {}),
      ...(index % 10 === 5 ? { on_excluded: 'next_business_day' } : {}),
      ...(index % 4 === 0 ? { coalesce: false, misfire_grace_time: 7200 } : {}),
      ...(index % 6 === 0 ? { jitter: 30, max_instances: 2 } : {}),
      ...(index === 9 ? { on_success: { run: 'job_10' } } : {}),
      ...(index === 11 ? { not_after: '03:10' } : {}),
    });
    return { job, seconds: 47.013 + index * 20.007 };
  });
}

const turn = () => new Promise<void>((done) => setImmediate(done));

function playAll(jobs: ReturnType<typeof mixed>, to: number, poolSize: number, mostRuns = 1e9) {
  const matchers = new Map([['closed', createCalendarMatcher(closed)]]);
  const windows = [
    prepareWindow('mw', windowContent as never, {
      defaultTimezone: 'UTC',
      created_date: begin,
      created_by: 'test',
    }),
  ];
  const played = jobs.map(
    ({ job, seconds }): PlayedJob => ({
      job,
      durationMs: Math.round(seconds * 1000),
      connection: undefined,
      live: [],
    }),
  );
  const sums = createForecastSums({
    from: begin,
    to,
    limit: 1e9,
    perJob: 1e9,
    isShown: () => true,
  });
  const steps = play({
    jobs: played.map((one) => ({
      played: one,
      place: {
        job_id: one.job.record.job_id,
        anchor: begin,
        schedule_digest: '',
        cursor: begin,
      },
    })),
    find: (job_id) => played.find((one) => one.job.record.job_id === job_id),
    around: { matchers, windows },
    poolSize,
    to,
    mostRuns,
    listener: {
      run: sums.run,
      withheld: (of, withheld) => sums.withheld(of.job, withheld),
      collision: sums.collision,
    },
  });
  let step = steps.next();
  while (!step.done) step = steps.next();
  const { until, left } = step.value;
  if (until < to) for (const _ of countAhead(left, { from: begin, to, windows }, sums));
  return { until, ...sums.result() };
}

describe('a forecast that is played on paper', () => {
  it('comes to the same runs, starts and withheld slots as the real core on virtual time', async () => {
    const jobs = mixed();
    const to = begin + 3.5 * day;
    const paper = playAll(jobs, to, 6);
    const seconds = new Map(jobs.map((one) => [one.job.record.job_id, one.seconds]));
    const real = await simulate({
      jobs: jobs.map((one) => one.job),
      calendars: [{ id: 'closed', definition: JSON.stringify(closed), ...dates }],
      windows: [{ id: 'mw', definition: JSON.stringify(windowContent), ...dates }],
      settings: { instance: 'x', threadPoolSize: 6, maxQueued: 10_000, jobDefaults, schedules: true },
      from: begin,
      to: to + 1,
      outcomeOf: ({ job_id }) => ({ status: 'success', duration_seconds: seconds.get(job_id) ?? 0 }),
      random: { fraction: () => 0.5, token: () => 'x', digest: (text) => text },
      turn,
    });
    const ours = paper.runs.flatMap((run) =>
      run.fate === 'planned' && run.start !== undefined
        ? [
            `${run.job.record.job_id} ${new Date(run.slot).toISOString()} ${new Date(run.start).toISOString()}`,
          ]
        : [],
    );
    const iso = (text: string) => new Date(text).toISOString();
    const theirs = real.slots.flatMap((slot) =>
      slot.started_at === undefined
        ? []
        : [`${slot.job_id} ${iso(slot.scheduled_time)} ${iso(slot.started_at)}`],
    );
    const missing = theirs.filter((one) => !ours.includes(one));
    const added = ours.filter((one) => !theirs.includes(one));
    expect({ missing: missing.slice(0, 8), added: added.slice(0, 8) }).toEqual({ missing: [], added: [] });
    expect(ours.length).toBeGreaterThan(2000);

    const withheld = (rows: readonly (readonly [string, string, number])[]) => {
      const found: Record<string, number> = {};
      for (const [job_id, fate, count] of rows)
        found[`${job_id} ${fate}`] = (found[`${job_id} ${fate}`] ?? 0) + count;
      return found;
    };
    expect(
      withheld(
        paper.jobs.flatMap((row) =>
          row.fate === 'planned' ? [] : [[row.job.record.job_id, row.fate, row.count] as const],
        ),
      ),
    ).toEqual(
      withheld(
        real.slots.flatMap((slot) =>
          slot.fate === 'skipped' || slot.fate === 'missed'
            ? [[slot.job_id, slot.fate, slot.count ?? 1] as const]
            : [],
        ),
      ),
    );
    expect(paper.collisions.some((one) => one.kind === 'pool' && one.peak > 6)).toBe(true);
  });

  it('counts what it does not play: every slot of the stretch is told, by hour and by job', () => {
    const jobs = mixed();
    const to = begin + 5 * day;
    const whole = playAll(jobs, to, 1000);
    const part = playAll(jobs, to, 1000, 500);
    expect(part.until).toBeLessThan(begin + day);
    expect(whole.until).toBe(to);
    const total = ({ sums }: typeof whole) => sums.planned + sums.withheld;
    expect(total(part)).toBe(total(whole));
    for (const one of [whole, part]) {
      expect(one.hours.reduce((sum, hour) => sum + hour.runs, 0)).toBe(one.sums.planned);
      expect(one.hours.reduce((sum, hour) => sum + hour.withheld, 0)).toBe(one.sums.withheld);
      expect(one.jobs.reduce((sum, row) => sum + row.count, 0)).toBe(total(one));
    }
  });

  it('says how many want a place at once, from when to when, and which jobs', () => {
    const jobs = ['a', 'b', 'c'].map((job_id) => ({
      job: jobOf(job_id, { schedule: { type: 'cron', cron_params: { hour: 8 } } }),
      seconds: 60,
    }));
    const { collisions, jobs: rows } = playAll(jobs, begin + day, 2);
    expect(collisions).toEqual([
      {
        kind: 'pool',
        from: Date.parse('2026-03-28T08:00:00Z'),
        to: Date.parse('2026-03-28T08:01:00Z'),
        peak: 3,
        capacity: 2,
        connection: undefined,
        job_ids: ['a', 'b', 'c'],
      },
    ]);
    expect(rows.map(({ waits, longestWaitMs }) => [waits, longestWaitMs])).toContainEqual([1, 60_000]);
  });
});
