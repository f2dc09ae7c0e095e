import { describe, expect, it } from 'vitest';
import {
  axisMarks,
  boxOf,
  marksOf,
  spreadSlots,
} from '../../../src-renderer/features/dashboard/timeline-geometry';

const scale = { from: 0, to: 1000, width: 100 };
const iso = (instant: number) => new Date(instant).toISOString();
const run = (
  id: number,
  start: number,
  end: number | null,
  status: 'success' | 'failed' | 'running' = 'success',
) => ({
  execution_id: `exec_${id}`,
  status,
  start_time: iso(start),
  end_time: end === null ? null : iso(end),
  count: 1,
});

describe('the marks of the timeline', () => {
  it('join runs that touch and ended alike, and keep what went wrong apart', () => {
    const runs = [
      run(1, 0, 100),
      run(2, 105, 200),
      run(3, 205, 300, 'failed'),
      run(4, 305, 400),
      run(5, 600, 700),
    ];
    const marks = marksOf(runs, scale, 1000);
    expect(marks.map((mark) => [mark.run.execution_id, mark.count])).toEqual([
      ['exec_2', 2],
      ['exec_3', 1],
      ['exec_4', 1],
      ['exec_5', 1],
    ]);
    expect(marks[0]?.box).toEqual({ x: 0, width: 20 });
  });
  it('leave out what ended before, and let what runs grow to now', () => {
    const marks = marksOf([run(1, -500, -100), run(2, -500, 100), run(3, 900, null, 'running')], scale, 950);
    expect(marks.map((mark) => mark.box)).toEqual([
      { x: 0, width: 10 },
      { x: 90, width: 5 },
    ]);
  });
  it('are wide enough to be seen, within the chart', () => {
    expect(boxOf(500, 501, scale)?.width).toBe(3);
    expect(boxOf(1000, 1001, scale)).toEqual({ x: 97, width: 3 });
    expect(boxOf(1100, 1200, scale)).toBeUndefined();
  });
});

it('planned runs are drawn no closer than can be told apart', () => {
  const slots = Array.from({ length: 100 }, (_, index) => iso(index * 10));
  expect(spreadSlots(slots, scale, 8).length).toBeLessThanOrEqual(13);
});

it('the axis names whole steps that have room', () => {
  const day = {
    from: Date.parse('2026-11-24T00:00:00Z'),
    to: Date.parse('2026-11-25T00:00:00Z'),
    width: 1000,
  };
  const marks = axisMarks(day);
  expect(marks.length).toBeGreaterThan(5);
  expect(marks.length).toBeLessThanOrEqual(14);
  for (const mark of marks) expect(new Date(mark).getMinutes()).toBe(0);
});
