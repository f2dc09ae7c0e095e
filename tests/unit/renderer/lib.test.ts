import { describe, expect, it } from 'vitest';
import { createMessageReader } from '../../../src-renderer/lib/event-stream';
import {
  formatBytes,
  formatDuration,
  formatNear,
  formatRoughDuration,
  renewNearMs,
} from '../../../src-renderer/lib/time-text';
import { nextSelection, stepOfKey } from '../../../src-renderer/ui/table-keys';
import { addressOf } from '../../../src-shared/operation-address';

describe('addresses', () => {
  it('never let an id become a path', () => {
    expect(addressOf('/api/jobs/:job_id/run', { params: { job_id: '../../keys' } })).toBe(
      '/api/jobs/..%2F..%2Fkeys/run',
    );
  });
  it('write lists with commas and leave absent values out', () => {
    const query = { type: ['sql', 'python'], search: undefined, limit: 5 };
    expect(addressOf('/api/jobs', { query })).toBe('/api/jobs?type=sql%2Cpython&limit=5');
  });
});

describe('the reader of the event stream', () => {
  it('puts messages together from pieces cut anywhere, and skips heartbeats', () => {
    const text = ': alive\n\nid: 7\nevent: job.updated\ndata: {"a":1}\n\nevent: reload\nid: 9\ndata: {}\n\n';
    const expected = [
      { id: '7', event: 'job.updated', data: '{"a":1}' },
      { id: '9', event: 'reload', data: '{}' },
    ];
    for (let cut = 1; cut < text.length; cut += 1) {
      const take = createMessageReader();
      expect([...take(text.slice(0, cut)), ...take(text.slice(cut))]).toEqual(expected);
    }
  });
});

describe('durations and times in words', () => {
  it.each([
    [0, '0 ms'],
    [0.6, '0.6 s'],
    [45.23, '45.2 s'],
    [59.97, '1 min 00 s'],
    [291, '4 min 51 s'],
    [3840, '1 h 04 min'],
    [183_600, '2 d 3 h'],
    [null, '–'],
  ])('%s seconds are %s', (seconds, text) => expect(formatDuration(seconds)).toBe(text));

  it.each([
    [1320, '22 min'],
    [291, '5 min'],
    [41.3, '41 s'],
  ])('%s seconds are about %s', (seconds, text) => expect(formatRoughDuration(seconds)).toBe(text));

  const now = Date.parse('2026-11-24T12:00:00Z');
  it.each([
    [42_000, 'in 42 s'],
    [480_000, 'in 8 min'],
    [4_080_000, 'in 1 h 08 min'],
    [-90_000, '1 min ago'],
    [200, 'now'],
  ])('%s ms from now is %s', (distance, text) => expect(formatNear(now + distance, now)).toBe(text));

  it('are looked at again every second only where they count seconds', () => {
    expect(
      [-42_000, 63_000, 480_000, 86_400_000].map((distance) => renewNearMs(now + distance, now)),
    ).toEqual([1000, 1000, 5000, 60_000]);
  });

  it.each([
    [999, '999 B'],
    [18_432, '18.4 kB'],
    [2_500_000_000, '2.5 GB'],
  ])('%s bytes are %s', (bytes, text) => expect(formatBytes(bytes)).toBe(text));
});

describe('the keyboard in a table', () => {
  it('moves within the rows there are', () => {
    expect(stepOfKey('ArrowDown', { at: -1, page: 10, count: 3 })).toBe(0);
    expect(stepOfKey('PageDown', { at: 1, page: 10, count: 3 })).toBe(2);
    expect(stepOfKey('ArrowUp', { at: 0, page: 10, count: 3 })).toBe(0);
    expect(stepOfKey('x', { at: 0, page: 10, count: 3 })).toBeUndefined();
    expect(stepOfKey('End', { at: 0, page: 10, count: 0 })).toBeUndefined();
  });
  it('selects one, takes it back, and extends from the anchor both ways', () => {
    const keys = ['a', 'b', 'c', 'd'];
    const step = (selected: string[], key: string, anchor: string | undefined, how: 'toggle' | 'extend') =>
      [...nextSelection({ keys, selected: new Set(selected), key, anchor, step: how })].sort();
    expect(step([], 'b', undefined, 'toggle')).toEqual(['b']);
    expect(step(['b'], 'b', undefined, 'toggle')).toEqual([]);
    expect(step(['c'], 'a', 'c', 'extend')).toEqual(['a', 'b', 'c']);
    expect(step(['a'], 'd', 'gone', 'extend')).toEqual(['a', 'd']);
  });
});
