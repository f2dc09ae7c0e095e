import type { LeftOut } from '../converted-job';

export type CrontabFormat = 'user' | 'system' | 'auto';

/** A line that runs something, with the variables set above it. */
export interface CrontabEntry {
  readonly line: number;
  readonly text: string;
  /** Five fields, or one nickname. */
  readonly when: readonly string[];
  readonly user: string | undefined;
  readonly command: string;
  readonly variables: ReadonlyMap<string, string>;
  /** The comment lines right above it. */
  readonly comment: string;
}

export interface CrontabReading {
  readonly format: 'user' | 'system';
  readonly entries: readonly CrontabEntry[];
  readonly leftOut: readonly LeftOut[];
}

const userName = /^[A-Za-z_][A-Za-z0-9_.-]{0,31}\$?(?::[A-Za-z0-9_.-]+)?(?:\/[A-Za-z0-9_.-]+)?$/;
/** First words of commands that look like the names of users. */
const commonPrograms = new Set(
  'test cd if for while sh bash env find rm cp mv tar cat echo python python3 perl php ruby node java curl wget rsync mysqldump pg_dump flock nice ionice timeout sudo run-parts command'.split(
    ' ',
  ),
);

const contentOf = (line: string): string => line.replace(/^\s+/, '');
const isNickname = (text: string): boolean => text.startsWith('@');
/** Not behind five fields: `NAME = value`, the name perhaps in quotes. */
const variable = /^(?:"([^"]+)"|'([^']+)'|([A-Za-z_][A-Za-z0-9_]*))\s*=\s*(.*)$/;

function split(line: string): { readonly when: string[]; readonly rest: string } | undefined {
  const count = isNickname(line) ? 1 : 5;
  const match = new RegExp(`^((?:\\S+\\s+){${count}})(\\S[\\s\\S]*)$`).exec(line);
  return match ? { when: (match[1] ?? '').trim().split(/\s+/), rest: match[2] ?? '' } : undefined;
}

/** A crontab of the system names a user in front of the command; `auto` looks whether every line does. */
function formatOf(lines: readonly string[], asked: CrontabFormat): 'user' | 'system' {
  if (asked !== 'auto') return asked;
  const heading = lines.some((line) => /^#.*\bdow\b.*\buser(?:-name)?\b.*\bcommand\b/i.test(line));
  const rests = lines.flatMap((raw) => {
    const line = contentOf(raw);
    if (line === '' || line.startsWith('#') || variable.test(line)) return [];
    return split(line.replace(/^-/, ''))?.rest ?? [];
  });
  if (rests.length === 0) return 'user';
  const looksLikeUser = rests.every((rest) => {
    const [first = '', second] = rest.split(/\s+/);
    return second !== undefined && userName.test(first) && !commonPrograms.has(first);
  });
  const namesRoot = rests.some((rest) => /^root\s/.test(rest));
  const followedByPath = rests.every((rest) => /^\S+\s+(?:\[|test\b|cd\b|command\b|[./])/.test(rest));
  return looksLikeUser && (heading || namesRoot || followedByPath) ? 'system' : 'user';
}

/** Quotes around a value go, as cron takes them off when they are of one kind. */
function unquoted(value: string): string {
  const trimmed = value.trim();
  const match = /^(["'])([\s\S]*)\1$/.exec(trimmed);
  return match ? (match[2] ?? '') : trimmed;
}

/** Takes a crontab apart, users' or system's. What is no line of either is told in `leftOut`. */
export function readCrontab(text: string, asked: CrontabFormat): CrontabReading {
  const lines = text.replace(/^\uFEFF/, '').split(/\r\n|\n|\r/);
  const format = formatOf(lines, asked);
  const entries: CrontabEntry[] = [];
  const leftOut: LeftOut[] = [];
  let variables: ReadonlyMap<string, string> = new Map();
  let comment: string[] = [];
  lines.forEach((raw, index) => {
    const line = contentOf(raw);
    const place = `line ${index + 1}`;
    const refuse = (reason: string): void => {
      leftOut.push({ place, text: line.slice(0, 200), reason });
    };
    if (line === '') {
      comment = [];
      return;
    }
    if (line.startsWith('#')) {
      comment.push(line.replace(/^#+\s?/, '').trimEnd());
      return;
    }
    const [above, set] = [comment, variable.exec(line)];
    comment = [];
    if (set) {
      const name = set[1] ?? set[2] ?? set[3] ?? '';
      variables = new Map([...variables, [name, unquoted(set[4] ?? '')]]);
      return;
    }
    if (!/^[-*\d@A-Za-z]/.test(line)) {
      refuse('It begins neither with a time nor with NAME=value');
      return;
    }
    const parts = split(line.replace(/^-/, ''));
    if (!parts) {
      refuse(
        isNickname(line)
          ? 'There is no command behind the nickname'
          : 'Expected five fields (minute hour day month weekday) and a command',
      );
      return;
    }
    let command = parts.rest;
    let user: string | undefined;
    if (format === 'system') {
      const match = /^(\S+)\s+(\S[\s\S]*)$/.exec(command);
      if (!match || !userName.test(match[1] ?? '')) {
        refuse('Expected the name of a user in front of the command, as a crontab of the system has it');
        return;
      }
      user = match[1];
      command = match[2] ?? '';
    }
    entries.push({
      line: index + 1,
      text: line,
      when: parts.when,
      user,
      command: command.trimEnd(),
      variables,
      comment: above.join(' ').trim(),
    });
  });
  return { format, entries, leftOut };
}

/** Splits at the first `%` that has no backslash; later ones are line ends of the standard input (crontab(5)). */
export function splitPercent(command: string): { readonly line: string; readonly stdin: string | undefined } {
  const pieces = command.split(/(?<!\\)%/).map((piece) => piece.replaceAll('\\%', '%'));
  const [line = '', ...rest] = pieces;
  return { line: line.trimEnd(), stdin: rest.length === 0 ? undefined : `${rest.join('\n')}\n` };
}
