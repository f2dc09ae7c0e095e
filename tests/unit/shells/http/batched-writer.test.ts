import { beforeEach, describe, expect, it, vi } from 'vitest';
import { createBatchedWriter, mostWaitingBytes } from '../../../../src-main/shells/http/batched-writer';

/** A client that takes what it is sent when told to. */
function client() {
  const sent: string[] = [];
  const target = {
    writableLength: 0,
    write(text: string) {
      sent.push(text);
      target.writableLength += Buffer.byteLength(text);
      return true;
    },
  };
  const onTooSlow = vi.fn();
  return { sent, target, onTooSlow, writer: createBatchedWriter(target, onTooSlow) };
}
const mebibyte = 'x'.repeat(1024 * 1024);

describe('writing to a client in batches', () => {
  beforeEach(() => {
    vi.useFakeTimers();
  });

  it('is done at most 60 times a second, and loses nothing', () => {
    const { sent, writer } = client();
    for (let count = 0; count < 1000; count += 1) {
      writer.push(`${count} `);
      vi.advanceTimersByTime(1);
    }
    vi.advanceTimersByTime(20);
    expect(sent.length).toBeLessThanOrEqual(60);
    expect(sent.join('')).toBe(Array.from({ length: 1000 }, (_, count) => `${count} `).join(''));
  });

  it('does not wait after a silence', () => {
    const { sent, writer } = client();
    writer.push('a');
    vi.advanceTimersByTime(1);
    expect(sent).toEqual(['a']);
    writer.push('b');
    vi.advanceTimersByTime(1);
    expect(sent).toEqual(['a']);
    vi.advanceTimersByTime(17);
    writer.push('c');
    vi.advanceTimersByTime(17);
    expect(sent).toEqual(['a', 'b', 'c']);
  });

  it('ends when more than 8 MiB would wait for it, once, and holds nothing afterwards', () => {
    const { sent, target, onTooSlow, writer } = client();
    for (let count = 0; count < 20; count += 1) {
      writer.push(mebibyte);
      vi.advanceTimersByTime(20);
    }
    expect(sent).toHaveLength(8);
    expect(target.writableLength).toBe(mostWaitingBytes);
    expect(onTooSlow.mock.calls).toEqual([[mostWaitingBytes + mebibyte.length]]);
    expect(vi.getTimerCount()).toBe(0);
  });

  it('goes on for a client that has taken everything, however much comes at once', () => {
    const { sent, target, onTooSlow, writer } = client();
    for (let round = 0; round < 3; round += 1) {
      for (let count = 0; count < 12; count += 1) writer.push(mebibyte);
      vi.advanceTimersByTime(20);
      target.writableLength = 0;
    }
    expect(sent).toHaveLength(3);
    expect(onTooSlow).not.toHaveBeenCalled();
  });
});
