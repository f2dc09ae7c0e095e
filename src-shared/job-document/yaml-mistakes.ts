import type { LineIndex } from './line-index';

/** What a mistake is, in words an admin knows, and where it really stands; lines and columns from 1. */
export interface YamlMistake {
  readonly message: string;
  readonly line: number;
  readonly column: number;
}

/** A line as `  - key: value`; the key is absent for a value alone. */
const keyed = /^(\s*(?:-\s+)*)(?:([\w.-]+):\s+)?(\S.*)$/;
/** Lines looked back at for what is not closed. */
const mostLinesBack = 200;
/** Only so much of a line is looked at: patterns must not walk through a megabyte of spaces again and again. */
const mostOfLine = 2000;
/** A longer value is shown by its beginning. */
const mostShown = 60;

/** Messages stand in logs and answers: what these keys hold is not repeated there. */
const secretKey = /passw|pwd|secret|token|api_?key|connection_string|webhook|authorization/i;

const shown = (text: string): string => (text.length > mostShown ? `${text.slice(0, mostShown)}…` : text);
const valueText = (key: string | undefined, value: string): string =>
  key !== undefined && secretKey.test(key) ? '…' : shown(value);
const codePoint = (text: string): string =>
  `U+${(text.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0')}`;

/** What the value of a line would be if it stood in quotes, as a hint. */
const inQuotes = (key: string | undefined, value: string): string =>
  `${key === undefined ? '' : `${key}: `}'${valueText(key, value).replaceAll("'", "''")}'`;

