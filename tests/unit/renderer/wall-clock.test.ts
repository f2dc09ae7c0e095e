import { describe, expect, it } from 'vitest';
import { fromLocalField, toLocalField } from '../../../src-renderer/lib/local-field';
import { instantOf, startOfDay, wallOf } from '../../../src-renderer/lib/wall-clock';

const at = Date.parse;
const iso = (instant: number) => new Date(instant).toISOString();

describe('the clock on a wall', () => {
  it('is read in its zone, and led back to the instant', () => {
    const noon = at('2026-07-01T12:34:56.789Z');
    expect(iso(wallOf(noon, 'Asia/Kolkata'))).toBe('2026-07-01T18:04:56.789Z');
    for (const zone of ['UTC', 'Asia/Kolkata', 'America/New_York', 'Pacific/Apia', 'Australia/Lord_Howe'])
      expect(instantOf(wallOf(noon, zone), zone)).toBe(noon);
    expect(iso(wallOf(-1, 'UTC'))).toBe('1969-12-31T23:59:59.999Z');
  });

  it('shows a time twice when clocks go back: the first counts', () => {
    expect(iso(instantOf(at('2026-10-25T02:30:00Z'), 'Europe/Berlin'))).toBe('2026-10-25T00:30:00.000Z');
  });

  it('leaves a time out when clocks go forward: it is as far behind the change', () => {
    expect(iso(instantOf(at('2026-03-29T02:30:00Z'), 'Europe/Berlin'))).toBe('2026-03-29T01:30:00.000Z');
  });

  it('begins days at midnight of the zone, and days of 23 and 25 hours follow', () => {
    const zone = 'Europe/Berlin';
    expect(iso(startOfDay(at('2026-03-29T20:00:00Z'), 0, zone))).toBe('2026-03-28T23:00:00.000Z');
    expect(iso(startOfDay(at('2026-03-29T20:00:00Z'), 1, zone))).toBe('2026-03-29T22:00:00.000Z');
    expect(iso(startOfDay(at('2026-10-25T20:00:00Z'), 1, zone))).toBe('2026-10-25T23:00:00.000Z');
  });
});

it('a field of date and time holds the time of the zone that is shown', () => {
  const field = toLocalField(at('2026-11-24T14:30:00Z'), 'America/New_York');
  expect(field).toBe('2026-11-24T09:30');
  expect(fromLocalField(field, 'America/New_York')).toBe('2026-11-24T14:30:00.000Z');
  expect([toLocalField(Number.NaN), fromLocalField(''), fromLocalField('soon')]).toEqual([
    '',
    undefined,
    undefined,
  ]);
});
