import { editAtPath } from '../../../../../src-shared/job-document/edit-path';
import { changeBetween } from '../../monaco/edit-model';
import { type FixContext, type Fixer, replaceWord } from './fix';

const stepsOf = (path: string): (string | number)[] =>
  path
    .split(/[.[\]]+/)
    .filter((step) => step !== '')
    .map((step) => (/^\d+$/.test(step) ? Number(step) : step));

/** A key nobody knows: what was probably meant, or away with it. */
const unknownKey: Fixer = (context) => {
  const found = /unknown key "([^"]+)"(?:.*did you mean "([^"]+)"\?)?/.exec(context.issue.message);
  if (!found) return [];
  const [, key = '', meant] = found;
  const without = changeBetween(
    context.text,
    editAtPath(context.text, stepsOf(context.issue.path), undefined),
  );
  return [
    ...(meant ? [{ title: `Change to ${meant}`, changes: [replaceWord(context, meant)] }] : []),
    ...(without ? [{ title: `Remove ${key}`, changes: [without] }] : []),
  ];
};

/** The message ends with a key to add beside the one it is about. */
const addKey: Fixer = ({ issue, text }) => {
  const found = /; add (\w+): ([\w.-]+)$/.exec(issue.message);
  if (!found) return [];
  const [, key = '', value = ''] = found;
  const path = [...stepsOf(issue.path).slice(0, -1), key];
  const change = changeBetween(text, editAtPath(text, path, value));
  return change ? [{ title: `Add ${key}: ${value}`, changes: [change] }] : [];
};

/** Behind the bracket that closes the one at `open`; undefined when none does. */
function closing(text: string, open: number): number | undefined {
  let depth = 0;
  for (let at = open; at < text.length; at += 1) {
    if (text[at] === '(') depth += 1;
    else if (text[at] === ')') depth -= 1;
    if (depth === 0) return at + 1;
  }
  return undefined;
}

/** Behind the last line of the text that begins at a line (from 1): all that is indented at least as far. */
function blockEnd({ lines, issue, word }: FixContext): number {
  const indentOf = (line: number): number => lines.text(line).search(/\S/);
  const isHeader = /^[|>]/.test(word);
  const least = indentOf(issue.line - 1) + (isHeader ? 1 : 0);
  const isInline = !isHeader && /^\s*query\s*:/.test(lines.text(issue.line - 1));
  let end = issue.line;
  while (!isInline && end < lines.count && (indentOf(end) < 0 || indentOf(end) >= least)) end += 1;
  return lines.start(end);
}

/** `DATE(x)` is MySQL's; T-SQL says CAST(x AS date). */
const tsqlDate: Fixer = (context) => {
  const { issue, text } = context;
  if (!issue.message.startsWith('DATE(...) is not T-SQL')) return [];
  const from = issue.start;
  const query = text.slice(from, blockEnd(context));
  const changes = [...query.matchAll(/\bDATE\s*\(/gi)].flatMap(({ index, 0: call }) => {
    const inside = index + call.length;
    const after = closing(query, inside - 1);
    if (after === undefined) return [];
    const inner = query.slice(inside, after - 1);
    return [{ start: from + index, end: from + after, text: `CAST(${inner} AS date)` }];
  });
  return changes.length === 0 ? [] : [{ title: 'Change to CAST(... AS date)', changes }];
};

/** What is wrong with the job rather than with its YAML. */
export const jobTraps: readonly Fixer[] = [unknownKey, addKey, tsqlDate];
