/** The eight fields of cron_params, most significant first, with APScheduler's bounds (docs/schedules.md). */
export const cronFieldNames = [
  'year',
  'month',
  'day',
  'week',
  'day_of_week',
  'hour',
  'minute',
  'second',
] as const;
export type CronFieldName = (typeof cronFieldNames)[number];

export const cronBounds: Readonly<Record<CronFieldName, readonly [number, number]>> = {
  year: [1970, 9999],
  month: [1, 12],
  day: [1, 31],
  week: [1, 53],
  day_of_week: [0, 6],
  hour: [0, 23],
  minute: [0, 59],
  second: [0, 59],
};

export const monthNames = [
  'jan',
  'feb',
  'mar',
  'apr',
  'may',
  'jun',
  'jul',
  'aug',
  'sep',
  'oct',
  'nov',
  'dec',
];
export const weekdayNames = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'];

/** One rule of a day field that depends on the month. Weekdays count from 0 = Monday. */
export type DayRule =
  | { readonly kind: 'last' }
  | { readonly kind: 'nth'; readonly nth: 1 | 2 | 3 | 4 | 5; readonly weekday: number }
  | { readonly kind: 'last_weekday'; readonly weekday: number };

/** A parsed field. */
export interface CronField {
  /** Matching values, ascending; `null` means every value. */
  readonly values: readonly number[] | null;
  readonly dayRules: readonly DayRule[];
  /** Written with `*` or a step over everything: for hours this means both sides of a repeated hour run. */
  readonly isWildcard: boolean;
  /** As the author wrote it. */
  readonly text: string;
}

/** What is wrong with an expression, and what was expected or probably meant. */
export class CronFieldError extends Error {}

const longestExpression = 2000;
const ordinals = ['1st', '2nd', '3rd', '4th', '5th'];

function fail(message: string): never {
  throw new CronFieldError(message);
}

const shown = (text: string): string => (text.length > 60 ? `"${text.slice(0, 60)}…"` : `"${text}"`);

function hint(field: CronFieldName, text: string): string {
  if (text === '') return 'an empty part; take out the extra comma, or leave the field out';
  if (/^@/.test(text)) return 'a crontab nickname; write the fields, e.g. hour: 0, minute: 0';
  if (/^l$/i.test(text)) return 'Quartz\'s L; write "last"';
  if (/^\d+w$/i.test(text)) return "Quartz's W, which is not known here";
  if (text === '?') return 'Quartz\'s ?; leave the field out, or write "*"';
  const hash = /^([a-z]{3})#([1-5])$/i.exec(text);
  if (hash) return `Quartz's #; write day: "${ordinals[Number(hash[2]) - 1]} ${hash[1]?.toLowerCase()}"`;
  if (/^\d+\.\d+$/.test(text)) return 'not a whole number';
  if (/;/.test(text)) return 'separated by ";"; use a comma';
  if (/^-\d+$/.test(text)) return 'negative';
  const [low, high] = cronBounds[field];
  return `not understood; expected ${low}-${high}, a range a-b, a step */n, or a comma list of these`;
}

function named(field: CronFieldName, text: string): number | undefined {
  const names = field === 'month' ? monthNames : field === 'day_of_week' ? weekdayNames : undefined;
  if (!names || !/^[a-z]+$/i.test(text)) return undefined;
  const index = names.indexOf(text.toLowerCase());
  if (index < 0) {
    const short = names.find((name) => text.toLowerCase().startsWith(name));
    const kind = field === 'month' ? 'month' : 'weekday';
    fail(
      short
        ? `is ${shown(text)}; write the short ${kind} name "${short}"`
        : `is ${shown(text)}; expected a ${kind} name ${names.join(', ')}`,
    );
  }
  return field === 'month' ? index + 1 : index;
}

function bounded(field: CronFieldName, value: number): number {
  const [low, high] = cronBounds[field];
  if (value < low || value > high) {
    const sunday = field === 'day_of_week' && value === 7 ? '; Sunday is 6 (or "sun"), as Monday is 0' : '';
    fail(`is ${value}; expected ${low}-${high}${sunday}`);
  }
  return value;
}

function stepped(
  field: CronFieldName,
  from: number,
  to: number,
  stepText: string | undefined,
  text: string,
): number[] {
  const step = stepText === undefined ? 1 : Number(stepText);
  if (step === 0) fail(`is ${shown(text)}; the step must be at least 1`);
  // APScheduler refuses a step beyond the range: it would match the first value alone, which nobody means.
  if (stepText !== undefined && step > to - from) {
    fail(
      `is ${shown(text)}; the step ${step} is larger than the range ${from}-${to} allows (at most ${to - from})`,
    );
  }
  const values: number[] = [];
  for (let value = from; value <= to; value += step) values.push(value);
  if (values.length > 10_000) fail(`is ${shown(text)}; that is too many values for ${field}`);
  return values;
}

