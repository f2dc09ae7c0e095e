import { describe, expect, it } from 'vitest';
import { createJobBuilder } from '../../../../src-main/core/jobs/build-job';
import { recordOf } from '../../../../src-main/core/jobs/job-record';
import type { Random } from '../../../../src-main/core/ports/random';
import type { ExecutionRecord } from '../../../../src-main/core/ports/store';
import { createMemoryStore } from '../../../../src-main/core/simulate/memory-store';
import { createSimulatedCore, simulatedRecord } from '../../../../src-main/core/simulate/simulated-core';
import { createVirtualTime } from '../../../../src-main/core/simulate/virtual-time';
import { CalendarContent } from '../../../../src-shared/model/calendar';
import { CommonJob } from '../../../../src-shared/model/job';
import { createHandType } from '../../../support/hand-type';
import { oracleSlots, wallClocks } from '../../../support/slot-oracle';

const minute = 60_000;
const hour = 60 * minute;
const day = 24 * hour;
const begin = Date.parse('2026-03-15T00:00:30Z');

/** Over the changes of the clock in Europe (29 March), Sydney and Santiago (5 April). */
const zones = ['UTC', 'Europe/Berlin', 'Australia/Sydney', 'America/Santiago', 'Asia/Kolkata'];

function randomOf(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state * 1_664_525 + 1_013_904_223) % 4_294_967_296;
    return state / 4_294_967_296;
  };
}

interface Planned {
  readonly job_id: string;
  readonly schedule: unknown;
  readonly keys: Record<string, unknown>;
  /** Due times, found without the trigger code. */
  due(from: number, to: number): number[];
}

function plan(index: number, pick: (most: number) => number): Planned {
  const job_id = `job_${index}`;
  const keys: Record<string, unknown> = {
    tags: index % 3 === 0 ? ['db'] : [],
    ...(index % 5 === 0 ? { exclude: ['closed'] } : {}),
    ...(index % 4 === 0 ? { coalesce: false, misfire_grace_time: 7200 } : {}),
    ...(index % 7 === 0 ? { misfire_grace_time: null, catch_up_window: 3600 } : {}),
    ...(index % 11 === 0 ? { overlap: 'queue' } : {}),
  };
  if (index % 2 === 0) {
    const minutes = 61 + pick(400);
    const start = '2026-03-01T00:00:00Z';
    const length = minutes * minute;
    return {
      job_id,
      keys,
      schedule: { type: 'interval', interval_params: { minutes, start_date: start } },
      due(from, to) {
        const found = [];
        for (let slot = Date.parse(start); slot <= to; slot += length) if (slot > from) found.push(slot);
        return found;
      },
    };
  }
  const timezone = zones[pick(zones.length)] ?? 'UTC';
  const at = pick(60);
  const hours = [pick(24), pick(24)].sort((a, b) => a - b);
  const wildcard = index % 3 === 1;
  const every = [0, 4, 8, 12, 16, 20];
  return {
    job_id,
    keys,
    schedule: {
      type: 'cron',
      cron_params: { hour: wildcard ? '*/4' : [...new Set(hours)].join(','), minute: at },
      timezone,
    },
    due(from, to) {
      // A day ahead of the stretch, because the walk can't see what led up to its first minutes.
      const start = Math.floor(from / day) * day - day;
      return oracleSlots(wallClocks(timezone, start, to + minute), start, {
        hour: wildcard ? every : hours,
        minute: [at],
        gap: 'run_after',
        fold: wildcard ? 'twice' : 'once',
      }).filter((slot) => slot > from && slot <= to);
    },
  };
}

interface Counts {
  ok: number;
  accounted: number;
  lost: number;
  duplicate: number;
  phantom: number;
  lost_history: number;
  stuck: number;
}

const isPassed = (row: ExecutionRecord) => row.status === 'missed' || row.status === 'skipped';

/** After the checker of Jepsen's Chronos: due times from outside, starts from the runs themselves, and the history. */
function check(
  planned: readonly Planned[],
  rows: readonly ExecutionRecord[],
  started: ReadonlyMap<string, number>,
  end: number,
): Counts & { readonly wrong: string[] } {
  const counts: Counts = {
    ok: 0,
    accounted: 0,
    lost: 0,
    duplicate: 0,
    phantom: 0,
    lost_history: 0,
    stuck: 0,
  };
  const wrong: string[] = [];
  const told = new Set<string>();
  for (const { job_id, due } of planned) {
    const own = rows.filter((row) => row.job_id === job_id && row.scheduled_time !== null);
    const runs = own.filter((row) => !isPassed(row));
    // Freed when the clock was set back: its slot lies ahead again.
    const stretches = own.filter((row) => isPassed(row) && row.metadata.count !== 0);
    const byTime = new Map<number, number>();
    for (const row of runs) {
      const time = row.scheduled_time as number;
      byTime.set(time, (byTime.get(time) ?? 0) + 1);
      told.add(`${job_id} ${time}`);
      if (row.status !== 'pending' && !started.has(`${job_id} ${time}`)) counts.phantom += 1;
      const isLive = row.status === 'running' || row.status === 'pending';
      if (isLive && (row.end_time ?? end) < end) counts.stuck += 1;
    }
    const targets = due(begin, end - minute);
    const inStretch = new Map<number, number>();
    for (const slot of targets) {
      const has = byTime.get(slot) ?? 0;
      const starts = started.get(`${job_id} ${slot}`) ?? 0;
      if (has > 1 || starts > 1) counts.duplicate += 1;
      const stretch = stretches.find(
        (row) =>
          slot >= (row.scheduled_time as number) &&
          slot <=
            Date.parse(
              String(
                row.metadata.last_scheduled_time ?? new Date(row.scheduled_time as number).toISOString(),
              ),
            ),
      );
      if (has > 0) counts.ok += 1;
      else if (stretch) {
        counts.accounted += 1;
        inStretch.set(stretch.execution_id, (inStretch.get(stretch.execution_id) ?? 0) + 1);
      } else {
        counts.lost += 1;
        wrong.push(`${job_id} ${new Date(slot).toISOString()}`);
      }
    }
    for (const row of stretches) {
      const last =
        Date.parse(String(row.metadata.last_scheduled_time ?? 0)) || (row.scheduled_time as number);
      if (last > end - minute) continue;
      const claimed = Number(row.metadata.count ?? 1);
      const found = inStretch.get(row.execution_id) ?? 0;
      if (claimed !== found)
        wrong.push(`${job_id}: row ${row.execution_id} tells ${claimed} slots, ${found} are its own`);
    }
  }
  for (const key of started.keys()) if (!told.has(key)) counts.lost_history += 1;
  return { ...counts, wrong };
}

