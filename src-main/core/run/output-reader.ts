import type { OutputMark, OutputStore, OutputStream } from '../ports/output-store';
import type { ExecutionRecord } from '../ports/store';
import { createLineIndex, type LineIndex, type ReadBytes } from './line-index';
import { markAt, marksIn } from './output-facts';
import { type LeftOut, leftOutOf } from './output-left-out';
import { readLines, type StoredLine, shownBytes } from './output-lines';
import { type SearchResult, searchOutput } from './output-search';

export interface MarkedLine extends StoredLine {
  readonly is_cut: boolean;
  readonly stream: OutputStream | undefined;
  readonly time: number | undefined;
}

export interface LinePage {
  readonly lines: readonly MarkedLine[];
  readonly total_lines: number;
  /** Bytes that the lines were counted in; live output goes on from here. */
  readonly size: number;
  readonly left_out: LeftOut | undefined;
}

/** Outputs line by line, whatever their size, while a run writes them and afterwards. */
export interface OutputReader {
  lines(row: ExecutionRecord, wanted: { readonly from: number; readonly limit: number }): Promise<LinePage>;
  tail(row: ExecutionRecord, limit: number): Promise<LinePage>;
  search(
    row: ExecutionRecord,
    wanted: { readonly text: string; readonly limit: number; readonly stream?: OutputStream },
  ): Promise<SearchResult>;
}

interface Entry {
  readonly index: { upTo(size: number): Promise<LineIndex> };
  readonly wasLive: boolean;
}

/** Indexes kept for outputs that were looked at last: counting 50 MB anew at every page would be felt. */
const mostKept = 24;

export function createOutputReader(outputs: OutputStore): OutputReader {
  const entries = new Map<number, Entry>();

  const open = async (row: ExecutionRecord) => {
    const id = row.execution_id;
    const stored = await outputs.read(id, { offset: 0, limit: 0 });
    const whole = stored ? undefined : new TextEncoder().encode(row.output ?? '');
    const size = stored?.stored_bytes ?? whole?.length ?? 0;
    const read: ReadBytes = whole
      ? async (offset, limit) => ({ bytes: whole.subarray(offset, offset + limit), offset })
      : async (offset, limit) =>
          (await outputs.read(id, { offset, limit })) ?? { bytes: new Uint8Array(), offset };
    const isLive = row.end_time === null;
    const known = entries.get(id);
    // At its end an output may have lost its middle, or have moved into its row: count it anew, once.
    const isUsable = !whole && known && known.wasLive === isLive;
    const entry: Entry = isUsable ? known : { index: createLineIndex(read), wasLive: isLive };
    if (!whole) {
      entries.delete(id);
      entries.set(id, entry);
      for (const oldest of entries.keys()) {
        if (entries.size <= mostKept) break;
        entries.delete(oldest);
      }
    }
    const left_out = leftOutOf(row, stored, size, outputs.limits);
    return { read, size, left_out, index: () => entry.index.upTo(size) };
  };

  const marksOf = async (row: ExecutionRecord): Promise<readonly OutputMark[]> =>
    (await outputs.marks(row.execution_id)) ?? marksIn(row.metadata, row.start_time);

  const marked = (lines: readonly StoredLine[], marks: readonly OutputMark[]): MarkedLine[] =>
    lines.map((line) => {
      const mark = markAt(marks, line.offset);
      return { ...line, is_cut: line.bytes > shownBytes, stream: mark?.stream, time: mark?.time };
    });

  return {
    async lines(row, wanted) {
      const output = await open(row);
      const index = await output.index();
      const lines = marked(await readLines(output.read, index, wanted), await marksOf(row));
      return { lines, total_lines: index.lines, size: index.end, left_out: output.left_out };
    },
    async tail(row, limit) {
      const output = await open(row);
      const index = await output.index();
      const from = Math.max(1, index.lines - limit + 1);
      const lines = marked(await readLines(output.read, index, { from, limit }), await marksOf(row));
      return { lines, total_lines: index.lines, size: index.end, left_out: output.left_out };
    },
    async search(row, wanted) {
      const output = await open(row);
      return searchOutput(output.read, output.size, { ...wanted, marks: await marksOf(row) });
    },
  };
}
