import type { OutputMark, OutputStream } from '../ports/output-store';
import type { ReadBytes } from './line-index';
import { markAt } from './output-facts';

export interface SearchResult {
  /** Numbers of the lines that hold the text, ascending, as many as were asked for. */
  readonly lines: readonly number[];
  /** All lines that hold it. */
  readonly total: number;
}

const chunkBytes = 512 * 1024;
const newline = 10;
/** A line longer than this is looked through in pieces that overlap. */
const longestPiece = 4 * 1024 * 1024;
// biome-ignore lint/suspicious/noControlCharactersInRegex: sequences of terminals begin with ESC
const escapes = /\u001b(?:\[[0-?]*[ -/]*[@-~]|\][^\u0007\u001b]*(?:\u0007|\u001b\\)?|[@-Z\\-_])/g;

/**
 * Looks a text up in a whole output, lower and upper case alike, as it is read (without colours). An empty text is
 * in every line: with `stream` that finds all lines that this stream began.
 */
export async function searchOutput(
  read: ReadBytes,
  size: number,
  wanted: {
    readonly text: string;
    readonly limit: number;
    readonly stream?: OutputStream;
    readonly marks: readonly OutputMark[];
  },
): Promise<SearchResult> {
  const needle = wanted.text.toLowerCase();
  const needleBytes = new TextEncoder().encode(wanted.text).length;
  const decoder = new TextDecoder('utf-8', { ignoreBOM: true });
  const lines: number[] = [];
  let total = 0;
  let lastFound = 0;
  let line = 1;
  let lineOffset = 0;

  const shown = (bytes: Uint8Array): string => {
    const text = decoder.decode(bytes);
    return (text.includes('\u001b') ? text.replace(escapes, '') : text).toLowerCase();
  };
  const found = () => {
    if (line === lastFound) return;
    if (wanted.stream && (markAt(wanted.marks, lineOffset)?.stream ?? 'stdout') !== wanted.stream) return;
    lastFound = line;
    total += 1;
    if (lines.length < wanted.limit) lines.push(line);
  };

  /** Whole lines. */
  const look = (bytes: Uint8Array, offset: number) => {
    const isIn = needle === '' || shown(bytes).includes(needle);
    let from = 0;
    for (;;) {
      const at = bytes.indexOf(newline, from);
      const end = at < 0 ? bytes.length : at;
      if (isIn && end > from && (needle === '' || shown(bytes.subarray(from, end)).includes(needle))) found();
      if (at < 0) return;
      from = at + 1;
      line += 1;
      lineOffset = offset + from;
    }
  };

  let rest = new Uint8Array();
  let position = 0;
  while (position < size) {
    const part = await read(position, Math.min(chunkBytes, size - position));
    if (part.bytes.length === 0) break;
    const restOffset = part.offset - rest.length;
    position = part.offset + part.bytes.length;
    const bytes = new Uint8Array(rest.length + part.bytes.length);
    bytes.set(rest);
    bytes.set(part.bytes, rest.length);
    const end = bytes.lastIndexOf(newline);
    if (end >= 0) {
      look(bytes.subarray(0, end + 1), restOffset);
      rest = bytes.slice(end + 1);
    } else if (bytes.length > longestPiece) {
      if (needle === '' || shown(bytes).includes(needle)) found();
      rest = bytes.slice(bytes.length - needleBytes);
    } else rest = bytes;
  }
  if (rest.length > 0) look(rest, position - rest.length);
  return { lines, total };
}
