import type { OutputMark, OutputStream } from '../ports/output-store';

/** A short output's marks stand in its row's metadata: `[offset, stream, ms since the start]` each. */
const mostMarks = 200;
const streams: ReadonlySet<unknown> = new Set(['stdout', 'stderr', 'system']);

/** Marks as metadata keeps them; nothing for none. */
export function markFacts(
  marks: readonly OutputMark[],
  started: number,
): { readonly output_marks?: readonly unknown[] } {
  if (marks.length === 0) return {};
  const kept = marks.slice(0, mostMarks);
  return { output_marks: kept.map(({ offset, stream, time }) => [offset, stream, time - started]) };
}

/** The marks that a row's metadata holds; what is not one is left out. */
export function marksIn(metadata: Readonly<Record<string, unknown>>, started: number): OutputMark[] {
  const list: unknown[] = Array.isArray(metadata.output_marks) ? metadata.output_marks : [];
  return list.flatMap((entry) => {
    const [offset, stream, after] = Array.isArray(entry) ? (entry as unknown[]) : [];
    if (typeof offset !== 'number' || typeof after !== 'number' || !streams.has(stream)) return [];
    return [{ offset, stream: stream as OutputStream, time: started + after }];
  });
}

/** The mark in force at `offset`, by halving; undefined before the first. */
export function markAt(marks: readonly OutputMark[], offset: number): OutputMark | undefined {
  let low = 0;
  let high = marks.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((marks[middle] as OutputMark).offset <= offset) low = middle + 1;
    else high = middle;
  }
  return marks[low - 1];
}
