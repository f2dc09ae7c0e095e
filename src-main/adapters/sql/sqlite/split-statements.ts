/** Strings, quoted names and comments; SQLite's comments do not nest. */
const quiet = /'(?:[^']|'')*'?|"(?:[^"]|"")*"?|`[^`]*`?|\[[^\]]*\]?|--[^\n]*|\/\*[\s\S]*?(?:\*\/|$)/g;

/** A text of the same length in which strings, quoted names and comments are blank; line ends stay. */
export function codeOf(sql: string): string {
  return sql.replace(quiet, (part) => part.replace(/[^\n]/g, ' '));
}

export interface Statement {
  readonly text: string;
  /** The line of the whole script on which it begins, from 1. */
  readonly line: number;
}

/**
 * Splits an SQL script at the semicolons that end statements: not those in strings, quoted names, comments, or in
 * the body of a trigger. Parts without a statement are left out.
 */
export function splitStatements(text: string): Statement[] {
  const statements: Statement[] = [];
  const code = codeOf(text);
  const token = /;|\b(?:case|begin|end)\b/gi;
  let start = 0;
  let depth = 0;
  let isTrigger: boolean | undefined;
  const push = (end: number) => {
    const first = code.slice(start, end).search(/\S/);
    // A quoted name or string alone is no statement, but it must not vanish either: SQLite says what is wrong.
    const from =
      first >= 0
        ? first
        : text
            .slice(start, end)
            .replace(/--[^\n]*|\/\*[\s\S]*?\*\//g, blank)
            .search(/\S/);
    if (from >= 0) {
      const at = start + from;
      statements.push({ text: text.slice(at, end).trim(), line: text.slice(0, at).split('\n').length });
    }
    start = end + 1;
    depth = 0;
    isTrigger = undefined;
  };
  for (let match = token.exec(code); match; match = token.exec(code)) {
    const word = match[0].toLowerCase();
    isTrigger ??= /^\s*create\s+(temp(orary)?\s+)?trigger\b/i.test(code.slice(start));
    if (word === ';') {
      if (depth === 0 || !isTrigger) push(match.index);
    } else if (word === 'end') depth = Math.max(0, depth - 1);
    else if (word === 'case' || isTrigger) depth += 1;
  }
  push(text.length);
  return statements;
}

const blank = (part: string) => part.replace(/[^\n]/g, ' ');
