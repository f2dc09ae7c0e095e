import { describe, expect, it } from 'vitest';
import type { ExecutionRecord } from '../../../../src-main/core/ports/store';
import { firstLine } from '../../../../src-main/core/statistics/attention';
import { successRate } from '../../../../src-main/core/statistics/history-figures';
import { figuresOf } from '../../../../src-main/core/statistics/job-statistics';
import { chooseJobs, hourRuns } from '../../../../src-main/core/statistics/timeline';
import { overlapWarning } from '../../../../src-main/core/statistics/up-next';

const row = (execution_id: number, status: ExecutionRecord['status'], duration_seconds: number | null) =>
  ({ execution_id, status, duration_seconds, start_time: execution_id * 1000 }) as ExecutionRecord;

describe('the figures of a job', () => {
  it('take the usual duration from successes alone', () => {
    const rows = [row(5, 'failed', 900), row(4, 'success', 30), row(3, 'success', 10), row(2, 'success', 20)];
    const figures = figuresOf(rows);
    expect(figures.usual_seconds).toBe(20);
    expect(figures.p95_seconds).toBe(30);
    expect(figures.success_rate).toBe(0.75);
  });

  it('show the last 14 ended runs, oldest first, and not the one under way', () => {
    const rows = [
      row(30, 'running', null),
      ...Array.from({ length: 20 }, (_, i) => row(29 - i, 'success', 1)),
    ];
    const { recent } = figuresOf(rows);
    expect(recent.map((run) => run.execution_id)).toEqual(Array.from({ length: 14 }, (_, i) => 16 + i));
  });

  it('say nothing of a job that never ran, or never ended by itself', () => {
    expect(figuresOf([])).toEqual({
      recent: [],
      usual_seconds: null,
      p95_seconds: null,
      successes: 0,
      success_rate: null,
    });
    expect(figuresOf([row(1, 'cancelled', 2)]).success_rate).toBeNull();
  });
});

describe('a planned run of a job that runs', () => {
  const run = { since: 0, overlap: 'skip' as const };
  it('is warned of when the running one will usually not be over by then', () => {
    expect(overlapWarning(60_000, 10_000, { ...run, usualSeconds: 90 })).toBe(
      'would overlap the running one: skipped',
    );
    expect(overlapWarning(60_000, 10_000, { ...run, usualSeconds: 50 })).toBeUndefined();
  });
  it('is told only what may come when nobody knows how long the running one takes, or it is late already', () => {
    expect(overlapWarning(60_000, 55_000, { ...run, usualSeconds: 50 })).toBe(
      'if the running one has not ended by then: skipped',
    );
    expect(overlapWarning(60_000, 10_000, { ...run, usualSeconds: null, overlap: 'queue' })).toBe(
      'if the running one has not ended by then: waits for its end',
    );
  });
});

describe('the jobs of the timeline', () => {
  const hour = 3_600_000;
  const now = 100 * hour;
  const job = (job_id: string) => ({ record: { job_id, enabled: true } });
  /** `last`: hours ago that the newest run ended; `next`: hours until the next one. */
  const core = (all: Record<string, { last?: number; next?: number; status?: string; isBusy?: true }>) =>
    ({
      registry: {
        all: () => Object.keys(all).map(job),
        latest: (id: string) => {
          const { last, status = 'success' } = all[id] ?? {};
          const time = now - (last ?? 0) * hour;
          return last === undefined ? undefined : { status, start_time: time, end_time: time };
        },
      },
      queue: { isBusy: (id: string) => all[id]?.isBusy === true },
      scheduler: { nextRun: (id: string) => all[id]?.next && now + (all[id]?.next ?? 0) * hour },
    }) as unknown as Parameters<typeof chooseJobs>[0];
  const chosen = (all: Parameters<typeof core>[0], limit: number) => {
    const { jobs, total } = chooseJobs(core(all), { from: now - 15 * hour, to: now + 9 * hour }, limit);
    return [jobs.map(({ record }) => record.job_id), total];
  };
  it('are those that ran or will run in the stretch: running, in trouble, due, then the others', () => {
    const all = {
      quiet: { last: 200 },
      never: {},
      far: { next: 50 },
      ran: { last: 3 },
      due: { next: 2 },
      bad: { last: 1, status: 'failed' },
      busy: { last: 200, isBusy: true as const },
    };
    expect(chosen(all, 8)).toEqual([['busy', 'bad', 'due', 'ran'], 4]);
    expect(chosen(all, 2)).toEqual([['busy', 'bad'], 4]);
  });
  it('are all when nothing happens in the stretch', () => {
    expect(chosen({ quiet: { last: 200 }, never: {} }, 8)).toEqual([['quiet', 'never'], 2]);
  });
});

describe('runs drawn by the hour', () => {
  it('show the worst outcome, lead to it, and count all', () => {
    const marks = [
      { job_id: 'a', hour: 0, status: 'success' as const, count: 58, execution_id: 60 },
      { job_id: 'a', hour: 0, status: 'failed' as const, count: 2, execution_id: 31 },
    ];
    expect(hourRuns(marks)).toEqual([
      {
        execution_id: 'exec_31',
        status: 'failed',
        start_time: '1970-01-01T00:00:00.000Z',
        end_time: '1970-01-01T01:00:00.000Z',
        count: 60,
      },
    ]);
  });
});

it('the success rate counts what ended by itself', () => {
  expect(successRate({ success: 3, failed: 1, cancelled: 5, skipped: 2, retry: 1 })).toBe(0.75);
  expect(successRate({ skipped: 2 })).toBeNull();
});

it('the reason of a failure is its first line that says something', () => {
  expect(firstLine('\n  \nLogin failed\nat line 3')).toBe('Login failed');
  expect(firstLine(null)).toBe('');
});
