import { describe, expect, it } from 'vitest';
import { slotText } from '../../../src-renderer/lib/slot-text';

const now = Date.parse('2026-11-24T12:00:00Z');
const at = (instant: string, zone: string, viewer: string) =>
  slotText(Date.parse(instant), zone, now, viewer);

describe('a planned time in words', () => {
  it('is told in the job’s zone, and here where that clock shows something else', () => {
    const { day, clock, here } = at('2026-11-28T04:30:00Z', 'America/New_York', 'Europe/Berlin');
    expect(day).toContain('27');
    expect(clock).toMatch(/^(23|11):30/);
    expect(here).toMatch(/28.* 0?5:30.* here$/);
    expect(at('2026-11-27T13:30:00Z', 'America/New_York', 'Europe/Berlin').here).not.toContain('27');
  });

  it('says nothing of here where both clocks agree, though the zones have other names', () => {
    expect(at('2026-11-28T04:30:00Z', 'Europe/Paris', 'Europe/Berlin').here).toBeUndefined();
    // In summer London is not at UTC.
    expect(at('2026-12-28T04:30:00Z', 'UTC', 'Europe/London').here).toBeUndefined();
    expect(at('2027-06-28T04:30:00Z', 'UTC', 'Europe/London').here).toMatch(/5:30.* here$/);
  });

  it('tells seconds where they are not zero', () => {
    expect(at('2026-11-28T04:30:15Z', 'UTC', 'UTC').clock).toContain(':15');
    expect(at('2026-11-28T04:30:00Z', 'UTC', 'UTC').clock).not.toContain(':00');
  });
});
