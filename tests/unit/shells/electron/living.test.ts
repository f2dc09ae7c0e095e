import { describe, expect, it, vi } from 'vitest';
import { notesOf } from '../../../../src-main/shells/electron/failure-notes';
import { createFaultCounter } from '../../../../src-main/shells/electron/faults';
import { createKeepAwake } from '../../../../src-main/shells/electron/keep-awake';
import { quitQuestion } from '../../../../src-main/shells/electron/quit-question';
import type { AppEvent } from '../../../../src-shared/contract/events';
import type { ExecutionSummary } from '../../../../src-shared/model/execution';

const failed = (job_name: string, more: Partial<ExecutionSummary> = {}) =>
  ({
    execution_id: 'exec_1',
    job_id: 'a',
    job_name,
    status: 'failed',
    error_message: null,
    return_code: 3,
    ...more,
  }) as ExecutionSummary;

describe('what is told of failures', () => {
  it('is the job, what went wrong and where to look', () => {
    expect(notesOf([failed('Load', { error_message: '\n  no such table: t\nat line 3' })])).toEqual([
      { title: 'Load failed', body: 'no such table: t', path: '/executions/exec_1', job_id: 'a' },
    ]);
    expect(notesOf([failed('Load', { status: 'timeout' })])[0]).toMatchObject({
      title: 'Load took too long and was ended',
      body: 'exit code 3',
    });
  });

  it('is one note when many fail at once', () => {
    const notes = notesOf(['a', 'b', 'c', 'd', 'e'].map((name) => failed(name)));
    expect(notes).toEqual([
      expect.objectContaining({ title: '5 runs failed', body: 'a, b, c and 2 more', job_id: undefined }),
    ]);
  });
});

describe('quitting', () => {
  it('asks nothing when nothing runs', () => {
    expect(quitQuestion([])).toBeUndefined();
  });

  it('names what runs, and has three answers', () => {
    expect(quitQuestion(['Load'])?.message).toBe('"Load" is running');
    const many = quitQuestion(['a', 'b', 'c', 'd', 'e', 'f', 'g']);
    expect(many?.message).toBe('7 jobs are running');
    expect(many?.detail).toContain('and 2 more');
    expect(many?.choices).toEqual(['after-runs', 'now', 'stay']);
    expect(many?.buttons).toHaveLength(3);
  });
});

describe('faults of the program', () => {
  it('are too many from the fifth within a minute on', () => {
    let now = 0;
    const isTooMuch = createFaultCounter(() => now);
    expect([isTooMuch(), isTooMuch(), isTooMuch(), isTooMuch()]).toEqual([false, false, false, false]);
    now = 61_000;
    expect(isTooMuch()).toBe(false);
    expect([isTooMuch(), isTooMuch(), isTooMuch(), isTooMuch()]).toEqual([false, false, false, true]);
  });
});

describe('keeping the computer awake', () => {
  it('lasts from the first to the last run of a job that asks for it', () => {
    let tell: (event: AppEvent) => void = () => undefined;
    const block = vi.fn(() => 5);
    const release = vi.fn();
    const end = createKeepAwake({
      subscribe: (listener) => {
        tell = listener;
        return () => undefined;
      },
      asks: (job_id) => job_id === 'long',
      block,
      release,
    });
    const event = (type: string, job_id: string, execution_id: string) =>
      tell({ type, data: { execution: { job_id, execution_id } } } as AppEvent);
    event('execution.started', 'other', 'exec_1');
    expect(block).not.toHaveBeenCalled();
    event('execution.started', 'long', 'exec_2');
    event('execution.started', 'long', 'exec_3');
    event('execution.finished', 'long', 'exec_2');
    expect([block.mock.calls.length, release.mock.calls.length]).toEqual([1, 0]);
    event('execution.finished', 'long', 'exec_3');
    expect(release).toHaveBeenCalledWith(5);
    event('execution.started', 'long', 'exec_4');
    end();
    expect(release).toHaveBeenCalledTimes(2);
  });
});
