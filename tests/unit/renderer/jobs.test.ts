import { describe, expect, it } from 'vitest';
import {
  filterJobs,
  scheduleKinds,
  shownStatus,
  sortJobs,
} from '../../../src-renderer/features/jobs/job-filter';
import { foldSame, lineDiff } from '../../../src-shared/line-diff';
import type { JobSummary } from '../../../src-shared/model/job';

const job = (job_id: string, more: Partial<JobSummary> = {}): JobSummary => ({
  job_id,
  name: `Job ${job_id}`,
  job_type: 'sql',
  description: '',
  enabled: true,
  uses_shell: false,
  tags: [],
  schedule: null,
  schedule_text: 'No schedule',
  next_run_time: null,
  last_execution: null,
  created_date: '2026-01-01T00:00:00.000Z',
  modified_date: '2026-01-01T00:00:00.000Z',
  ...more,
});
const ended = (status: string, duration_seconds: number) => ({
  execution_id: 'exec_1',
  status,
  start_time: '2026-01-01T00:00:00.000Z',
  end_time: '2026-01-01T00:00:01.000Z',
  duration_seconds,
});
const none = { text: '', types: [], statuses: [], schedules: [], tags: [] };
const ids = (jobs: readonly JobSummary[]) => jobs.map((each) => each.job_id);

describe('filters of jobs', () => {
  const jobs = [
    job('a', { tags: ['finance'], last_execution: ended('failed', 3) }),
    job('b', { job_type: 'python', enabled: false, last_execution: ended('failed', 1) }),
    job('c', { schedule: [{ type: 'cron' }, { type: 'date' }], description: 'Monthly ledger' }),
  ];
  it.each([
    [{}, ['a', 'b', 'c']],
    [{ types: ['python'] }, ['b']],
    [{ statuses: ['failed'] }, ['a', 'b']],
    [{ statuses: ['disabled'] }, ['b']],
    [{ statuses: ['never'] }, ['c']],
    [{ schedules: ['date'] }, ['c']],
    [{ schedules: ['none'] }, ['a', 'b']],
    [{ tags: ['finance'] }, ['a']],
    [{ text: 'LEDGER month' }, ['c']],
    [{ text: 'ledger nothing' }, []],
  ])('%j finds %j', (filter, found) => expect(ids(filterJobs(jobs, { ...none, ...filter }))).toEqual(found));

  it('a disabled job that still runs shows that it runs', () => {
    expect(shownStatus(job('x', { enabled: false, last_execution: ended('running', 0) }))).toBe('running');
    expect(scheduleKinds(null)).toEqual(['none']);
  });
});

describe('sorting of jobs', () => {
  it('counts numbers in names as numbers', () => {
    const jobs = [job('x', { name: 'Load 10' }), job('y', { name: 'load 9' })];
    expect(ids(sortJobs(jobs, { column: 'name', isDescending: false }))).toEqual(['y', 'x']);
  });
  it('puts what has no value last, both ways', () => {
    const jobs = [
      job('n'),
      job('s', { last_execution: ended('success', 1) }),
      job('l', { last_execution: ended('success', 9) }),
    ];
    expect(ids(sortJobs(jobs, { column: 'duration', isDescending: false }))).toEqual(['s', 'l', 'n']);
    expect(ids(sortJobs(jobs, { column: 'duration', isDescending: true }))).toEqual(['l', 's', 'n']);
  });
});

describe('the difference of two texts', () => {
  const marks = (before: string, after: string) =>
    lineDiff(before, after).map(
      ({ kind, text }) => `${{ same: ' ', added: '+', removed: '-', skipped: '~' }[kind]}${text}`,
    );
  it('names the lines that went and came, in place', () => {
    expect(marks('a\nb\nc\n', 'a\nx\nc\nd\n')).toEqual([' a', '-b', '+x', ' c', '+d']);
    expect(marks('a', 'a')).toEqual([' a']);
    expect(marks('', 'a')).toEqual(['-', '+a']);
  });
  it('gives back both texts, whatever they are', () => {
    for (let round = 0; round < 200; round += 1) {
      const text = (seed: number) =>
        Array.from({ length: (round * seed) % 9 }, (_, i) => 'abc'[(i * seed + round) % 3]).join('\n');
      const [before, after] = [text(5), text(7)];
      const lines = lineDiff(before, after);
      const side = (not: string) =>
        lines
          .filter((line) => line.kind !== not)
          .map((line) => line.text)
          .join('\n');
      expect([side('added'), side('removed')]).toEqual([before, after]);
    }
  });
  it('is folded to what is near a change', () => {
    const before = Array.from({ length: 20 }, (_, i) => `line ${i}`).join('\n');
    const folded = foldSame(lineDiff(before, before.replace('line 10', 'other')));
    expect(folded.map((line) => line.kind)).toEqual([
      'skipped',
      'same',
      'same',
      'removed',
      'added',
      'same',
      'same',
      'skipped',
    ]);
    expect(folded[0]?.text).toContain('8 equal lines');
  });
});
