import type { LineIndex } from '../../../../src-shared/job-document/line-index';
import type { Issue } from '../../../../src-shared/model/issue';

/** An issue as the editor shows it: what is wrong, and the stretch of text it is about (offsets). */
export interface PlacedIssue {
  readonly message: string;
  readonly severity: 'error' | 'warning';
  readonly path: string;
  readonly line: number;
  readonly column: number;
  readonly start: number;
  readonly end: number;
}

/** The message without what the editor shows by itself: which job, which line. */
export function shortMessage(message: string): string {
  return message.replace(/^Job "[^"]*": /, '').replace(/ \(line \d+\)$/, '');
}

/** Behind the word that begins at a column (from 1) of a line: a key, a quoted text, or a plain value. */
function wordEnd(line: string, column: number, isKey: boolean): number {
  const rest = line.slice(column - 1);
  const quoted = /^(?:"(?:[^"\\]|\\.)*"|'(?:[^']|'')*')/.exec(rest);
  if (quoted) return column + quoted[0].length;
  const isInFlow = /[[{]/.test(line.slice(0, column - 1));
  const plain = isKey ? /^[^:\s]+/.exec(rest) : (isInFlow ? /^[^,\]}#]+/ : /^.*?(?=\s#|$)/).exec(rest);
  return column + Math.max(1, (plain?.[0] ?? '').trimEnd().length);
}

/** Finds the stretch of text an issue is about. One without a place is about the first line. */
export function placeIssue(issue: Issue, lines: LineIndex): PlacedIssue {
  const line = Math.min(Math.max(issue.line ?? 1, 1), Math.max(lines.count, 1));
  const text = lines.text(line - 1);
  const given = Math.min(issue.column ?? 1, text.length + 1);
  // The parser points behind the quote that opens a text.
  const column = given > 1 && /["']/.test(text[given - 2] ?? '') ? given - 1 : given;
  const isKey = issue.message.includes('unknown key');
  const end = Math.min(wordEnd(text, column, isKey), text.length + 1);
  const start = lines.start(line - 1) + column - 1;
  return {
    message: shortMessage(issue.message),
    severity: issue.severity,
    path: issue.path,
    line,
    column,
    start,
    end: lines.start(line - 1) + end - 1,
  };
}
