import { describe, expect, it } from 'vitest';
import { createOutputLog, type LinePage, type LineSource } from '../../../src-renderer/lib/output-log';

/** An output that grows, answering as the server does. */
function growing(initial: string) {
  const state = { text: initial, isComplete: false, asked: 0 };
  const page = (from: number, limit: number): LinePage => {
    state.asked += 1;
    const pieces = state.text.split('\n');
    if (pieces.at(-1) === '') pieces.pop();
    let offset = 0;
    const lines = pieces.map((text, index) => {
      const line = {
        line: index + 1,
        offset,
        bytes: text.length,
        text,
        is_cut: false,
        stream: null,
        time: null,
      };
      offset += text.length + 1;
      return line;
    });
    return {
      lines: lines.slice(from - 1, from - 1 + limit),
      total_lines: lines.length,
      size: state.text.length,
      complete: state.isComplete,
      left_out: null,
    };
  };
  const source: LineSource = {
    lines: async (from, limit) => page(from, limit),
    tail: async (limit) => page(Math.max(1, page(1, 1).total_lines - limit + 1), limit),
  };
  return { state, source };
}

const output = (offset: number, text: string) => ({
  execution_id: 'exec_1',
  stream: 'stdout' as const,
  offset,
  text,
});
const numbered = (count: number) => Array.from({ length: count }, (_, index) => `l${index + 1}\n`).join('');

describe('a log', () => {
  it('reads its end first and the rest where it is looked at', async () => {
    const { source, state } = growing(numbered(5000));
    const log = createOutputLog(source, () => undefined);
    await log.load();
    expect(log.total).toBe(5000);
    expect(log.line(5000)?.text).toBe('l5000');
    expect(log.line(10)).toBeUndefined();
    log.want(1, 30);
    await expect.poll(() => log.line(10)?.text).toBe('l10');
    const before = state.asked;
    log.want(1, 30);
    expect(state.asked).toBe(before);
  });

  it('joins live text to it: half lines, and pieces that it has already', async () => {
    const { source } = growing('one\ntw');
    const log = createOutputLog(source, () => undefined);
    // Heard before it was loaded.
    log.append(output(4, 'two'), 1);
    await log.load();
    log.append(output(7, '\nthree\r\nfo'), 2);
    log.append(output(17, 'ur'), 3);
    expect([1, 2, 3, 4].map((line) => log.line(line)?.text)).toEqual(['one', 'two', 'three', 'four']);
    expect(log.total).toBe(4);
    log.append(output(0, 'one\n'), 4);
    expect(log.total).toBe(4);
    expect(log.size).toBe(19);
  });

  it('reads its end again where live text was left out', async () => {
    const { source, state } = growing('one\n');
    const log = createOutputLog(source, () => undefined);
    await log.load();
    state.text += 'two\nthree\nfour\n';
    log.append(output(14, 'four\n'), 1);
    expect(log.total).toBe(1);
    await expect.poll(() => log.total).toBe(4);
    expect(log.line(4)?.text).toBe('four');
    log.close();
  });

  it('keeps what is looked at of a flood, not all of it', async () => {
    const { source } = growing('');
    const log = createOutputLog(source, () => undefined);
    await log.load();
    let offset = 0;
    for (let batch = 0; batch < 100; batch += 1) {
      const text = `${'x'.repeat(60)}\n`.repeat(1000);
      log.append(output(offset, text), batch);
      offset += text.length;
    }
    expect(log.total).toBe(100_000);
    expect(log.line(100_000)).toBeDefined();
    expect(log.line(1)).toBeUndefined();
  });
});
