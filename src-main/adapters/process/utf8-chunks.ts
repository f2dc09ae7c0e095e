import { isUtf8 } from 'node:buffer';
import iconv from 'iconv-lite';

/** Turns a process's bytes into valid UTF-8, chunk by chunk. */
export interface ChunkDecoder {
  push(chunk: Buffer): Uint8Array;
  /** What was held back as half a character. */
  end(): Uint8Array;
}

/** Bytes at the end that are the beginning of a character still to come. */
function incompleteTail(chunk: Buffer): number {
  for (let back = 1; back <= Math.min(3, chunk.length); back += 1) {
    const byte = chunk[chunk.length - back] as number;
    if (byte >= 0xc0) {
      const needed = byte >= 0xf0 ? 4 : byte >= 0xe0 ? 3 : 2;
      return needed > back ? back : 0;
    }
    if (byte < 0x80) return 0;
  }
  return 0;
}

function utf8Decoder(): ChunkDecoder {
  let held = Buffer.alloc(0);
  const decoder = new TextDecoder('utf-8', { ignoreBOM: true });
  const encoder = new TextEncoder();
  // Valid chunks, which is nearly all of them, pass untouched: decoding 10 GB would cost minutes.
  const valid = (bytes: Buffer): Uint8Array =>
    isUtf8(bytes) ? bytes : encoder.encode(decoder.decode(bytes));
  return {
    push(chunk) {
      const bytes = held.length > 0 ? Buffer.concat([held, chunk]) : chunk;
      const tail = incompleteTail(bytes);
      held = Buffer.from(bytes.subarray(bytes.length - tail));
      return valid(bytes.subarray(0, bytes.length - tail));
    },
    end() {
      const rest = valid(held);
      held = Buffer.alloc(0);
      return rest;
    },
  };
}

/**
 * Bytes that are not valid in the encoding are shown as U+FFFD, never fatal. Throws RangeError for an encoding
 * there is none of.
 */
export function createChunkDecoder(encoding: string): ChunkDecoder {
  if (/^utf-?8$/i.test(encoding)) return utf8Decoder();
  if (!iconv.encodingExists(encoding)) throw new RangeError(`output_encoding "${encoding}" is not known`);
  const decoder = iconv.getDecoder(encoding);
  return {
    push: (chunk) => Buffer.from(decoder.write(chunk), 'utf8'),
    end: () => Buffer.from(decoder.end() ?? '', 'utf8'),
  };
}