describe('thirty days of a hundred jobs', () => {
  it('leave every slot accounted for, through pauses, sleeps, restarts, holidays and maintenance', async () => {
    const seed = Number(process.env.SIMULATION_SEED ?? 20_260_315);
    const random = randomOf(seed);
    const pick = (most: number) => Math.floor(random() * most);
    const planned = Array.from({ length: 100 }, (_, index) => plan(index, pick));
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
    const jobs = planned.map(({ job_id, schedule, keys }) => {
      const common = CommonJob.parse({ job_id, name: job_id, job_type: 'hand', schedule, ...keys });
      const definition = { ...common, config: {} };
      const dates = { created_date: begin, modified_date: begin, created_by: 'test' };
      const record = recordOf({ definition, text: '' }, { ...dates, source: null, source_digest: null });
      return builder.fromDefinition(record, definition);
    });
    const closed = CalendarContent.parse({ dates: ['2026-03-20'], weekly: [{ days: ['sun'] }] });
    const dates = { created_date: begin, modified_date: begin, created_by: 'test' };
    const store = createMemoryStore({
      jobs: jobs.map(simulatedRecord),
      calendars: [{ id: 'closed', definition: JSON.stringify(closed), ...dates }],
      windows: [
        {
          id: 'mw',
          definition: JSON.stringify({
            reason: 'Patching',
            tag: 'db',
            schedule: { type: 'cron', cron_params: { day_of_week: 'wed', hour: 2 } },
            duration_minutes: 180,
          }),
          ...dates,
        },
      ],
    });
    const turn = () => new Promise<void>((resolve) => setImmediate(resolve));
    const time = createVirtualTime(begin, turn);
    const started = new Map<string, number>();
    let starts = 0;
    const core = () => {
      starts += 1;
      return createSimulatedCore({
        store,
        time,
        settings: {
          instance: `life-${starts}`,
          threadPoolSize: 20,
          maxQueued: 1000,
          jobDefaults,
          schedules: true,
        },
        random: { fraction: random, token: () => 'x', digest: (text) => text } satisfies Random,
        outcomeOf({ job_id, scheduled_time }) {
          const key = `${job_id} ${scheduled_time}`;
          started.set(key, (started.get(key) ?? 0) + 1);
          return { status: random() < 0.9 ? 'success' : 'failed', duration_seconds: 5 + random() * 600 };
        },
      });
    };
    const end = begin + 30 * day;
    let life = core();
    await life.start();
    while (time.clock.now() < end) {
      await time.runUntil(Math.min(end, time.clock.now() + (10 + pick(20)) * hour));
      if (time.clock.now() >= end) break;
      const length = (1 + pick(8)) * hour + pick(3600) * 1000;
      const kind = pick(6);
      if (kind === 0) {
        await life.scheduler.pause('anna');
        await time.runUntil(time.clock.now() + length);
        await life.scheduler.resume('anna');
      } else if (kind === 1) time.freeze(length, 'both');
      else if (kind === 2) time.freeze(length, 'wall');
      else if (kind === 3) {
        const stopped = life.stop();
        await time.runUntil(time.clock.now() + 1000);
        await stopped;
        await time.runUntil(time.clock.now() + length);
        life = core();
        await life.start();
      } else if (kind === 4) time.setWall(time.clock.now() - pick(120) * minute);
      else {
        const job = life.registry.all()[pick(100)];
        if (!job) continue;
        await life.jobs.setEnabled(job.record.job_id, false, 'anna');
        await time.runUntil(time.clock.now() + length);
        await life.jobs.setEnabled(job.record.job_id, true, 'anna');
      }
    }
    await time.runUntil(end);
    const { wrong, ...counts } = check(planned, store.rows(), started, end);
    console.log(`seed ${seed}: ${JSON.stringify(counts)}`);
    const { ok, accounted, ...bad } = counts;
    expect(wrong.slice(0, 10), `seed ${seed}`).toEqual([]);
    expect(bad, `seed ${seed}`).toEqual({ lost: 0, duplicate: 0, phantom: 0, lost_history: 0, stuck: 0 });
    expect(ok).toBeGreaterThan(5000);
    expect(accounted).toBeGreaterThan(500);
    await life.stop();
  }, 240_000);
});
