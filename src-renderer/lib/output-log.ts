import type { EventData } from '../../src-shared/contract/events';
import type { OutputLine, OutputStreamName } from '../../src-shared/model/output';
import { styleBehind } from './ansi';

/** A line as it is kept for drawing. */
export interface LogLine {
  readonly line: number;
  readonly offset: number;
  readonly bytes: number;
  readonly text: string;
  readonly isCut: boolean;
  readonly stream: OutputStreamName | null;
  /** Epoch ms, when known. */
  readonly time: number | null;
  /** Colours in force where the line begins. */
  readonly style: string;
}

export interface LinePage {
  readonly lines: readonly OutputLine[];
  readonly total_lines: number;
  readonly size: number;
  readonly complete: boolean;
  readonly left_out: LeftOut | null;
}

/** What of an output is not kept, and why in words. */
export interface LeftOut {
  readonly bytes: number;
  readonly reason: string;
}

export interface LineSource {
  lines(from: number, limit: number): Promise<LinePage>;
  tail(limit: number): Promise<LinePage>;
}

export interface OutputLog {
  /** Lines there are, as far as is known. */
  readonly total: number;
  readonly size: number;
  readonly isComplete: boolean;
  readonly isLoaded: boolean;
  readonly leftOut: LeftOut | null;
  readonly error: unknown;
  line(number: number): LogLine | undefined;
  /** Sees to it that these lines are there soon. */
  want(from: number, to: number): void;
  /** Reads the end anew: at first, after a gap in what was heard, and when the run has ended. */
  load(): Promise<void>;
  /** Takes in live output. */
  append(output: EventData['execution.output'], time: number): void;
  close(): void;
}

const pageLines = 200;
/** 40,000 lines are kept; scrolled back to, others are read again. */
const mostPages = 200;
const mostText = 4096;
const syncMs = 250;

/**
 * An execution's output of any size: lines are read where they are looked at, live output is added at its end.
 * `onChange` is called at every change; the caller gathers.
 */