function dayRule(text: string): DayRule | undefined {
  const lower = text.toLowerCase();
  if (lower === 'last') return { kind: 'last' };
  const match = /^(1st|2nd|3rd|4th|5th|last)\s+(\S.*)$/.exec(lower);
  if (!match) return undefined;
  const [, which = '', name = ''] = match;
  const weekday = weekdayNames.indexOf(name);
  if (weekday < 0) {
    const short = weekdayNames.find((known) => name.startsWith(known));
    fail(
      short && /^[a-z]+$/.test(name)
        ? `is ${shown(text)}; write the short weekday name: "${which} ${short}"`
        : `is ${shown(text)}; after "${which}" expected a weekday ${weekdayNames.join(', ')}`,
    );
  }
  if (which === 'last') return { kind: 'last_weekday', weekday };
  return { kind: 'nth', nth: (ordinals.indexOf(which) + 1) as 1, weekday };
}

function part(
  field: CronFieldName,
  text: string,
): { values: number[] | null; rule?: DayRule; isWildcard: boolean } {
  const [low, high] = cronBounds[field];
  const star = /^\*(?:\/(\d+))?$/.exec(text);
  if (star) {
    if (star[1] === undefined) return { values: null, isWildcard: true };
    return { values: stepped(field, low, high, star[1], text), isWildcard: true };
  }
  const numeric = /^(\d{1,9})(?:-(\d{1,9}))?(?:\/(\d{1,9}))?$/.exec(text);
  if (numeric) {
    const from = bounded(field, Number(numeric[1]));
    const hasStep = numeric[3] !== undefined;
    const to = numeric[2] !== undefined ? bounded(field, Number(numeric[2])) : hasStep ? high : from;
    if (from > to) {
      fail(`is ${shown(text)}, a range that runs backwards; write "${from}-${high},${low}-${to}"`);
    }
    return { values: stepped(field, from, to, numeric[3], text), isWildcard: false };
  }
  if (field === 'day') {
    const rule = dayRule(text);
    if (rule) return { values: [], rule, isWildcard: false };
  }
  const range = /^([a-z]+)-([a-z]+)$/i.exec(text);
  if (range && (field === 'month' || field === 'day_of_week')) {
    const from = named(field, range[1] ?? '') as number;
    const to = named(field, range[2] ?? '') as number;
    if (from > to)
      fail(`is ${shown(text)}, a range that runs backwards; list the days or months, with commas`);
    return { values: stepped(field, from, to, undefined, text), isWildcard: false };
  }
  const single = named(field, text);
  if (single !== undefined) return { values: [single], isWildcard: false };
  return fail(`is ${shown(text)}, ${hint(field, text)}`);
}

function readCronField(field: CronFieldName, written: string | number): CronField {
  if (typeof written === 'number') {
    if (!Number.isInteger(written)) fail(`is ${written}; expected a whole number`);
    const value = bounded(field, written);
    return { values: [value], dayRules: [], isWildcard: false, text: String(written) };
  }
  const text = written.trim();
  if (text.length > longestExpression) {
    fail(`is ${text.length} characters long; expected at most ${longestExpression}`);
  }
  const values = new Set<number>();
  const dayRules: DayRule[] = [];
  let isEvery = false;
  let isWildcard = false;
  for (const piece of text.split(',')) {
    const parsed = part(field, piece.trim());
    if (parsed.values === null) isEvery = true;
    else for (const value of parsed.values) values.add(value);
    if (parsed.rule) dayRules.push(parsed.rule);
    isWildcard ||= parsed.isWildcard;
  }
  const sorted = [...values].sort((a, b) => a - b);
  return { values: isEvery ? null : sorted, dayRules: isEvery ? [] : dayRules, isWildcard, text };
}

/** Ten thousand jobs write the same few fields: each is read once, and all hold the same small object. */
const known = new Map<string, CronField>();
const mostKnown = 5000;

/**
 * Parses one field of cron_params. Throws CronFieldError with the rest of a sentence that begins with the
 * field's name: `is 25; expected 0-23`.
 */
export function parseCronField(field: CronFieldName, written: string | number): CronField {
  const key = `${field} ${typeof written} ${written}`;
  const found = known.get(key);
  if (found) return found;
  const read = readCronField(field, written);
  if (known.size >= mostKnown) known.clear();
  if (key.length < 200) known.set(key, read);
  return read;
}
