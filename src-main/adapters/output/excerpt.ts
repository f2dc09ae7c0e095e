/** Head and tail of a stream of any length, in bounded memory. */
export interface Excerpt {
  push(chunk: Uint8Array): void;
  /** The whole text when it is short; else head, a marker with the true size, tail. Valid text either way. */
  text(notes?: readonly string[]): string;
  readonly total: number;
}

const decoder = new TextDecoder('utf-8', { ignoreBOM: true });

/** Cuts off half characters at both ends. */
function trimmed(bytes: Uint8Array, atStart: boolean, atEnd: boolean): Uint8Array {
  let from = 0;
  let to = bytes.length;
  if (atStart) while (from < Math.min(3, to) && ((bytes[from] as number) & 0xc0) === 0x80) from += 1;
  if (atEnd) {
    let back = to - 1;
    while (back > to - 4 && back > from && ((bytes[back] as number) & 0xc0) === 0x80) back -= 1;
    if (back >= from && (bytes[back] as number) >= 0xc0) to = back;
  }
  return bytes.subarray(from, to);
}

/** NUL would end the text early in more than one database; it is shown as its symbol. */
function shown(bytes: Uint8Array): string {
  return decoder.decode(bytes).replaceAll('\0', '\u2400');
}

export function omittedMarker(total: number, kept: number): string {
  return `\n\n[… ${(total - kept).toLocaleString('en-US')} of ${total.toLocaleString('en-US')} bytes left out here …]\n\n`;
}

export function createExcerpt(limit: number): Excerpt {
  const half = Math.floor(limit / 2);
  const head: Uint8Array[] = [];
  let headBytes = 0;
  let tail: Uint8Array[] = [];
  let tailBytes = 0;
  let total = 0;

  return {
    push(chunk) {
      total += chunk.length;
      let rest = chunk;
      if (headBytes < half) {
        const part = rest.slice(0, half - headBytes);
        head.push(part);
        headBytes += part.length;
        rest = rest.subarray(part.length);
      }
      if (rest.length === 0) return;
      const kept = rest.slice(Math.max(0, rest.length - half));
      tail.push(kept);
      tailBytes += kept.length;
      // Joined only now and then: joining at every chunk would copy the tail over and over.
      if (tailBytes > half * 4) {
        const joined = Buffer.concat(tail);
        tail = [Uint8Array.prototype.slice.call(joined, joined.length - half)];
        tailBytes = half;
      }
    },
    text(notes = []) {
      const first = Buffer.concat(head);
      const joined = Buffer.concat(tail);
      const last = joined.subarray(Math.max(0, joined.length - half));
      const isWhole = total <= first.length + last.length;
      const body = isWhole
        ? shown(Buffer.concat([first, last]))
        : shown(trimmed(first, false, true)) +
          omittedMarker(total, first.length + last.length) +
          shown(trimmed(last, true, false));
      return body + notes.map((note) => `\n[${note}]`).join('');
    },
    get total() {
      return total;
    },
  };
}
