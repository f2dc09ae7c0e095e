import type { z } from 'zod';
import type { Issue } from '../model/issue';
import { nearest } from './nearest';
import { keysAt } from './schema-keys';

type Path = readonly (string | number)[];

/** `jobs[2].schedule.hour` */
export function pathText(path: Path): string {
  return path.reduce<string>(
    (text, step) => (typeof step === 'number' ? `${text}[${step}]` : text === '' ? step : `${text}.${step}`),
    '',
  );
}

/** A value as a message shows it: short, on one line. */
export function shownValue(value: unknown): string {
  if (value === undefined) return 'missing';
  if (value === null) return 'empty';
  if (Array.isArray(value)) return value.length === 0 ? 'an empty list' : 'a list';
  if (typeof value === 'object') return 'a mapping';
  const text = typeof value === 'string' ? JSON.stringify(value) : String(value);
  return text.length > 80 ? `${text.slice(0, 79)}…` : text;
}

function valueAt(value: unknown, path: Path): unknown {
  return path.reduce<unknown>(
    (found, step) =>
      typeof found === 'object' && found !== null
        ? (found as Record<string | number, unknown>)[step]
        : undefined,
    value,
  );
}

const kinds: Readonly<Record<string, string>> = {
  string: 'text',
  number: 'a number',
  int: 'a whole number',
  boolean: 'true or false',
  array: 'a list',
  object: 'a mapping of keys',
  record: 'a mapping of keys',
};

/** What was probably meant where a number was expected. */
function numberHint(value: unknown): string {
  if (typeof value !== 'string') return '';
  if (/^\d+(\.\d+)?$/.test(value)) return ` (take away the quotes: ${value})`;
  const clock = /^(\d{1,3}):(\d{2})(?::(\d{2}))?$/.exec(value);
  if (clock) return ' (a time of day? give the number of seconds, or use cron_params)';
  const unit = /^(\d+)\s*(s|sec|m|min|h|hours?|minutes?|seconds?)$/i.exec(value);
  if (unit) return ' (a plain number of seconds, without a unit)';
  return '';
}

/** What the branches of a union are. */
function kindsOf({ errors }: z.core.$ZodIssueInvalidUnion): readonly string[] {
  const named = errors.flat().flatMap((one) => {
    if (one.path.length > 0) return [];
    if (one.code === 'invalid_value') return one.values.map((value) => JSON.stringify(value));
    return one.code === 'invalid_type' ? [kinds[one.expected] ?? one.expected] : [];
  });
  return named.length > 0 ? [...new Set(named)] : ['another form'];
}

function typeHint(expected: string, value: unknown): string {
  if (expected === 'number' || expected === 'int') return numberHint(value);
  return expected === 'array' && typeof value === 'string' ? ' (in YAML: [one, two])' : '';
}

/** zod's own words for a length are none for an admin; ours stand as they are. */
function lengthInWords(issue: z.core.$ZodIssueTooSmall | z.core.$ZodIssueTooBig, bound: string): string {
  if (!/^Too (small|big)/.test(issue.message)) return issue.message;
  const unit =
    issue.origin === 'array'
      ? bound === '1'
        ? 'entry'
        : 'entries'
      : bound === '1'
        ? 'character'
        : 'characters';
  return `expected at ${issue.code === 'too_small' ? 'least' : 'most'} ${bound} ${unit}`;
}

function expectation(issue: z.core.$ZodIssue, value: unknown): string {
  switch (issue.code) {
    case 'invalid_type':
      return `expected ${kinds[issue.expected] ?? issue.expected}${typeHint(issue.expected, value)}`;
    case 'invalid_value':
      return `expected ${issue.values.map((one) => JSON.stringify(one)).join(' or ')}`;
    case 'too_small':
    case 'too_big': {
      const isSmall = issue.code === 'too_small';
      const bound = String(isSmall ? issue.minimum : issue.maximum);
      if (issue.origin === 'string' || issue.origin === 'array') return lengthInWords(issue, bound);
      return isSmall ? `expected at least ${bound}` : `expected at most ${bound}`;
    }
    case 'invalid_key':
      return `this name ${issue.issues[0]?.message ?? 'is not allowed'}`;
    case 'invalid_union': {
      // The branch for texts says what a text should look like; the others only that it is no number.
      const spoken = issue.errors.flat().find((one) => /^(expected|is |must )/.test(one.message));
      return spoken?.message ?? `expected ${kindsOf(issue).join(' or ')}`;
    }
    default:
      return issue.message;
  }
}

