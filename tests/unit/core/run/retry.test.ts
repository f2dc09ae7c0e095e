import { describe, expect, it } from 'vitest';
import { isRetryable, retryDelay } from '../../../../src-main/core/run/retry';

const failed = { status: 'failed', error_class: 'exit_code', return_code: 3 } as const;

describe('a failed attempt', () => {
  it.each([
    [failed, undefined, true],
    [{ ...failed, error_class: 'spawn', return_code: null } as const, undefined, true],
    [{ ...failed, error_class: 'configuration', return_code: null } as const, undefined, false],
    [
      { ...failed, error_class: 'configuration', return_code: null } as const,
      ['configuration' as const],
      true,
    ],
    [{ ...failed, error_class: 'connection', return_code: null } as const, undefined, true],
    [{ ...failed, error_class: 'timeout', return_code: null } as const, undefined, false],
    [{ status: 'timeout', error_class: 'timeout', return_code: null } as const, undefined, false],
    [{ status: 'timeout', error_class: 'stalled', return_code: null } as const, undefined, false],
    [{ status: 'cancelled', error_class: 'other', return_code: null } as const, ['other' as const], false],
    [{ status: 'interrupted', error_class: 'other', return_code: null } as const, ['other' as const], false],
    [failed, [3, 5], true],
    [failed, [5], false],
    [failed, ['exit_code' as const], true],
    [failed, ['timeout' as const], false],
    [{ status: 'timeout', error_class: 'timeout', return_code: 3 } as const, [3], false],
    [{ status: 'timeout', error_class: 'timeout', return_code: null } as const, ['timeout' as const], true],
    [{ status: 'timeout', error_class: 'stalled', return_code: null } as const, ['timeout' as const], false],
  ])('%j with retry_on %j: tried again: %s', (attempt, retryOn, expected) => {
    expect(isRetryable(attempt, retryOn)).toBe(expected);
  });
});

describe('the wait before the next attempt', () => {
  const waits = (...rest: [Parameters<typeof retryDelay>[1], number?]) =>
    [1, 2, 3, 4, 8].map((count) => retryDelay(60, rest[0], count, rest[1] ?? 0));

  it('stays the same unless it is said to grow', () => {
    expect(waits(undefined)).toEqual([60, 60, 60, 60, 60]);
    expect(waits('fixed')).toEqual([60, 60, 60, 60, 60]);
  });
  it('doubles, up to an hour, when exponential', () => {
    expect(waits('exponential')).toEqual([60, 120, 240, 480, 3600]);
  });
  it('grows as it is told and never beyond the maximum', () => {
    expect(waits({ type: 'exponential', multiplier: 3, max_delay: 500 })).toEqual([60, 180, 500, 500, 500]);
  });
  it('is shortened by chance within the jitter, never lengthened', () => {
    expect(waits({ type: 'fixed', jitter: 0.5 }, 0.999)[0]).toBeCloseTo(30, 0);
    expect(waits({ type: 'exponential', max_delay: 100, jitter: 0.2 }, 0)).toEqual([60, 100, 100, 100, 100]);
  });
  it('is never shorter than nothing, and an hour-long delay is not cut', () => {
    expect(retryDelay(0, 'exponential', 5, 0.5)).toBe(0);
    expect(retryDelay(7200, 'exponential', 1, 0)).toBe(7200);
  });
});
