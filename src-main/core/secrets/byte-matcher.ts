/** Finds many byte patterns at once. */
export interface ByteMatcher {
  readonly longest: number;
  /** Places of patterns, leftmost first and longest of those that begin at one place; they do not overlap. */
  find(bytes: Uint8Array): readonly { readonly from: number; readonly to: number }[];
  /** Where an end of `bytes` begins that more bytes could make a pattern of; `bytes.length` when none does. */
  openFrom(bytes: Uint8Array): number;
}

function startsAt(bytes: Uint8Array, at: number, pattern: Uint8Array, length: number): boolean {
  for (let index = 0; index < length; index += 1) if (bytes[at + index] !== pattern[index]) return false;
  return true;
}

/**
 * Wu and Manber's search: a table says by the last two bytes of a window how far no pattern can begin, so most
 * bytes are never looked at. `patterns` must not be empty, none shorter than 2 bytes.
 */
export function createByteMatcher(patterns: readonly Uint8Array[]): ByteMatcher {
  const window = Math.min(...patterns.map((pattern) => pattern.length));
  const longest = Math.max(...patterns.map((pattern) => pattern.length));
  const skips = new Uint16Array(65_536).fill(Math.min(window - 1, 65_535));
  const byBlock = new Map<number, Uint8Array[]>();
  const byFirst = new Map<number, Uint8Array[]>();
  const push = (map: Map<number, Uint8Array[]>, key: number, pattern: Uint8Array) => {
    map.set(key, [...(map.get(key) ?? []), pattern]);
  };
  for (const pattern of [...patterns].sort((a, b) => b.length - a.length)) {
    for (let index = 1; index < window; index += 1) {
      const block = ((pattern[index - 1] as number) << 8) | (pattern[index] as number);
      skips[block] = Math.min(skips[block] as number, window - 1 - index);
      if (index === window - 1) push(byBlock, block, pattern);
    }
    push(byFirst, pattern[0] as number, pattern);
  }

  return {
    longest,
    find(bytes) {
      const found: { from: number; to: number }[] = [];
      let end = window - 1;
      while (end < bytes.length) {
        const block = ((bytes[end - 1] as number) << 8) | (bytes[end] as number);
        const skip = skips[block] as number;
        if (skip > 0) {
          end += skip;
          continue;
        }
        const from = end - window + 1;
        const pattern = byBlock
          .get(block)
          ?.find((one) => from + one.length <= bytes.length && startsAt(bytes, from, one, one.length));
        if (!pattern) {
          end += 1;
          continue;
        }
        found.push({ from, to: from + pattern.length });
        end = from + pattern.length + window - 1;
      }
      return found;
    },
    openFrom(bytes) {
      for (let at = Math.max(0, bytes.length - longest + 1); at < bytes.length; at += 1) {
        const rest = bytes.length - at;
        const candidates = byFirst.get(bytes[at] as number);
        if (candidates?.some((one) => one.length > rest && startsAt(bytes, at, one, rest))) return at;
      }
      return bytes.length;
    },
  };
}
