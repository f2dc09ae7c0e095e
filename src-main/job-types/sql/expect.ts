import { z } from 'zod';
import type { ResultColumn } from '../../../src-shared/model/sql-result';
import type { SqlValue } from '../../core/ports/sql-client';
import { valueText } from '../../core/sql/value-text';

const operators = ['>=', '<=', '<>', '!=', '==', '=', '>', '<'] as const;
type Operator = (typeof operators)[number];

type Rule =
  | { readonly kind: 'compare'; readonly operator: Operator; readonly operand: string }
  | { readonly kind: 'range'; readonly from: number; readonly to: number };

const number = /^[+-]?\d+(?:\.\d+)?$/;

/** `5`, `= 5`, `>= 1`, `1..100`; words only with = and !=. */
function readRule(text: string): Rule {
  const range = /^\s*([+-]?\d+(?:\.\d+)?)\s*\.\.\s*([+-]?\d+(?:\.\d+)?)\s*$/.exec(text);
  if (range) return { kind: 'range', from: Number(range[1]), to: Number(range[2]) };
  const trimmed = text.trim();
  const operator = operators.find((one) => trimmed.startsWith(one));
  return {
    kind: 'compare',
    operator: operator ?? '=',
    operand: trimmed.slice(operator?.length ?? 0).trim(),
  };
}

const isCountRule = (text: string) => {
  const rule = readRule(text);
  return rule.kind === 'range' || /^\d+$/.test(rule.operand);
};
const isValueRule = (text: string) => {
  const rule = readRule(text);
  return (
    rule.kind === 'range' || number.test(rule.operand) || ['=', '==', '!=', '<>'].includes(rule.operator)
  );
};

const Count = z.union([
  z.number().int().min(0),
  z.string().max(50).refine(isCountRule, "expected a number of rows, such as 5, '>= 1' or '1..100'"),
]);

const Expectation = z
  .strictObject({
    rows: Count.optional().describe("rows of the result, such as '>= 1'"),
    rows_affected: Count.optional().describe('rows that the whole query changed'),
    columns: z.array(z.string().max(255)).min(1).max(1000).optional().describe('columns it must have'),
    value: z
      .union([
        z.number(),
        z.boolean(),
        z.null(),
        z.string().max(500).refine(isValueRule, "expected a value, or a comparison with a number: '> 0'"),
      ])
      .optional()
      .describe("the first value of the first row, such as '> 0' or OK"),
    result: z.number().int().min(1).max(1000).optional().describe('which result is looked at; 1'),
    severity: z.enum(['failure', 'warning']).optional().describe('failure unless said'),
  })
  .refine(
    (one) => [one.rows, one.rows_affected, one.columns, one.value].some((part) => part !== undefined),
    'expected rows, rows_affected, columns or value',
  );

/** `expect:` of a job: what a good result looks like. */
export const ExpectConfig = z.union([Expectation, z.array(Expectation).min(1).max(50)]);
export type ExpectConfig = z.infer<typeof ExpectConfig>;

/** What is remembered of a result to judge it. */
export interface SeenResult {
  readonly columns: readonly ResultColumn[];
  readonly row_count: number;
  /** The first value of the first row; undefined without rows. */
  readonly first: SqlValue | undefined;
}

function compare(actual: string, rule: Rule): boolean {
  const isNumber = number.test(actual);
  if (rule.kind === 'range') return isNumber && Number(actual) >= rule.from && Number(actual) <= rule.to;
  const { operator, operand } = rule;
  const both = isNumber && number.test(operand);
  const order = both ? Math.sign(Number(actual) - Number(operand)) : Number.NaN;
  const isSame = both ? order === 0 : actual === operand;
  switch (operator) {
    case '=':
    case '==':
      return isSame;
    case '!=':
    case '<>':
      return !isSame;
    case '>=':
      return order >= 0;
    case '<=':
      return order <= 0;
    case '>':
      return order > 0;
    case '<':
      return order < 0;
  }
}

const rows = (count: number) => `${count} ${count === 1 ? 'row' : 'rows'}`;

/** What is wrong with the results, in words, apart by severity. */
export function judge(
  config: ExpectConfig | undefined,
  results: readonly SeenResult[],
  rowsAffected: number,
): { readonly failures: string[]; readonly warnings: string[] } {
  const found = { failures: [] as string[], warnings: [] as string[] };
  for (const expected of config === undefined ? [] : [config].flat()) {
    const complain = (text: string) =>
      (expected.severity === 'warning' ? found.warnings : found.failures).push(text);
    const position = expected.result ?? 1;
    const result = results[position - 1];
    const which = results.length > 1 || position > 1 ? `result ${position}` : 'the result';
    const count = result?.row_count ?? 0;
    if (expected.rows !== undefined && !compare(String(count), readRule(String(expected.rows))))
      complain(`expected ${expected.rows} rows in ${which}; it has ${rows(count)}`);
    if (
      expected.rows_affected !== undefined &&
      !compare(String(rowsAffected), readRule(String(expected.rows_affected)))
    )
      complain(`expected ${expected.rows_affected} rows affected; there were ${rowsAffected}`);
    for (const name of expected.columns ?? []) {
      if (result?.columns.some((column) => column.name === name)) continue;
      const has = result ? result.columns.map((column) => column.name).join(', ') : 'no columns';
      complain(`expected the column "${name}" in ${which}; it has ${has.slice(0, 300)}`);
    }
    if (expected.value === undefined) continue;
    if (result?.first === undefined)
      complain(`expected the value ${expected.value} in ${which}; it has no rows`);
    else {
      const { first } = result;
      const text = first === null ? null : valueText(first, result.columns[0]?.type ?? 'unknown');
      const { value } = expected;
      // SQLite and bit columns have 1 and 0 for true and false.
      const wanted =
        typeof value === 'boolean' && text !== null && /^[01]$/.test(text) ? Number(value) : value;
      const isMet =
        text === null || wanted === null ? text === wanted : compare(text, readRule(String(wanted)));
      if (!isMet)
        complain(`expected the value ${value} in ${which}; it is ${(text ?? 'NULL').slice(0, 200)}`);
    }
  }
  return found;
}