/** Mistakes that show in the line itself. */
function ofLine(line: string, reason: string): string | undefined {
  const star = /(\w+):\s*(\*\/\d+)/.exec(line);
  if (star)
    return `${star[1]}: ${star[2]} must be quoted ("*" begins a YAML alias): ${star[1]}: '${star[2]}'`;
  if (/^\s*-?\s*(?:(\w+):\s*)?"[^"]*\\[^"]*"?/.test(line) && /escape|hexadecimal/i.test(reason))
    return `"\\" begins an escape inside double quotes; for a Windows path use single quotes or none (${reason})`;
  if (/\btabs?\b/i.test(reason) || /^\s*\t/.test(line))
    return `${reason}: YAML is indented with spaces, not with tabs`;
  if (/tag/i.test(reason) && /!/.test(line)) return `${reason}: tags are not allowed here`;
  const [, , key, value = ''] = keyed.exec(line) ?? [];
  const trimmed = value.trimEnd();
  if (/^(?:[@`%]|\{\{|[?-]\s)/.test(value)) {
    const sign = value.startsWith('{{') ? '{{' : value[0];
    return `a value that begins with "${sign}" must be in quotes: ${inQuotes(key, trimmed)}`;
  }
  const unknown = /^unidentified alias "(.*)"$/.exec(reason);
  if (unknown)
    return `"*" begins a YAML alias, and there is no "${unknown[1]}"; a text needs quotes: '*${unknown[1]}'`;
  if (!/bad indentation/.test(reason)) return undefined;
  if (/^(?:'(?:[^']|'')*'|"(?:[^"\\]|\\.)*")\s*[^\s#]/.test(value))
    return `the text in quotes ends before the line does: ${valueText(key, trimmed)}; inside '...' a quote is written twice (''), inside "..." as \\"`;
  if (key !== undefined && /^[^'"[{|>&*!#][^#]*:(?:\s|$)/.test(value))
    return `a value that holds ": " must be in quotes: ${inQuotes(key, trimmed)}`;
  return undefined;
}

const indentOf = (line: string): number => line.length - line.trimStart().length;

/** A colon or dash without its space makes of a line a text that the next line seems to go on with. */
function withoutSpace(line: string): string | undefined {
  const colon = /^\s*(?:-\s+)*([\w.-]+):([^\s/\\].*)$/.exec(line);
  if (colon) return `a space is missing after the colon: ${colon[1]}: ${valueText(colon[1], colon[2] ?? '')}`;
  const dash = /^\s*-([^\s-].*)$/.exec(line);
  return dash ? `a space is missing after the dash: - ${shown(dash[1] ?? '')}` : undefined;
}

function withoutColon(line: string): string | undefined {
  const text = line.trim();
  return text !== '' && !/[:#]/.test(text)
    ? `expected "key: value"; "${shown(text)}" has no colon`
    : undefined;
}

/** Where the quotes or brackets begin that have no end before a line (from 0). */
function unclosed(lines: LineIndex, before: number): YamlMistake | undefined {
  for (
    let index = Math.min(before, lines.count) - 1;
    index >= Math.max(0, before - mostLinesBack);
    index -= 1
  ) {
    const text = lines.text(index).slice(0, mostOfLine);
    const [, start = '', key, value = ''] = keyed.exec(text) ?? [];
    const sign = value[0];
    const column = text.indexOf(value, start.length + (key?.length ?? 0)) + 1;
    const place = { line: index + 1, column };
    if (sign === "'" && !/^'(?:[^']|'')*'/.test(value))
      return {
        ...place,
        message: `the text in single quotes that begins here does not end; expected a ' behind it`,
      };
    if (sign === '"' && !/^"(?:[^"\\]|\\.)*"/.test(value))
      return {
        ...place,
        message: `the text in double quotes that begins here does not end; expected a " behind it`,
      };
    if (sign === '[' || sign === '{') {
      const bare = value.replace(/'(?:[^']|'')*'|"(?:[^"\\]|\\.)*"/g, '');
      const [open, close] = sign === '[' ? ['[', ']'] : ['{', '}'];
      if (bare.split(open).length > bare.split(close).length)
        return { ...place, message: `the "${open}" that begins here is not closed; expected a "${close}"` };
    }
  }
  return undefined;
}

/** Mistakes known by what the parser says, where the line shows nothing. */
function ofReason(reason: string, line: string, lines: LineIndex): string {
  if (reason === 'bad indentation of a mapping entry' || reason === 'bad indentation of a sequence entry') {
    const spaces = indentOf(line);
    const found = spaces === 0 ? 'not indented' : `indented by ${spaces} space${spaces === 1 ? '' : 's'}`;
    return `this line is ${found}, which fits no line above; keys and dashes that belong together stand exactly below each other`;
  }
  if (reason.startsWith('can not read a block mapping entry'))
    return 'expected "key: value"; the colon, or the space behind it, is missing on this line or the one above';
  if (reason.startsWith('end of the stream'))
    return /^\s*[{[]/.test(lines.text(0))
      ? 'the text above is complete, as it is written in { }; expected further keys inside them'
      : 'expected nothing more: this line is indented less than the first one';
  if (reason.startsWith('missed comma')) return 'expected a comma between the entries of [ ] or { }';
  if (reason.startsWith('duplicated mapping key')) {
    const key = /^\s*(?:-\s+)*['"]?([^'":]+)['"]?\s*:/.exec(line)?.[1];
    return key === undefined
      ? 'a key is there twice; expected once'
      : `the key "${key}" is there twice; expected once`;
  }
  if (reason.startsWith('the stream contains non-printable')) {
    // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
    const odd = /[\u0000-\u0008\u000B\u000C\u000E-\u001F\u007F]/.exec(line)?.[0];
    return `the text holds a control character${odd === undefined ? '' : ` (${codePoint(odd)})`}; expected text that can be printed`;
  }
  if (/whitespace character is expected after the key-value/.test(reason))
    return 'a space is missing after the colon';
  return reason;
}

/** What a message of the parser means; `line` and `column` are where it stopped, from 1. */
export function explainMistake(
  reason: string,
  place: { readonly line: number; readonly column: number },
  lines: LineIndex,
): YamlMistake {
  const { line, column } = place;
  const lineOf = (index: number): string => lines.text(index).slice(0, mostOfLine);
  const text = lineOf(line - 1);
  const own = ofLine(text, reason);
  if (own !== undefined) return { message: own, line, column };
  // `{{ params.x }}` without quotes is a mapping whose key is a mapping; the parser names no place for it.
  if (/complex keys/.test(reason))
    for (let index = 0; index < lines.count; index += 1) {
      const found = /^(?:\s*-\s+)*\s*[\w.-]+:\s+\{\{|^\s*-\s+\{\{/.exec(lineOf(index));
      if (!found) continue;
      const message = ofLine(lineOf(index), reason);
      if (message !== undefined) return { message, line: index + 1, column: found[0].length - 1 };
    }
  if (/deficient indentation|unexpected end of the/.test(reason)) {
    const open = unclosed(lines, /unexpected end/.test(reason) ? lines.count : line);
    if (open) return open;
  }
  if (line > 1) {
    const above = lineOf(line - 2);
    const isEntry = /block mapping entry/.test(reason);
    const isDeeper = /bad indentation/.test(reason) && indentOf(text) > indentOf(above);
    const message = isEntry || isDeeper ? withoutSpace(above) : undefined;
    const known = message ?? (isEntry ? withoutColon(above) : undefined);
    if (known !== undefined) return { message: known, line: line - 1, column: indentOf(above) + 1 };
  }
  return { message: ofReason(reason, text, lines), line, column };
}
