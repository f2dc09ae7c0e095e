import { readFileSync, renameSync, writeFileSync } from 'node:fs';
import type { z } from 'zod';

/** A small JSON file of the shell's own: what it remembers of the window and of what it has told. */
export interface SmallFile<T> {
  /** Undefined when there is none, or none that can be understood: then it is as if it were the first time. */
  read(): T | undefined;
  /** Whole or not at all. A failure is swallowed: nothing that matters stands here. */
  write(value: T): void;
}

export function createSmallFile<S extends z.ZodType>(file: string, schema: S): SmallFile<z.output<S>> {
  return {
    read() {
      try {
        return schema.safeParse(JSON.parse(readFileSync(file, 'utf8'))).data;
      } catch {
        return undefined;
      }
    },
    write(value) {
      try {
        writeFileSync(`${file}.new`, JSON.stringify(value));
        renameSync(`${file}.new`, file);
      } catch {
        // A full disk loses the window's place, not a run.
      }
    },
  };
}