export function createOutputLog(source: LineSource, onChange: () => void): OutputLog {
  const pages = new Map<number, (LogLine | undefined)[]>();
  const loading = new Set<number>();
  const encoder = new TextEncoder();
  const decoder = new TextDecoder();
  let total = 0;
  let size = 0;
  let isComplete = false;
  let isLoaded = false;
  let isClosed = false;
  let leftOut: LeftOut | null = null;
  let error: unknown;
  /** The last line has no end yet: what comes next belongs to it. */
  let isOpen = false;
  let early: { output: EventData['execution.output']; time: number }[] = [];
  let syncTimer: ReturnType<typeof setTimeout> | undefined;

  const pageOf = (line: number) => Math.floor((line - 1) / pageLines);
  const lineOf = (number: number) => pages.get(pageOf(number))?.[(number - 1) % pageLines];

  const put = (line: LogLine) => {
    const at = pageOf(line.line);
    let page = pages.get(at);
    if (!page) {
      page = [];
      pages.set(at, page);
      // Pages are in the order in which they were looked at last: the first one goes.
      for (const oldest of pages.keys()) {
        if (pages.size <= mostPages) break;
        pages.delete(oldest);
      }
    }
    page[(line.line - 1) % pageLines] = line;
  };

  const take = ({ lines }: LinePage) => {
    let style = '';
    const [first] = lines;
    const before = first && lineOf(first.line - 1);
    if (before) style = styleBehind(before.style, before.text);
    for (const { is_cut, time, ...line } of lines) {
      // What was heard while this answer was on its way may have made the last line longer.
      const known = lineOf(line.line);
      if (known && known.offset === line.offset && known.bytes > line.bytes) continue;
      put({ ...line, isCut: is_cut, time: time === null ? null : Date.parse(time), style });
      style = styleBehind(style, line.text);
    }
  };

  const add = (text: string, bytes: number, offset: number, stream: OutputStreamName, time: number) => {
    const pieces = text.split('\n');
    let at = offset;
    pieces.forEach((piece, index) => {
      const isLast = index === pieces.length - 1;
      if (isLast && piece === '') return;
      const length = encoder.encode(piece).length;
      const last = isOpen ? lineOf(total) : undefined;
      if (isOpen && index === 0) {
        if (last) {
          const whole = last.text.length >= mostText ? last.text : (last.text + piece).slice(0, mostText);
          const all = last.bytes + length;
          put({
            ...last,
            text: isLast ? whole : whole.replace(/\r$/, ''),
            bytes: all,
            isCut: all > mostText,
          });
        }
      } else {
        const before = lineOf(total);
        total += 1;
        put({
          line: total,
          offset: at,
          bytes: length,
          text: (isLast ? piece : piece.replace(/\r$/, '')).slice(0, mostText),
          isCut: length > mostText,
          stream,
          time,
          style: before ? styleBehind(before.style, before.text) : '',
        });
      }
      at += length + 1;
    });
    isOpen = !text.endsWith('\n');
    size = offset + bytes;
  };

  const sync = () => {
    syncTimer ??= setTimeout(() => {
      syncTimer = undefined;
      if (!isClosed) void log.load();
    }, syncMs);
  };

  const log: OutputLog = {
    get total() {
      return total;
    },
    get size() {
      return size;
    },
    get isComplete() {
      return isComplete;
    },
    get isLoaded() {
      return isLoaded;
    },
    get leftOut() {
      return leftOut;
    },
    get error() {
      return error;
    },
    line: lineOf,
    want(from, to) {
      for (let at = pageOf(Math.max(1, from)); at <= pageOf(Math.max(1, Math.min(to, total))); at += 1) {
        const page = pages.get(at);
        const wanted = Math.min(pageLines, total - at * pageLines);
        let filled = 0;
        while (filled < wanted && page?.[filled]) filled += 1;
        if (page) {
          pages.delete(at);
          pages.set(at, page);
        }
        if (filled >= wanted || loading.has(at)) continue;
        loading.add(at);
        source
          .lines(at * pageLines + 1 + filled, pageLines - filled)
          .then((found) => {
            // A page that brings nothing (its part of the output is gone) must not be asked for over and over.
            if (found.lines.length > 0) loading.delete(at);
            if (isClosed) return;
            take(found);
            leftOut = found.left_out;
            error = undefined;
            onChange();
          })
          .catch((reason) => {
            loading.delete(at);
            error = reason;
            onChange();
          });
      }
    },
    async load() {
      try {
        const page = await source.tail(pageLines);
        if (isClosed) return;
        const isShorter = page.total_lines < total || page.size < size;
        if (page.complete && (isShorter || !isComplete)) {
          pages.clear();
          loading.clear();
        }
        take(page);
        if (!isShorter || page.complete || !isLoaded) {
          total = page.total_lines;
          size = page.size;
          const last = page.lines.at(-1);
          isOpen = last !== undefined && last.offset + last.bytes >= page.size;
        }
        isComplete = page.complete;
        leftOut = page.left_out;
        isLoaded = true;
        error = undefined;
        const waiting = early;
        early = [];
        for (const one of waiting) log.append(one.output, one.time);
      } catch (reason) {
        error = reason;
      }
      onChange();
    },
    append(output, time) {
      if (!isLoaded) {
        early.push({ output, time });
        return;
      }
      const bytes = encoder.encode(output.text);
      const end = output.offset + bytes.length;
      if (end <= size || isComplete) return;
      if (output.offset > size) {
        sync();
        return;
      }
      const known = size - output.offset;
      const text = known > 0 ? decoder.decode(bytes.subarray(known)) : output.text;
      add(text, bytes.length - known, size, output.stream, time);
      onChange();
    },
    close() {
      isClosed = true;
      clearTimeout(syncTimer);
    },
  };
  return log;
}
