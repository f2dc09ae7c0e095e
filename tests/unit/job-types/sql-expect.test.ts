import { describe, expect, it } from 'vitest';
import { ExpectConfig, judge, type SeenResult } from '../../../src-main/job-types/sql/expect';

const result = (row_count: number, first?: SeenResult['first'], ...names: string[]): SeenResult => ({
  columns: (names.length > 0 ? names : ['n']).map((name) => ({ name, type: 'unknown' })),
  row_count,
  first,
});
const complaints = (config: unknown, results: SeenResult[], affected = 0) => {
  const { failures, warnings } = judge(ExpectConfig.parse(config), results, affected);
  return [...failures, ...warnings.map((text) => `warning: ${text}`)];
};

describe('what is expected of a result', () => {
  it.each([
    [{ rows: '>= 1' }, 1],
    [{ rows: 3 }, 3],
    [{ rows: '1..5' }, 5],
    [{ rows: '<> 0' }, 2],
    [{ rows: '< 2' }, 1],
    [{ rows: '0' }, 0],
  ])('%j is met by %i rows', (config, rows) => {
    expect(complaints(config, [result(rows)])).toEqual([]);
  });

  it.each([
    [{ rows: '>= 1' }, 0, 'expected >= 1 rows in the result; it has 0 rows'],
    [{ rows: 3 }, 1, 'expected 3 rows in the result; it has 1 row'],
    [{ rows: '1..5', severity: 'warning' }, 6, 'warning: expected 1..5 rows in the result; it has 6 rows'],
  ])('%j is not met by %i rows', (config, rows, text) => {
    expect(complaints(config, [result(rows)])).toEqual([text]);
  });

  it.each([
    [{ value: '> 0' }, 5, true],
    [{ value: '> 0' }, 0, false],
    [{ value: 'OK' }, 'OK', true],
    [{ value: 'OK' }, 'FAILED', false],
    [{ value: '!= 3' }, '3.0', false],
    [{ value: 5 }, '5.00', true],
    [{ value: true }, 1, true],
    [{ value: null }, null, true],
    [{ value: '> 0' }, null, false],
    [{ value: '>= 9007199254740993' }, 9007199254740993n, true],
  ])('%j against %s', (config, first, isMet) => {
    expect(complaints(config, [result(1, first)]).length === 0).toBe(isMet);
  });

  it('may be of columns, of changed rows, and of another result', () => {
    expect(complaints({ columns: ['a', 'c'] }, [result(0, undefined, 'a', 'b')])).toEqual([
      'expected the column "c" in the result; it has a, b',
    ]);
    expect(complaints({ rows_affected: '>= 1' }, [], 0)).toEqual([
      'expected >= 1 rows affected; there were 0',
    ]);
    expect(complaints({ rows: 0, result: 2 }, [result(5), result(1)])).toEqual([
      'expected 0 rows in result 2; it has 1 row',
    ]);
    expect(complaints([{ rows: 1 }, { value: 'x' }], [result(0)])).toEqual([
      'expected 1 rows in the result; it has 0 rows',
      'expected the value x in the result; it has no rows',
    ]);
  });

  it.each([{}, { rows: 'many' }, { rows: '> x' }, { value: '> x' }, { row: 1 }, []])(
    '%j is refused',
    (config) => {
      expect(ExpectConfig.safeParse(config).success).toBe(false);
    },
  );
});
