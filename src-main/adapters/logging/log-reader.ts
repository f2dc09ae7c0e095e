import type { LogEntry, LogReader } from '../../core/ports/logger';
import { createLogTest, type LogFeed } from './log-feed';
import { createLogFinder, type LogFiles, readTail } from './log-files';
import { parseLine } from './log-line';

/** Of each log, this much of its newest text is read; older text is in the files. */
const mostOfOne = 20 * 1024 * 1024;
/** Of all logs together, the ones written last first. */
const mostOfAll = 64 * 1024 * 1024;

const keyOf = ({ time, level, source, message }: LogEntry) => `${time} ${level} ${source} ${message}`;

/** The entries less those of `others`, each as often as it stands there. */
function without(entries: readonly LogEntry[], others: readonly LogEntry[]): readonly LogEntry[] {
  if (others.length === 0) return entries;
  const counts = new Map<string, number>();
  for (const entry of others) counts.set(keyOf(entry), (counts.get(keyOf(entry)) ?? 0) + 1);
  return entries.filter((entry) => {
    const left = counts.get(keyOf(entry)) ?? 0;
    if (left > 0) counts.set(keyOf(entry), left - 1);
    return left === 0;
  });
}

/** Reads the application's logs back, rotated files included. Names of files never come from the caller. */
export function createLogReader(options: {
  /** Absolute path of scheduler.log; web.log and jobs/ stand beside it. */
  readonly schedulerLog: string;
  readonly webLog: string;
  readonly jobsFolder: string;
  readonly backupCount: number;
  readonly feed: LogFeed;
  /** Brings what is held back in memory into the files. */
  readonly flush?: () => Promise<void>;
}): LogReader {
  const { feed } = options;
  const finder = createLogFinder(options);

  const readLog = async (log: LogFiles, most: number): Promise<{ entries: LogEntry[]; bytes: number }> => {
    const entries: LogEntry[][] = [];
    let left = most;
    for (const { path, bytes } of log.files) {
      if (left <= 0) break;
      const text = await readTail(path, left);
      left -= Math.min(bytes, left);
      entries.unshift(text.split('\n').flatMap((line) => parseLine(line, log.source) ?? []));
    }
    return { entries: entries.flat(), bytes: most - left };
  };

  return {
    async read(query) {
      // First the place in the stream, then the files: what is written meanwhile is taken out again below.
      const mark = feed.last;
      await options.flush?.();
      const logs = query.source === undefined ? await finder.all() : [await finder.one(query.source)];
      const isWanted = createLogTest(query);
      const found: LogEntry[] = [];
      let left = mostOfAll;
      let isPartial = false;
      for (const log of logs) {
        if (!log) continue;
        const { entries, bytes } = await readLog(log, Math.min(mostOfOne, left));
        left -= bytes;
        if (bytes < log.bytes) isPartial = true;
        for (const entry of entries) {
          const time = Date.parse(entry.time);
          const isThen =
            (query.from === undefined || time >= query.from) && (query.to === undefined || time < query.to);
          if (isThen && isWanted(entry)) found.push(entry);
        }
      }
      const known = [...without(found, feed.after(mark))]
        .reverse()
        .sort((a, b) => (a.time < b.time ? 1 : a.time > b.time ? -1 : 0));
      return {
        entries: known.slice(query.offset, query.offset + query.limit),
        total: known.length,
        cursor: feed.cursorOf(mark),
        isPartial,
      };
    },
    tail: (filter, after) => feed.tail(filter, after),
    async sources() {
      const logs = await finder.all();
      return logs.map(({ source, files, bytes, modified }) => ({
        source,
        files: files.length,
        bytes,
        modified,
      }));
    },
  };
}
