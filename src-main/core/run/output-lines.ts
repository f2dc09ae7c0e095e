import { type LineIndex, placeBefore, type ReadBytes } from './line-index';

/** A line of an output. `bytes` is its whole length without its end; `text` its beginning when it is long. */
export interface StoredLine {
  readonly line: number;
  readonly offset: number;
  readonly bytes: number;
  readonly text: string;
}

/** What is shown of one line; the rest is read by byte range on request. */
export const shownBytes = 4096;
const chunkBytes = 256 * 1024;
/** A page of long lines ends early rather than read the whole output. */
const mostRead = 8 * 1024 * 1024;
const newline = 10;
const carriageReturn = 13;

const decoder = new TextDecoder('utf-8', { ignoreBOM: true });

/** As text; half a character at the cut is left out. */
function textOf(bytes: Uint8Array): string {
  let end = Math.min(bytes.length, shownBytes);
  if (end < bytes.length) while (end > 0 && ((bytes[end] as number) & 0xc0) === 0x80) end -= 1;
  return decoder.decode(bytes.subarray(0, end));
}

/**
 * Lines from `from` (counted from 1), at most `limit`; fewer at the end, and where they are long. Nothing when that
 * part of the output is gone.
 */
export async function readLines(
  read: ReadBytes,
  index: LineIndex,
  { from, limit }: { readonly from: number; readonly limit: number },
): Promise<StoredLine[]> {
  const lines: StoredLine[] = [];
  const start = placeBefore(index, from);
  let { line } = start;
  let position = start.offset;
  let lineOffset = start.offset;
  let head: Uint8Array[] = [];
  let headBytes = 0;
  let lastByte = 0;

  const push = (end: number) => {
    if (line >= from) {
      const whole = end - lineOffset;
      const bytes = lastByte === carriageReturn && whole > 0 ? whole - 1 : whole;
      lines.push({ line, offset: lineOffset, bytes, text: textOf(concat(head).subarray(0, bytes)) });
    }
    head = [];
    headBytes = 0;
  };
  const keep = (bytes: Uint8Array) => {
    if (bytes.length > 0) lastByte = bytes[bytes.length - 1] as number;
    // A little more than is shown, so that the cut can be seen to fall within a character.
    const wanted = shownBytes + 4 - headBytes;
    if (line < from || wanted <= 0) return;
    head.push(bytes.slice(0, wanted));
    headBytes += Math.min(bytes.length, wanted);
  };

  while (lines.length < limit && position < index.end) {
    const part = await read(position, Math.min(chunkBytes, index.end - position));
    if (part.bytes.length === 0 || part.offset !== position) break;
    let at = 0;
    while (lines.length < limit) {
      const end = part.bytes.indexOf(newline, at);
      keep(part.bytes.subarray(at, end < 0 ? part.bytes.length : end));
      if (end < 0) break;
      push(position + end);
      at = end + 1;
      line += 1;
      lineOffset = position + at;
      lastByte = 0;
    }
    position += part.bytes.length;
    if (position - start.offset > mostRead && lines.length > 0) return lines;
    // The rest of a long line need not be read to be passed over: the next known place lies behind it.
    if (lines.length < limit && position - lineOffset >= 2 * chunkBytes) {
      const next = placeBefore(index, line + 1);
      if (next.line === line + 1 && next.offset > position) {
        lastByte = 0;
        push(next.offset - 1);
        ({ line } = next);
        position = next.offset;
        lineOffset = next.offset;
      } else if (next.line <= line) {
        lastByte = 0;
        position = index.end;
      }
    }
  }
  if (lines.length < limit && position >= index.end && index.end > lineOffset) push(index.end);
  return lines;
}

function concat(parts: readonly Uint8Array[]): Uint8Array {
  if (parts.length === 1) return parts[0] as Uint8Array;
  const whole = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}
