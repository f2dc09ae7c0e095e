import { constants } from 'node:fs';
import { appendFile, lstat, open, readFile as readWhole, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { OutputMark, OutputSink, OutputStore } from '../../core/ports/output-store';
import { createExcerpt } from './excerpt';
import { type OutputFile, openOutputFile } from './output-file';
import { createMarkRecorder, readMarks } from './output-marks';

export interface OutputStoreOptions {
  readonly folder: string;
  /** Largest file of one execution. */
  readonly capBytes?: number;
  /** What goes into the row. */
  readonly excerptBytes?: number;
  /** The present, epoch ms. */
  readonly now?: () => number;
}

const mebibyte = 1024 * 1024;
/** An output stays in memory until it is this large, or this old: short runs then cost no file at all. */
const spillBytes = 16 * 1024;
const spillMs = 500;
/** A writer that is this far ahead of the disk waits for it. */
const pressureBytes = 2 * mebibyte;
const appending = {
  flag: constants.O_WRONLY | constants.O_APPEND | constants.O_CREAT | (constants.O_NOFOLLOW ?? 0),
  mode: 0o600,
};

interface OpenSink extends OutputSink {
  /** Undefined once it is closed: what is left is in its file. */
  read(offset: number, limit: number): Promise<{ bytes: Uint8Array; offset: number } | undefined>;
  readonly total: number;
  readonly gone: number;
  readonly marks: readonly OutputMark[];
}

/**
 * Keeps outputs as files in `<folder>/<id / 1000>/exec_<id>.log`, their marks in `.log.marks` beside them. An output that stayed in memory is wholly in its
 * excerpt, and `read` knows nothing of it afterwards.
 */
export function createOutputStore(options: OutputStoreOptions): OutputStore {
  const { folder, capBytes = 50 * mebibyte, excerptBytes = 64 * 1024, now = Date.now } = options;
  const sinks = new Map<number, OpenSink>();
  const pathOf = (execution_id: number) =>
    join(folder, String(Math.floor(execution_id / 1000)), `exec_${execution_id}.log`);

  const openSink = (execution_id: number): OpenSink => {
    const excerpt = createExcerpt(excerptBytes);
    const recorder = createMarkRecorder();
    const marksPath = `${pathOf(execution_id)}.marks`;
    let queue: Uint8Array[] = [];
    let queued = 0;
    let inMemory = 0;
    let isSpilling = false;
    let file: OutputFile | undefined;
    let failure: string | undefined;
    let pump: Promise<void> | undefined;
    let timer: NodeJS.Timeout | undefined;
    let closing: Promise<void> | undefined;
    const readers = new Set<Promise<unknown>>();

    const write = async () => {
      while (queue.length > 0 && failure === undefined) {
        const batch = Buffer.concat(queue);
        queue = [];
        try {
          file ??= await openOutputFile(pathOf(execution_id), capBytes);
          await file.write(batch);
          const marks = recorder.takeText();
          if (marks !== '') await appendFile(marksPath, marks, appending);
        } catch (error) {
          const code = (error as NodeJS.ErrnoException).code ?? String(error);
          failure = `the output could not be stored whole: ${code === 'ENOSPC' ? 'the disk is full' : code}`;
        }
        queued -= batch.length;
      }
      if (failure !== undefined) {
        queue = [];
        queued = 0;
      }
    };
    const spill = (): Promise<void> => {
      isSpilling = true;
      clearTimeout(timer);
      pump ??= write().finally(() => {
        pump = undefined;
        if (queue.length > 0) void spill();
      });
      return pump;
    };

    const readNow = async (offset: number, limit: number) => {
      if (isSpilling) {
        await spill();
        if (file) return file.read(offset, limit);
      }
      const all = Buffer.concat(queue);
      return {
        bytes: all.subarray(Math.min(offset, all.length), offset + limit),
        offset: Math.min(offset, all.length),
      };
    };

    /** Closes the file once nobody reads in it. Bytes that are stored. */
    const close = async (): Promise<number> => {
      await Promise.allSettled([...readers]);
      if (!file) return Math.min(excerpt.total, excerptBytes);
      const { size, gap } = await file.close();
      if (gap) await appendFile(marksPath, `gap ${gap.head} ${gap.inserted} ${gap.resumes}\n`, appending);
      return size;
    };

    return {
      write(stream, chunk) {
        recorder.note(stream, excerpt.total, now());
        excerpt.push(chunk);
        // The caller's buffer may be reused after it returns.
        queue.push(Uint8Array.prototype.slice.call(chunk));
        queued += chunk.length;
        inMemory += chunk.length;
        if (isSpilling || inMemory > spillBytes) {
          const pumped = spill();
          return queued > pressureBytes ? pumped : undefined;
        }
        timer ??= setTimeout(() => void spill(), spillMs);
        return undefined;
      },
      async read(offset, limit) {
        if (closing) return closing.then(() => undefined);
        const reader = readNow(offset, limit);
        readers.add(reader);
        return reader.finally(() => readers.delete(reader));
      },
      get total() {
        return excerpt.total;
      },
      get gone() {
        return file?.gone ?? 0;
      },
      marks: recorder.marks,
      async finish() {
        clearTimeout(timer);
        if (isSpilling) while (pump || queue.length > 0) await spill();
        let stored = 0;
        let told: () => void = () => undefined;
        closing = new Promise((resolve) => {
          told = resolve;
        });
        try {
          stored = await close();
        } catch (error) {
          failure ??= `the output could not be stored whole: ${(error as NodeJS.ErrnoException).code ?? error}`;
        }
        sinks.delete(execution_id);
        told();
        const notes = failure === undefined ? [] : [failure];
        const marks = file ? [] : recorder.marks;
        return {
          excerpt: excerpt.text(notes),
          total_bytes: excerpt.total,
          stored_bytes: stored,
          ...(failure === undefined ? {} : { problem: failure }),
          marks,
        };
      },
    };
  };

  /** A finished output's file; undefined when there is none, or something that is no plain file. */
  const sizeOf = async (path: string): Promise<number | undefined> => {
    try {
      const info = await lstat(path);
      return info.isFile() ? info.size : undefined;
    } catch {
      return undefined;
    }
  };

  const readFile = async (path: string, offset: number, limit: number): Promise<Buffer> => {
    const handle = await open(path, 'r');
    try {
      const bytes = Buffer.alloc(limit);
      const { bytesRead } = await handle.read(bytes, 0, limit, offset);
      return bytes.subarray(0, bytesRead);
    } finally {
      await handle.close();
    }
  };

  return {
    limits: { whole_bytes: capBytes, excerpt_bytes: excerptBytes },
    open(execution_id) {
      const sink = openSink(execution_id);
      sinks.set(execution_id, sink);
      return sink;
    },
    async read(execution_id, range) {
      const sink = sinks.get(execution_id);
      const placeIn = (size: number) => {
        const from = 'tail' in range ? Math.max(0, size - range.tail) : Math.min(range.offset, size);
        return { from, limit: 'tail' in range ? size - from : Math.min(range.limit, size - from) };
      };
      if (sink) {
        const size = sink.total;
        const { from, limit } = placeIn(size);
        const found = await sink.read(from, limit);
        if (found) return { ...found, stored_bytes: size, total_bytes: size, gone_bytes: sink.gone };
      }
      const path = pathOf(execution_id);
      const size = await sizeOf(path);
      if (size === undefined) return undefined;
      const { from, limit } = placeIn(size);
      return {
        bytes: await readFile(path, from, limit),
        offset: from,
        stored_bytes: size,
        total_bytes: size,
      };
    },
    async marks(execution_id) {
      const sink = sinks.get(execution_id);
      if (sink) return sink.marks;
      const path = `${pathOf(execution_id)}.marks`;
      if ((await sizeOf(path)) === undefined) return undefined;
      return readMarks(await readWhole(path, 'utf8'));
    },
    async recover(execution_id) {
      const path = pathOf(execution_id);
      await rm(`${path}.tail`, { force: true });
      const size = await sizeOf(path);
      if (size === undefined) return undefined;
      const excerpt = createExcerpt(excerptBytes);
      const half = Math.floor(excerptBytes / 2);
      excerpt.push(await readFile(path, 0, Math.min(size, half)));
      if (size > half) {
        // The middle is only counted: its bytes are not shown.
        const tailFrom = Math.max(half, size - half);
        const tail = await readFile(path, tailFrom, size - tailFrom);
        const skipped = tailFrom - half;
        const text = skipped === 0 ? undefined : size;
        excerpt.push(tail);
        return {
          excerpt:
            text === undefined ? excerpt.text() : excerpt.text([`${skipped} bytes in the middle left out`]),
          total_bytes: size,
          stored_bytes: size,
          marks: [],
        };
      }
      return { excerpt: excerpt.text(), total_bytes: size, stored_bytes: size, marks: [] };
    },
    async remove(execution_ids) {
      for (const execution_id of execution_ids) {
        await rm(pathOf(execution_id), { force: true });
        await rm(`${pathOf(execution_id)}.marks`, { force: true });
      }
    },
  };
}
