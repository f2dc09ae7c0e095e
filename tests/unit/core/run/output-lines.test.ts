import { describe, expect, it } from 'vitest';
import type { OutputMark } from '../../../../src-main/core/ports/output-store';
import { createLineIndex, type ReadBytes } from '../../../../src-main/core/run/line-index';
import { markAt, markFacts, marksIn } from '../../../../src-main/core/run/output-facts';
import { readLines, shownBytes } from '../../../../src-main/core/run/output-lines';
import { searchOutput } from '../../../../src-main/core/run/output-search';

const mebibyte = 1024 * 1024;

/** An output in memory, and how many bytes were read of it. */
function outputOf(text: string | Uint8Array): { read: ReadBytes; size: number; bytesRead: () => number } {
  const all = typeof text === 'string' ? new TextEncoder().encode(text) : text;
  let count = 0;
  return {
    size: all.length,
    bytesRead: () => count,
    async read(offset, limit) {
      const bytes = all.subarray(offset, offset + limit);
      count += bytes.length;
      return { bytes, offset };
    },
  };
}

async function linesOf(text: string, from: number, limit: number) {
  const { read, size } = outputOf(text);
  const index = await createLineIndex(read).upTo(size);
  return { total: index.lines, lines: await readLines(read, index, { from, limit }) };
}

describe('lines of an output', () => {
  it.each([
    ['', 0, []],
    ['a', 1, ['a']],
    ['a\n', 1, ['a']],
    ['a\n\nb', 3, ['a', '', 'b']],
    ['\n\n', 2, ['', '']],
    ['a\r\nb\r\n', 2, ['a', 'b']],
    ['ü\n\u{1F600}\n', 2, ['ü', '\u{1F600}']],
  ])('of %j are %d', async (text, total, expected) => {
    const found = await linesOf(text, 1, 10);
    expect(found.total).toBe(total);
    expect(found.lines.map((line) => line.text)).toEqual(expected);
    expect(found.lines.map((line) => line.line)).toEqual(expected.map((_, index) => index + 1));
  });

  it('far down a long output are read without the rest', async () => {
    const text = Array.from({ length: 200_000 }, (_, index) => `line ${index + 1}\n`).join('');
    const output = outputOf(text);
    const index = await createLineIndex(output.read).upTo(output.size);
    expect(index.lines).toBe(200_000);
    const before = output.bytesRead();
    const lines = await readLines(output.read, index, { from: 150_000, limit: 3 });
    expect(lines.map((line) => line.text)).toEqual(['line 150000', 'line 150001', 'line 150002']);
    expect(text.slice(lines[0]?.offset, (lines[0]?.offset ?? 0) + 11)).toBe('line 150000');
    expect(output.bytesRead() - before).toBeLessThan(mebibyte);
  });

  it('are cut where they are long, and passed over without reading them whole', async () => {
    const long = 'x'.repeat(20 * mebibyte);
    const output = outputOf(`first\n${long}\nlast\n`);
    const index = await createLineIndex(output.read).upTo(output.size);
    const before = output.bytesRead();
    const lines = await readLines(output.read, index, { from: 1, limit: 10 });
    expect(lines.map((line) => [line.line, line.bytes, line.text.length])).toEqual([
      [1, 5, 5],
      [2, 20 * mebibyte, shownBytes],
      [3, 4, 4],
    ]);
    expect(output.bytesRead() - before).toBeLessThan(2 * mebibyte);
  });

  it('never end in half a character', async () => {
    const { lines } = await linesOf(`${'x'.repeat(shownBytes - 1)}üü\n`, 1, 1);
    expect(lines[0]?.text).toBe('x'.repeat(shownBytes - 1));
  });

  it('are counted on as the output grows, half lines included', async () => {
    let text = 'one\ntw';
    const read: ReadBytes = (offset, limit) => outputOf(text).read(offset, limit);
    const index = createLineIndex(read);
    expect((await index.upTo(text.length)).lines).toBe(2);
    text += 'o\nthree\n';
    const grown = await index.upTo(text.length);
    expect(grown.lines).toBe(3);
    expect((await readLines(read, grown, { from: 2, limit: 9 })).map((line) => line.text)).toEqual([
      'two',
      'three',
    ]);
  });
});

describe('searching an output', () => {
  const search = (text: string | Uint8Array, wanted: string, limit = 100) => {
    const output = outputOf(text);
    return searchOutput(output.read, output.size, { text: wanted, limit, marks: [] });
  };

  it('finds lines whatever their case, and counts beyond the limit', async () => {
    const text = 'ok\nFEHLER: Größe\nok\nfehler: größe\nFehler\n';
    expect(await search(text, 'fehler')).toEqual({ lines: [2, 4, 5], total: 3 });
    expect(await search(text, 'FEHLER: GRÖSSE'.replace('SS', 'ß'), 1)).toEqual({ lines: [2], total: 2 });
    expect(await search(text, 'nothing')).toEqual({ lines: [], total: 0 });
  });

  it('reads the text as it is shown, without colours and links', async () => {
    const text = 'a\n\u001b[31mer\u001b[1mror\u001b[0m \u001b]8;;http://x\u0007li\u001b]8;;\u0007nk\n';
    expect((await search(text, 'error link')).lines).toEqual([2]);
    expect((await search(text, 'http')).lines).toEqual([]);
  });

  it('finds what lies across the pieces it reads, and in a line of many megabytes', async () => {
    const filler = `${'y'.repeat(1023)}\n`.repeat(511);
    const text = `${filler}${'z'.repeat(1000)}needle\n${'x'.repeat(9 * mebibyte)}Needle${'x'.repeat(mebibyte)}\nneedle`;
    expect(await search(text, 'needle')).toEqual({ lines: [512, 513, 514], total: 3 });
  });

  it('gives the lines that one stream began', async () => {
    const marks: OutputMark[] = [
      { offset: 0, stream: 'stdout', time: 0 },
      { offset: 4, stream: 'stderr', time: 0 },
      { offset: 8, stream: 'stdout', time: 0 },
    ];
    const output = outputOf('one\ntwo\nthree\n');
    const wanted = { text: '', limit: 9, stream: 'stderr' as const, marks };
    expect((await searchOutput(output.read, output.size, wanted)).lines).toEqual([2]);
  });
});

describe('marks in metadata', () => {
  it('come back as they were, and nonsense is left out', () => {
    const marks: OutputMark[] = [
      { offset: 0, stream: 'stdout', time: 5000 },
      { offset: 7, stream: 'stderr', time: 5100 },
    ];
    const facts = markFacts(marks, 5000);
    expect(facts).toEqual({
      output_marks: [
        [0, 'stdout', 0],
        [7, 'stderr', 100],
      ],
    });
    expect(marksIn(facts, 5000)).toEqual(marks);
    expect(marksIn({ output_marks: [1, ['x'], [3, 'evil', 1], null] }, 0)).toEqual([]);
    expect(markAt(marks, 6)?.stream).toBe('stdout');
    expect(markAt(marks, 7)?.stream).toBe('stderr');
    expect(markAt([], 7)).toBeUndefined();
  });
});
