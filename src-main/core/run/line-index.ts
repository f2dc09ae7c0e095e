/** Bytes of an output from `offset`; from later on where they are gone, fewer at its end. */
export type ReadBytes = (
  offset: number,
  limit: number,
) => Promise<{ readonly bytes: Uint8Array; readonly offset: number }>;

const newline = 10;
const chunkBytes = 1024 * 1024;
/** A line that begins at least this far behind the last known one becomes known itself. */
const stepBytes = 256 * 1024;

/** Where lines begin in an output of any size: every so often the place of one, and how many there are. */
export interface LineIndex {
  /** Places of lines, ascending: number (from 1) and the offset of its first byte. */
  readonly known: readonly { readonly line: number; readonly offset: number }[];
  /** Lines begun so far; one without end counts when it holds anything. */
  readonly lines: number;
  /** Bytes looked at. */
  readonly end: number;
  /** Some bytes were gone before they could be counted. */
  readonly hasGap: boolean;
}

interface Growing {
  known: { line: number; offset: number }[];
  /** The line that the next byte belongs to. */
  line: number;
  lineOffset: number;
  end: number;
  hasGap: boolean;
}

/** An index that grows with its output; `read` says what the output is, `size` how long it is now. */
export function createLineIndex(read: ReadBytes): { upTo(size: number): Promise<LineIndex> } {
  const state: Growing = {
    known: [{ line: 1, offset: 0 }],
    line: 1,
    lineOffset: 0,
    end: 0,
    hasGap: false,
  };
  let working: Promise<void> = Promise.resolve();

  const take = (bytes: Uint8Array, offset: number) => {
    let from = 0;
    for (;;) {
      const at = bytes.indexOf(newline, from);
      if (at < 0) break;
      from = at + 1;
      state.line += 1;
      state.lineOffset = offset + from;
      const last = state.known.at(-1);
      if (!last || state.lineOffset - last.offset >= stepBytes)
        state.known.push({ line: state.line, offset: state.lineOffset });
    }
    state.end = offset + bytes.length;
  };

  const grow = async (size: number) => {
    while (state.end < size) {
      const { bytes, offset } = await read(state.end, Math.min(chunkBytes, size - state.end));
      if (bytes.length === 0) return;
      if (offset > state.end) {
        state.hasGap = true;
        state.line += 1;
        state.lineOffset = offset;
        state.known.push({ line: state.line, offset });
      }
      take(bytes, offset);
    }
  };

  return {
    async upTo(size) {
      // One reader at a time: two would count the same bytes twice.
      working = working.catch(() => undefined).then(() => grow(size));
      await working;
      const lines = state.end > state.lineOffset ? state.line : state.line - 1;
      return { known: state.known, lines, end: state.end, hasGap: state.hasGap };
    },
  };
}

/** The known place at or before a line. */
export function placeBefore(
  index: LineIndex,
  line: number,
): { readonly line: number; readonly offset: number } {
  let low = 0;
  let high = index.known.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((index.known[middle]?.line ?? 0) <= line) low = middle + 1;
    else high = middle;
  }
  return index.known[low - 1] ?? { line: 1, offset: 0 };
}
