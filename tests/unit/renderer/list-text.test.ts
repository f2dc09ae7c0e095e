import { describe, expect, it } from 'vitest';
import { readList, writeList } from '../../../src-renderer/lib/list-text';

describe('a list as text', () => {
  it.each([
    [[], ''],
    [['night', 'etl'], 'night, etl'],
    [['north, south', 'etl'], '"north, south", etl'],
    [['say "no"', ' spaced '], '"say ""no""", " spaced "'],
    [[',', '"'], '",", """"'],
    [['two words', 'naïve', '\u202Egnp'], 'two words, naïve, \u202Egnp'],
  ])('is read as it was written: %j', (values, text) => {
    expect(writeList(values)).toBe(text);
    expect(readList(text)).toEqual(values);
    expect(readList(writeList(values, ','))).toEqual(values);
  });
  it('has no entry where nothing is written, and forgives an open quote', () => {
    expect(readList(' , a ,,b, ')).toEqual(['a', 'b']);
    expect(readList('a, "b, c')).toEqual(['a', 'b, c']);
  });
});
