import { type CronField, CronFieldError, type CronFieldName, parseCronField } from './cron-field';

const order: readonly CronFieldName[] = ['minute', 'hour', 'day', 'month', 'day_of_week'];
const sundayFirst = ['sun', 'mon', 'tue', 'wed', 'thu', 'fri', 'sat'];

export interface Crontab {
  readonly fields: Readonly<Partial<Record<CronFieldName, CronField>>>;
  /** Crontab's odd rule: when day and weekday are both restricted, either may match. */
  readonly eitherDay: boolean;
}

/** Crontab counts Sunday as 0 and 7; ours is Monday = 0. Ranges may wrap over the week's end there. */
function weekdays(text: string): CronField {
  if (text === '*') return parseCronField('day_of_week', '*');
  const number = (word: string): number => {
    const index = sundayFirst.indexOf(word.toLowerCase());
    if (index >= 0) return index;
    if (/^[0-7]$/.test(word)) return Number(word);
    throw new CronFieldError(`is "${word}"; expected 0-7 (0 and 7 are Sunday) or ${sundayFirst.join(', ')}`);
  };
  const found = new Set<number>();
  let isWildcard = false;
  for (const piece of text.split(',')) {
    const match = /^(\*|[a-z]{3}|\d)(?:-([a-z]{3}|\d))?(?:\/(\d+))?$/i.exec(piece);
    if (!match)
      throw new CronFieldError(`is "${piece.slice(0, 60)}"; expected 0-7, a range, a step or a comma list`);
    const [, first = '', last, stepText] = match;
    const isStar = first === '*';
    isWildcard ||= isStar;
    const from = isStar ? 0 : number(first);
    const to = isStar ? 6 : last !== undefined ? number(last) : stepText !== undefined ? 6 : from;
    const step = stepText === undefined ? 1 : Number(stepText);
    if (step < 1 || step > 7) throw new CronFieldError(`is "${piece}"; the step must be 1-7`);
    if (from > to)
      throw new CronFieldError(`is "${piece}", a range that runs backwards; list the days with commas`);
    for (let day = from; day <= to; day += step) found.add((day + 6) % 7);
  }
  return { values: [...found].sort((a, b) => a - b), dayRules: [], isWildcard, text };
}

/** Parses a five-field crontab string. Throws CronFieldError naming the field. */
export function parseCrontab(expression: string): Crontab {
  const words = expression.trim().split(/\s+/);
  if (expression.length > 2000)
    throw new CronFieldError(`is ${expression.length} characters long; expected at most 2000`);
  if (expression.trim().startsWith('@')) {
    throw new CronFieldError(
      `is "${expression.trim().slice(0, 20)}"; nicknames are not known, write five fields such as "0 0 * * *"`,
    );
  }
  if (words.length !== 5) {
    throw new CronFieldError(
      `has ${words.length} fields; expected 5: minute hour day month weekday${words.length === 6 ? ' (seconds go into cron_params)' : ''}`,
    );
  }
  const fields: Partial<Record<CronFieldName, CronField>> = {};
  order.forEach((name, index) => {
    const word = words[index] ?? '';
    try {
      fields[name] = name === 'day_of_week' ? weekdays(word) : parseCronField(name, word);
    } catch (error) {
      if (error instanceof CronFieldError) throw new CronFieldError(`: ${name} ${error.message}`);
      throw error;
    }
  });
  const isRestricted = (field: CronField | undefined) => field !== undefined && !field.text.startsWith('*');
  return { fields, eitherDay: isRestricted(fields.day) && isRestricted(fields.day_of_week) };
}
