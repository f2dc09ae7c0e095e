/** The five fields of a crontab line as sets of values, by the rules of Vixie cron (crontab(5)). */
export interface CronLine {
  readonly minutes: ReadonlySet<number>;
  readonly hours: ReadonlySet<number>;
  readonly days: ReadonlySet<number>;
  readonly months: ReadonlySet<number>;
  /** 0 = Sunday. */
  readonly weekdays: ReadonlySet<number>;
  /** Fields that begin with `*`, whatever follows: crontab asks for the first character alone. */
  readonly hasStarDay: boolean;
  readonly hasStarWeekday: boolean;
  /** A star in minute or hour: cron follows the clock as it is, and makes nothing up at a clock change. */
  readonly followsClock: boolean;
  /** The fields as they can be written in a schedule here. */
  readonly expression: string;
}

/** What is wrong with a field, as a sentence. */
export class CronLineError extends Error {}

const monthNames = 'jan feb mar apr may jun jul aug sep oct nov dec'.split(' ');
const dayNames = 'sun mon tue wed thu fri sat'.split(' ');

interface FieldRule {
  readonly name: string;
  readonly low: number;
  readonly high: number;
  readonly names?: readonly string[];
}

const rules: readonly FieldRule[] = [
  { name: 'minute', low: 0, high: 59 },
  { name: 'hour', low: 0, high: 23 },
  { name: 'day of month', low: 1, high: 31 },
  { name: 'month', low: 1, high: 12, names: monthNames },
  { name: 'day of week', low: 0, high: 7, names: dayNames },
];

/** Nicknames of crontab(5); the times they stand for. */
export const nicknames: Readonly<Record<string, string>> = {
  '@yearly': '0 0 1 1 *',
  '@annually': '0 0 1 1 *',
  '@monthly': '0 0 1 * *',
  '@weekly': '0 0 * * 0',
  '@daily': '0 0 * * *',
  '@midnight': '0 0 * * *',
  '@hourly': '0 * * * *',
};

const foreign: readonly [RegExp, string][] = [
  [/~/, 'takes a moment by chance (~), which is chosen anew whenever the file is read'],
  [/#/, "is Quartz's #, which crontab does not know"],
  [/^\d*[LW]$/i, "is Quartz's L or W, which crontab does not know"],
  [/\?/, "is Quartz's ?, which crontab does not know"],
  [/^H/, "is Jenkins' H, which crontab does not know"],
];

function numberOf(rule: FieldRule, word: string, whole: string): number {
  const byName = rule.names?.indexOf(word.toLowerCase()) ?? -1;
  const value = byName >= 0 ? byName + (rule.name === 'month' ? 1 : 0) : Number(word);
  if (byName < 0 && !/^\d{1,4}$/.test(word)) {
    const known = foreign.find(([form]) => form.test(whole));
    throw new CronLineError(
      `${rule.name} ${known ? `"${whole}" ${known[1]}` : `is "${whole}"; expected ${rule.low}-${rule.high}, a range, a step or a comma list`}`,
    );
  }
  if (value < rule.low || value > rule.high)
    throw new CronLineError(`${rule.name} is ${value}; expected ${rule.low}-${rule.high}`);
  return value;
}

function readField(rule: FieldRule, text: string): Set<number> {
  const values = new Set<number>();
  for (const part of text.split(',')) {
    const match = /^(\*|[^-/]+)(?:-([^-/]+))?(?:\/(\d{1,4}))?$/.exec(part);
    if (!match) numberOf(rule, 'not a value', text);
    const [, first = '', last, stepText] = match ?? [];
    const isStar = first === '*';
    if (stepText !== undefined && !isStar && last === undefined)
      throw new CronLineError(
        `${rule.name} is "${part}": a step needs a range or * in front of it; programs read this differently`,
      );
    const from = isStar ? rule.low : numberOf(rule, first, part);
    const to = isStar
      ? rule.name === 'day of week'
        ? 6
        : rule.high
      : last === undefined
        ? from
        : numberOf(rule, last, part);
    const step = stepText === undefined ? 1 : Number(stepText);
    if (step === 0) throw new CronLineError(`${rule.name} is "${part}"; the step must be at least 1`);
    if (from > to) throw new CronLineError(`${rule.name} is "${part}", a range that runs backwards`);
    for (let value = from; value <= to; value += step)
      values.add(rule.name === 'day of week' ? value % 7 : value);
  }
  return values;
}

/** The largest steps the schedules here take; a larger one means the first value alone. */
const largestStep: Readonly<Record<string, number>> = {
  minute: 59,
  hour: 23,
  'day of month': 30,
  month: 11,
  'day of week': 7,
};

/** `*` and its steps stay as they are; anything else that is read differently here is written as its values. */
function written(text: string, values: ReadonlySet<number>, name: string): string {
  const step = /^\*\/(\d+)$/.exec(text);
  if (text === '*' || Number(step?.[1]) === 1) return '*';
  if (step && Number(step[1]) <= (largestStep[name] ?? 0)) return text;
  if (/^\d+(-\d+)?(,\d+(-\d+)?)*$/.test(text) && !(name === 'day of week' && text.includes('7'))) return text;
  return [...values].sort((a, b) => a - b).join(',');
}

/** Reads five fields. Throws CronLineError. */
export function readCronLine(fields: readonly string[]): CronLine {
  const texts = fields.slice(0, 5);
  const sets = rules.map((rule, index) => readField(rule, texts[index] ?? ''));
  const [minutes, hours, days, months, weekdays] = sets as [
    Set<number>,
    Set<number>,
    Set<number>,
    Set<number>,
    Set<number>,
  ];
  const isStar = (index: number) => texts[index]?.startsWith('*') ?? false;
  return {
    minutes,
    hours,
    days,
    months,
    weekdays,
    hasStarDay: isStar(2),
    hasStarWeekday: isStar(4),
    followsClock: isStar(0) || isStar(1),
    expression: rules
      .map((rule, index) => written(texts[index] ?? '', sets[index] ?? new Set(), rule.name))
      .join(' '),
  };
}
