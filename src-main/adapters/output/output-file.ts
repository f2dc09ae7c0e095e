import { constants } from 'node:fs';
import { type FileHandle, mkdir, open, rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import { omittedMarker } from './excerpt';

/**
 * One execution's output on disk, never larger than the cap. Up to the cap it is written straight on; what comes
 * after goes round in a second file of half the cap, so that head and tail are both there at the end.
 */
export interface OutputFile {
  write(chunk: Uint8Array): Promise<void>;
  /** Bytes from `offset` of all that was written; fewer, or from later on, where the middle is gone. */
  read(offset: number, limit: number): Promise<{ readonly bytes: Uint8Array; readonly offset: number }>;
  /** Bytes in the middle that are no longer there. */
  readonly gone: number;
  /** Puts head and tail into one file. Its size, and what was cut out of the middle. */
  close(): Promise<ClosedOutput>;
}

export interface ClosedOutput {
  readonly size: number;
  /** `inserted` bytes of a note stand at `head`, in place of everything up to `resumes`. */
  readonly gap?: { readonly head: number; readonly inserted: number; readonly resumes: number };
}

export async function openOutputFile(path: string, cap: number): Promise<OutputFile> {
  await mkdir(dirname(path), { recursive: true, mode: 0o700 });
  const flags = constants.O_RDWR | constants.O_CREAT | constants.O_EXCL | (constants.O_NOFOLLOW ?? 0);
  const main = await open(path, flags, 0o600);
  const ringSize = Math.floor(cap / 2);
  const ringPath = `${path}.tail`;
  let ring: FileHandle | undefined;
  let written = 0;

  const writeRing = async (chunk: Uint8Array) => {
    ring ??= await open(ringPath, flags, 0o600);
    // Only the last `ringSize` bytes of a chunk can survive the round.
    const skip = Math.max(0, chunk.length - ringSize);
    let position = (written - cap + skip) % ringSize;
    let from = skip;
    while (from < chunk.length) {
      const length = Math.min(chunk.length - from, ringSize - position);
      await ring.write(chunk, from, length, position);
      from += length;
      position = (position + length) % ringSize;
    }
    written += chunk.length;
  };

  const readRing = async (from: number, length: number): Promise<Buffer> => {
    const result = Buffer.alloc(length);
    let done = 0;
    while (done < length && ring) {
      const position = (from + done - cap) % ringSize;
      const part = Math.min(length - done, ringSize - position);
      await ring.read(result, done, part, position);
      done += part;
    }
    return result;
  };

  const read: OutputFile['read'] = async (wanted, limit) => {
    const ringStart = Math.max(cap, written - ringSize);
    const offset = wanted >= cap ? Math.max(wanted, ringStart) : wanted;
    const end = Math.min(offset + limit, offset < cap ? Math.min(cap, written) : written);
    if (end <= offset) return { bytes: new Uint8Array(), offset: Math.min(offset, written) };
    if (offset >= cap) return { bytes: await readRing(offset, end - offset), offset };
    const bytes = Buffer.alloc(end - offset);
    const { bytesRead } = await main.read(bytes, 0, bytes.length, offset);
    return { bytes: bytes.subarray(0, bytesRead), offset };
  };

  return {
    async write(chunk) {
      const straight = Math.max(0, Math.min(chunk.length, cap - written));
      if (straight > 0) {
        await main.write(chunk, 0, straight, written);
        written += straight;
      }
      if (straight < chunk.length) await writeRing(chunk.subarray(straight));
    },
    read,
    get gone() {
      return Math.max(0, written - cap - ringSize);
    },
    async close() {
      try {
        if (written > cap) {
          const head = cap - ringSize;
          const tail = await (async () => {
            const fromRing = Math.min(written - cap, ringSize);
            const fromMain = ringSize - fromRing;
            const before = Buffer.alloc(fromMain);
            if (fromMain > 0) await main.read(before, 0, fromMain, cap - fromMain);
            return Buffer.concat([before, await readRing(written - fromRing, fromRing)]);
          })();
          const marker = Buffer.from(omittedMarker(written, head + tail.length));
          await main.truncate(head);
          await main.write(marker, 0, marker.length, head);
          await main.write(tail, 0, tail.length, head + marker.length);
          const gap = { head, inserted: marker.length, resumes: written - tail.length };
          return { size: head + marker.length + tail.length, gap };
        }
        return { size: written };
      } finally {
        await main.close();
        await ring?.close();
        await rm(ringPath, { force: true });
      }
    },
  };
}
