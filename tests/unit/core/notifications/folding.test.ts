import { describe, expect, it } from 'vitest';
import { retryWaitMs } from '../../../../src-main/core/notifications/backoff';
import { oneLine, ordinal, roughly } from '../../../../src-main/core/notifications/message';
import { failureSignature } from '../../../../src-main/core/notifications/signature';
import { noteFailure, reminderAt, type Trouble } from '../../../../src-main/core/notifications/trouble';

const rules = { afterFailures: 1, remindEverySeconds: 86_400 };
const failure = (execution_id: number, signature = 'same') => ({
  execution_id,
  at: execution_id * 1000,
  signature,
  error: signature,
});
/** Failures one after the other: which of them are told, and what is known at the end. */
function play(signatures: readonly string[], afterFailures = 1) {
  let trouble: Trouble | undefined;
  const told: number[] = [];
  for (const [index, signature] of signatures.entries()) {
    const noted = noteFailure(trouble, failure(index + 1, signature), { ...rules, afterFailures });
    trouble = noted.trouble;
    if (noted.tell) told.push(index + 1);
  }
  return { told, trouble: trouble as Trouble };
}

describe('failures', () => {
  it('that are the same are told once and counted', () => {
    const { told, trouble } = play(Array(20).fill('same'));
    expect(told).toEqual([1]);
    expect(trouble).toMatchObject({ failures: 20, untold: 19, since: 1000, first_execution_id: 1 });
  });

  it('are told from the third on when that is asked for', () => {
    expect(play(Array(5).fill('same'), 3).told).toEqual([3]);
  });

  it('of another kind are told too, and again only once', () => {
    expect(play(['a', 'a', 'b', 'a', 'b', 'c']).told).toEqual([1, 3, 6]);
  });

  it('that differ every time are told five times and no more', () => {
    expect(play(Array.from({ length: 50 }, (_, index) => `error ${index}`)).told).toHaveLength(5);
  });

  it('are reminded of a day after the last word, or never when that is asked for', () => {
    const { trouble } = play(['a']);
    expect(reminderAt(trouble, rules)).toBe(1000 + 86_400_000);
    expect(reminderAt(trouble, { ...rules, remindEverySeconds: 0 })).toBeUndefined();
    expect(reminderAt(play(['a'], 2).trouble, rules)).toBeUndefined();
  });
});

describe('the signature of a failure', () => {
  const of = (error_message: string, return_code: number | null = 1) =>
    failureSignature({ status: 'failed', error_message, return_code });

  it.each([
    ['Disk full: 1024 bytes missing', 'Disk full: 7 bytes missing'],
    ['Timeout at 2026-03-02T08:00:00Z', 'Timeout at 2026-03-09T18:21:11Z'],
    ['Row 6f9619ff-8b86-d011-b42d-00cf4fc964ff locked', 'Row 11111111-2222-3333-4444-555555555555 locked'],
    ['Process 0x1F3A died\nstack 1', 'Process 0x77 died\nstack 2'],
  ])('is the same for %j and %j', (a, b) => {
    expect(of(a)).toBe(of(b));
  });

  it('differs by text, exit code and status', () => {
    expect(of('Login failed')).not.toBe(of('Disk full'));
    expect(of('Login failed', 1)).not.toBe(of('Login failed', 2));
    expect(of('x')).not.toBe(failureSignature({ status: 'timeout', error_message: 'x', return_code: 1 }));
  });
});

describe('the words of messages', () => {
  it('are as an admin would say them', () => {
    expect([40, 90, 3600, 5400, 3 * 86_400, 90_000 * 2].map(roughly)).toEqual([
      '40 s',
      '2 min',
      '1 h',
      '1 h 30 min',
      '3 d',
      '2 d 2 h',
    ]);
    expect([1, 2, 3, 4, 11, 22].map(ordinal)).toEqual(['1st', '2nd', '3rd', '4th', '11th', '22nd']);
  });

  it('keep to one line, whatever a name holds', () => {
    expect(oneLine('a\r\nBcc: x\u2028y\u0000z')).toBe('a Bcc: x y z');
  });
});

describe('the wait before another try', () => {
  it('doubles to an hour, and heeds what the receiver asks for', () => {
    expect([1, 2, 3, 8, 40].map((attempts) => retryWaitMs(attempts) / 1000)).toEqual([
      30, 60, 120, 3600, 3600,
    ]);
    expect(retryWaitMs(1, 300)).toBe(300_000);
    expect(retryWaitMs(1, 1e9)).toBe(3_600_000);
  });
});
