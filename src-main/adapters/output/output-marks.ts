import type { OutputMark, OutputStream } from '../../core/ports/output-store';

/** Marks for time alone come at most this often; the longer the output, the coarser. */
function intervalMs(count: number): number {
  if (count < 2000) return 100;
  return count < 10_000 ? 1000 : 10_000;
}

/** Two streams that take turns at every line would otherwise grow the marks without end. */
const mostTurns = 30_000;

/** Notes from where in an output which stream wrote, and when. */
export interface MarkRecorder {
  note(stream: OutputStream, offset: number, time: number): void;
  readonly marks: readonly OutputMark[];
  /** The marks since the last call, as lines for a file beside the output. */
  takeText(): string;
}

export function createMarkRecorder(): MarkRecorder {
  const marks: OutputMark[] = [];
  let taken = 0;
  return {
    note(stream, offset, time) {
      const last = marks.at(-1);
      const isTurn = last?.stream !== stream && marks.length < mostTurns;
      if (last && !isTurn && time - last.time < intervalMs(marks.length)) return;
      marks.push({ offset, stream: isTurn ? stream : (last?.stream ?? stream), time });
    },
    marks,
    takeText() {
      const text = marks.slice(taken).map(({ offset, stream, time }) => `${offset} ${stream} ${time}\n`);
      taken = marks.length;
      return text.join('');
    },
  };
}

const streams: ReadonlySet<string> = new Set(['stdout', 'stderr', 'system']);

/**
 * Reads such a file. A line `gap <head> <inserted> <resumes>` says that the bytes from `head` up to `resumes` were
 * replaced by `inserted` bytes of a note; marks behind it move with their text. What can't be read is left out.
 */
export function readMarks(text: string): OutputMark[] {
  const marks: OutputMark[] = [];
  let gap: { head: number; inserted: number; resumes: number } | undefined;
  for (const line of text.split('\n')) {
    const [first = '', second = '', third = '', fourth = ''] = line.split(' ');
    if (first === 'gap') gap = { head: Number(second), inserted: Number(third), resumes: Number(fourth) };
    else if (/^\d+$/.test(first) && streams.has(second) && /^\d+$/.test(third))
      marks.push({ offset: Number(first), stream: second as OutputStream, time: Number(third) });
  }
  if (!gap) return marks;
  const { head, inserted, resumes } = gap;
  const kept = marks.filter((mark) => mark.offset < head);
  const behind = marks.filter((mark) => mark.offset >= resumes);
  // The mark in force where the text goes on again.
  const inForce = marks.filter((mark) => mark.offset < resumes).at(-1);
  const move = (mark: OutputMark): OutputMark => ({
    ...mark,
    offset: Math.max(mark.offset, resumes) - resumes + head + inserted,
  });
  return [
    ...kept,
    { offset: head, stream: 'system', time: inForce?.time ?? 0 },
    ...(inForce ? [move(inForce)] : []),
    ...behind.map(move),
  ];
}
