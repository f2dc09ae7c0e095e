import { describe, expect, it } from 'vitest';
import { plainInput } from '../../../../src-main/shells/electron/plain-input';

describe('what a page sends over IPC', () => {
  it('is taken as plain data', () => {
    expect(plainInput({ query: { limit: 1 }, body: { at: new Date(0), gone: undefined } }, 1000)).toEqual({
      params: undefined,
      query: { limit: 1 },
      body: { at: '1970-01-01T00:00:00.000Z' },
    });
    expect(plainInput({ ifMatch: '"a"' }, 1000)).toMatchObject({ ifMatch: '"a"' });
    expect(plainInput(undefined, 1000)).toEqual({});
  });

  const cycle: Record<string, unknown> = {};
  cycle.self = cycle;
  it.each([
    ['a text', 'run', /takes \{params, query, body, ifMatch\}; this one got string/],
    ['a list', [1], /got object/],
    ['another part', { headers: {} }, /this one has "headers"/],
    ['a cycle', { body: cycle }, /body is no plain data/],
    ['a number JSON does not know', { body: { n: 1n } }, /body is no plain data/],
    ['a function', { query: () => 1 }, /query is no plain data/],
    ['an If-Match of any length', { ifMatch: 'x'.repeat(1001) }, /ifMatch holds 1003 characters/],
    ['too much', { body: 'x'.repeat(2000) }, /body holds 2002 characters; expected at most 1000/],
  ])('is refused when it is %s', (_what, raw, message) => {
    expect(() => plainInput(raw, 1000)).toThrow(message);
  });
});
