import { nearest } from '../../../../../src-shared/job-document/nearest';
import { type CronFieldName, cronBounds, weekdayNames } from '../../../../../src-shared/schedule/cron-field';
import { type Fix, type FixContext, type Fixer, plainWord, replaceWord, yamlWord } from './fix';

const changeTo = (context: FixContext, value: string | number | boolean): Fix => ({
  title: `Change to ${value}`,
  changes: [replaceWord(context, yamlWord(value))],
});

/** `enabled: yes` is a text in YAML 1.2. */
const booleanWord: Fixer = (context) => {
  const found = /is "\w+", read as (true|false); write/.exec(context.issue.message);
  return found ? [changeTo(context, found[1] === 'true')] : [];
};

const lastStep = (path: string): string => path.split('.').at(-1) ?? '';

/** One number of a cron field is out of its bounds: the nearest bound, or what the clock would show. */
const cronNumber: Fixer = (context) => {
  const found = /is (\d+); expected (\d+)-(\d+)/.exec(context.issue.message);
  const field = lastStep(context.issue.path) as CronFieldName;
  if (!found || !(field in cronBounds)) return [];
  const [wrong, low, high] = found.slice(1).map(Number) as [number, number, number];
  const around = low + ((wrong - low) % (high - low + 1));
  const isSunday = field === 'day_of_week' && wrong === 7;
  const wanted = isSunday ? [6] : wrong > high ? [high, around] : [low];
  const word = plainWord(context);
  return [...new Set(wanted)].map((value) => {
    const name = field === 'day_of_week' ? ` (${weekdayNames[value]})` : '';
    const text = word.replace(new RegExp(`(?<!\\d)${wrong}(?!\\d)`), String(value));
    const written = /^\d+$/.test(text) ? text : yamlWord(text);
    return { title: `Change to ${text}${name}`, changes: [replaceWord(context, written)] };
  });
};

/** The message says what to write instead of a part of the value, or of all of it. */
const writeInstead: Fixer = (context) => {
  const found = /write (?:the short \w+ name:? )?"([^"]+)"/.exec(context.issue.message);
  const wanted = found?.[1];
  if (!wanted) return [];
  const part = /is "([^"]+)"/.exec(context.issue.message)?.[1];
  const word = plainWord(context);
  const text = part && word.includes(part) ? word.replace(part, wanted) : wanted;
  return text === word ? [] : [changeTo(context, text)];
};

/** `timeout: "300"` */
const unquote: Fixer = (context) => {
  const found = /take away the quotes: ([\d.]+)\)/.exec(context.issue.message);
  return found ? [changeTo(context, Number(found[1]))] : [];
};

const unitSeconds: Readonly<Record<string, number>> = { s: 1, m: 60, h: 3600 };

/** `timeout: 5m` */
const seconds: Fixer = (context) => {
  if (!context.issue.message.includes('without a unit')) return [];
  const found = /^(\d+)\s*([smh])/i.exec(plainWord(context));
  const factor = unitSeconds[found?.[2]?.toLowerCase() ?? ''];
  return found && factor ? [changeTo(context, Number(found[1]) * factor)] : [];
};

/** A number beyond a bound. */
const bound: Fixer = (context) => {
  const found = /; expected at (?:most|least) (-?[\d.]+)$/.exec(context.issue.message);
  return found ? [changeTo(context, Number(found[1]))] : [];
};

const mostChoices = 4;

/** One of a few words was expected; the one most like it first. */
const oneOf: Fixer = (context) => {
  const meant = /\(did you mean "([^"]+)"\?\)/.exec(context.issue.message)?.[1];
  if (meant) return [changeTo(context, meant)];
  const list = /; expected ((?:"[^"]+"(?: or )?)+)$/.exec(context.issue.message)?.[1];
  if (!list) return [];
  const words = [...list.matchAll(/"([^"]+)"/g)].map((found) => found[1] ?? '');
  const best = nearest(plainWord(context), words);
  const ordered = best ? [best, ...words.filter((word) => word !== best)] : words;
  return ordered.slice(0, mostChoices).map((word) => changeTo(context, word));
};

/** A zone with a slip of the pen. */
const zone: Fixer = (context) => {
  if (!context.issue.message.includes('expected an IANA zone')) return [];
  const zones = Intl.supportedValuesOf('timeZone');
  const typed = plainWord(context);
  const city = typed.split('/').at(-1)?.toLowerCase().replace(/\s+/g, '_') ?? '';
  const byCity = zones.find((name) => name.toLowerCase().endsWith(`/${city}`));
  const lower = nearest(
    typed,
    zones.map((name) => name.toLowerCase()),
  );
  const meant = byCity ?? zones.find((name) => name.toLowerCase() === lower);
  return meant ? [changeTo(context, meant)] : [];
};

/** Values that are not what their key takes. */
export const valueTraps: readonly Fixer[] = [
  booleanWord,
  cronNumber,
  writeInstead,
  unquote,
  seconds,
  bound,
  oneOf,
  zone,
];
