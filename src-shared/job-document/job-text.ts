import type { LineIndex } from './line-index';
import type { YamlNode } from './yaml-tree';

const isBlankOrComment = (line: string): boolean => /^\s*(#.*)?$/.test(line);
const indentOf = (line: string): number => line.length - line.trimStart().length;

export interface JobText {
  /** The job as a document of its own, keys at column 1, with its comments. */
  readonly text: string;
}

/**
 * Cuts each job of a `jobs:` list out of the file's text, with the comments above and inside it. Undefined for a
 * job that is not written in block style (`- {…}`, JSON): the caller writes that one anew.
 */
export function cutJobTexts(list: YamlNode, lines: LineIndex): (JobText | undefined)[] {
  const items = list.items ?? [];
  const dashes = items.map((item) => dashOf(item, lines));
  return items.map((item, index) => {
    const dash = dashes[index];
    if (!dash || item.kind !== 'mapping') return undefined;
    const column = lines.at(item.start).column - 1;
    const next = dashes[index + 1];
    let end = next ? commentsAbove(next.line, next.indent, lines) : endOfList(dash, lines);
    while (end > dash.line + 1 && lines.text(end - 1).trim() === '') end -= 1;
    const out: string[] = [];
    for (let line = commentsAbove(dash.line, dash.indent, lines); line < dash.line; line += 1) {
      out.push(lines.text(line).slice(Math.min(dash.indent, indentOf(lines.text(line)))));
    }
    while (out[0]?.trim() === '') out.shift();
    for (let line = dash.line; line < end; line += 1) {
      const text = lines.text(line);
      const isFirst = line === dash.line;
      if (isFirst && !text.slice(dash.indent + 1).trim()) continue;
      const shifted = isFirst ? `${' '.repeat(dash.indent + 1)}${text.slice(dash.indent + 1)}` : text;
      out.push(shifted.slice(Math.min(column, indentOf(shifted))));
    }
    return { text: `${out.join('\n')}\n` };
  });
}

interface Dash {
  readonly line: number;
  readonly indent: number;
}

/** The "-" that begins an item: on the line of its first key, or on one above. */
function dashOf(item: YamlNode, lines: LineIndex): Dash | undefined {
  const place = lines.at(item.start);
  for (let line = place.line - 1; line >= 0; line -= 1) {
    const text = line === place.line - 1 ? lines.text(line).slice(0, place.column - 1) : lines.text(line);
    const match = /^(\s*)-\s*(#.*)?$/.exec(text);
    if (match) return { line, indent: (match[1] ?? '').length };
    if (!isBlankOrComment(text)) return undefined;
  }
  return undefined;
}

/** First line of the block of comments that stands directly above an item. */
function commentsAbove(line: number, indent: number, lines: LineIndex): number {
  let first = line;
  while (first > 0) {
    const text = lines.text(first - 1);
    const isItsComment = text.trim().startsWith('#') && indentOf(text) <= indent;
    if (!isItsComment) break;
    first -= 1;
  }
  return first;
}

function endOfList(dash: Dash, lines: LineIndex): number {
  let line = dash.line + 1;
  while (line < lines.count) {
    const text = lines.text(line);
    if (!isBlankOrComment(text) && indentOf(text) <= dash.indent) break;
    line += 1;
  }
  return line;
}
