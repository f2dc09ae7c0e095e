/** Lines of a text, for turning offsets into places. */
export interface LineIndex {
  /** Line and column of an offset, both from 1. */
  at(offset: number): { readonly line: number; readonly column: number };
  /** Text of a line, counted from 0, without its break. */
  text(line: number): string;
  /** Offset where a line begins, counted from 0. */
  start(line: number): number;
  readonly count: number;
}

export function createLineIndex(source: string): LineIndex {
  const starts = [0];
  for (let at = source.indexOf('\n'); at >= 0; at = source.indexOf('\n', at + 1)) starts.push(at + 1);
  const start = (line: number): number => starts[Math.max(0, Math.min(line, starts.length))] ?? source.length;
  return {
    start,
    at(offset) {
      let low = 0;
      let high = starts.length - 1;
      while (low < high) {
        const middle = (low + high + 1) >> 1;
        if (start(middle) <= offset) low = middle;
        else high = middle - 1;
      }
      return { line: low + 1, column: offset - start(low) + 1 };
    },
    text: (line) =>
      source
        .slice(start(line), line + 1 < starts.length ? start(line + 1) : source.length)
        .replace(/\r?\n$/, ''),
    count: starts.length,
  };
}