/** Of a union's branches, the complaints of the one that came closest: fewest, and about values deepest inside. */
function closestBranch(issue: z.core.$ZodIssueInvalidUnion): readonly z.core.$ZodIssue[] | undefined {
  const ranked = [...issue.errors].sort(
    (a, b) =>
      Math.max(0, ...b.map((one) => one.path.length)) - Math.max(0, ...a.map((one) => one.path.length)) ||
      a.length - b.length,
  );
  const [best] = ranked;
  return best?.some((one) => one.path.length > 0 || one.code === 'unrecognized_keys') ? best : undefined;
}

/** Words that other schedulers, or people, use for a key of ours. */
const otherNames: Readonly<Record<string, string>> = {
  args: 'arguments',
  cmd: 'command',
  code: 'script_content',
  cron: 'expression',
  crontab: 'expression',
  cwd: 'working_directory',
  env: 'environment',
  retries: 'max_retries',
  script: 'script_path',
  time_zone: 'timezone',
  tz: 'timezone',
  workdir: 'working_directory',
};

/** The key that was probably meant. */
function meantKey(key: string, known: readonly string[]): string | undefined {
  const other = otherNames[key.toLowerCase()];
  return other !== undefined && known.includes(other) ? other : nearest(key, known);
}

const mostKeys = 8;

/** Which keys the mapping that was expected would have. */
function keysHint(expected: string, keys: readonly string[]): string {
  if (keys.length === 0 || !expected.endsWith(kinds.object as string)) return '';
  return ` (${keys.slice(0, mostKeys).join(', ')}${keys.length > mostKeys ? ', ...' : ''})`;
}

export interface WordedIssue {
  readonly path: Path;
  readonly issue: Issue;
  /** What is wrong without the value that was given, where that may not be shown. */
  readonly expected: string;
}

/**
 * zod's issues in an admin's words: the thing, its value and what was expected. `prefix` is the path of `value`
 * in the document, `schema` what it was checked against: an unknown key is compared with those that stand at its place,
 * at the top with `further` ones too.
 */
export function issuesInWords(
  issues: readonly z.core.$ZodIssue[],
  value: unknown,
  prefix: Path,
  schema: z.ZodType,
  further: readonly string[] = [],
): WordedIssue[] {
  const worded = wordsOf(issues, value, prefix, (path) => [
    ...keysAt(schema, path.slice(prefix.length)),
    ...(path.length === prefix.length ? further : []),
  ]);
  // A key that is misspelt is missing as well: one mistake, told once.
  const meant = new Set(worded.flatMap((one) => (one.meant ? [pathText(one.meant)] : [])));
  return worded.filter(({ issue, isMissing }) => !isMissing || !meant.has(issue.path));
}

function wordsOf(
  issues: readonly z.core.$ZodIssue[],
  value: unknown,
  prefix: Path,
  keysOf: (path: Path) => readonly string[],
): (WordedIssue & { readonly meant?: Path; readonly isMissing?: boolean })[] {
  return issues.flatMap((issue) => {
    const inner = issue.path as Path;
    const path = [...prefix, ...inner];
    if (issue.code === 'unrecognized_keys') {
      return issue.keys.map((key) => {
        const meant = meantKey(key, keysOf(path));
        const at = [...path, key];
        const message = `unknown key "${key}"${meant ? `; did you mean "${meant}"?` : ''}`;
        return {
          path: at,
          issue: { path: pathText(at), message, severity: 'error' as const },
          expected: message,
          ...(meant ? { meant: [...path, meant] } : {}),
        };
      });
    }
    if (issue.code === 'invalid_union') {
      const branch = closestBranch(issue);
      if (branch) return wordsOf(branch, valueAt(value, inner), path, keysOf);
    }
    // A list that was written as one text, as in a query: the text is what was given.
    const isInText =
      typeof inner.at(-1) === 'number' && typeof valueAt(value, inner.slice(0, -1)) === 'string';
    const place = isInText ? path.slice(0, -1) : path;
    const found = valueAt(value, isInText ? inner.slice(0, -1) : inner);
    const said = expectation(issue, found);
    const keys = keysHint(said, keysOf(path));
    const expected = `${said}${keys}`;
    const joint = /^is\b/.test(expected) ? ', which ' : '; ';
    const message = `${pathText(place) || 'the job'} is ${shownValue(found)}${joint}${expected}`;
    return [
      {
        path: place,
        issue: { path: pathText(place), message, severity: 'error' as const },
        expected: `${expectation(issue, undefined)}${keys}`,
        isMissing: found === undefined,
      },
    ];
  });
}
