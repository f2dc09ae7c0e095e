import { quietText } from './quiet-text';

export interface Batch {
  readonly text: string;
  /** The line of the whole script on which it begins, from 1: the server counts lines of the batch alone. */
  readonly first_line: number;
  /** How often it runs: `GO 5`. */
  readonly times: number;
}

/**
 * Splits a T-SQL script at lines that hold only GO, or GO and a count, as sqlcmd and Management Studio do; GO in a
 * string or a comment separates nothing. Batches without a statement are left out.
 */
export function splitBatches(text: string): Batch[] {
  const batches: Batch[] = [];
  const lines = quietText(text).split('\n');
  let start = 0;
  let offset = 0;
  let firstLine = 1;
  const push = (end: number, times: number) => {
    const isEmpty = lines.slice(firstLine - 1, lineIndex).every((line) => line.trim() === '');
    if (!isEmpty && times > 0) batches.push({ text: text.slice(start, end), first_line: firstLine, times });
  };
  let lineIndex = 0;
  for (; lineIndex < lines.length; lineIndex += 1) {
    const line = lines[lineIndex] ?? '';
    const go = /^[ \t]*GO(?:[ \t]+(\d{1,9}))?[ \t]*\r?$/i.exec(line);
    if (go) {
      push(offset, Number(go[1] ?? 1));
      start = offset + line.length + 1;
      firstLine = lineIndex + 2;
    }
    offset += line.length + 1;
  }
  push(text.length, 1);
  return batches;
}
