import { randomBytes } from 'node:crypto';
import type { LogEntry, LogFilter, LogLevel, LogTail } from '../../core/ports/logger';

const order: readonly LogLevel[] = ['debug', 'info', 'warning', 'error'];
const mostEntries = 5000;
const mostCharacters = 4 * 1024 * 1024;

/** Whether an entry passes a filter. `search` ignores case and is plain text, never a pattern. */
export function createLogTest(filter: LogFilter): (entry: LogEntry) => boolean {
  const least = filter.level ? order.indexOf(filter.level) : 0;
  const wanted = filter.search?.toLowerCase();
  return ({ level, source, message }) =>
    order.indexOf(level) >= least &&
    (filter.source === undefined || filter.source === source) &&
    (!wanted || message.toLowerCase().includes(wanted));
}

/** The newest lines of all logs in memory, each with a number: what a follower reads instead of the files. */
export interface LogFeed {
  push(entry: LogEntry): void;
  /** Number of the newest line. */
  readonly last: number;
  /** Everything after a line's number that is still kept. */
  after(number: number): readonly LogEntry[];
  cursorOf(number: number): string;
  tail(filter: LogFilter, after: { readonly cursor: string; readonly limit: number }): LogTail;
}

export function createLogFeed(): LogFeed {
  // A cursor of another start of the program says nothing about this one's lines.
  const life = randomBytes(6).toString('hex');
  let entries: LogEntry[] = [];
  let first = 1;
  let characters = 0;

  const cursorOf = (number: number) => `${life}-${number}`;
  const last = () => first + entries.length - 1;

  const trim = () => {
    let dropped = 0;
    while (
      entries.length - dropped > mostEntries ||
      (characters > mostCharacters && dropped < entries.length)
    ) {
      characters -= entries[dropped]?.message.length ?? 0;
      dropped += 1;
    }
    entries = entries.slice(dropped);
    first += dropped;
  };

  return {
    push(entry) {
      entries.push(entry);
      characters += entry.message.length;
      // Trimmed in steps: cutting the list at every line would copy it at every line.
      if (entries.length > mostEntries * 1.2 || characters > mostCharacters * 1.2) trim();
    },
    get last() {
      return last();
    },
    after: (number) => entries.slice(Math.max(0, number + 1 - first)),
    cursorOf,
    tail(filter, { cursor, limit }) {
      const [whose, text] = cursor.split('-');
      const after = Number(text);
      if (whose !== life || after > last() || after < first - 1)
        return { entries: [], cursor: cursorOf(last()), isComplete: false };
      const isWanted = createLogTest(filter);
      const found: LogEntry[] = [];
      let index = after + 1 - first;
      for (; index < entries.length && found.length < limit; index += 1) {
        const entry = entries[index];
        if (entry && isWanted(entry)) found.push(entry);
      }
      return { entries: found, cursor: cursorOf(first + index - 1), isComplete: true };
    },
  };
}
