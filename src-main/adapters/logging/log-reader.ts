import { lstat, open, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { idPattern } from '../../../src-shared/model/ids';
import type { LogEntry, LogLevel, LogReader } from '../../core/ports/logger';
import { parseLine } from './log-line';

const order: readonly LogLevel[] = ['debug', 'info', 'warning', 'error'];
/** Of each log, this much of its newest text is read; older text is in the files. */
const mostBytes = 20 * 1024 * 1024;

/** The newest `mostBytes` of a plain file, whole lines; nothing for a link or anything else. */
async function readTail(file: string, most: number): Promise<string> {
  const info = await lstat(file).catch(() => undefined);
  if (!info?.isFile() || most <= 0) return '';
  const handle = await open(file, 'r');
  try {
    const length = Math.min(info.size, most);
    const bytes = Buffer.alloc(length);
    await handle.read(bytes, 0, length, info.size - length);
    const text = bytes.toString('utf8');
    return length < info.size ? text.slice(text.indexOf('\n') + 1) : text;
  } finally {
    await handle.close();
  }
}

/** Reads the application's logs back, rotated files included. Names of files never come from the caller. */
export function createLogReader(options: {
  /** Absolute path of scheduler.log; web.log and jobs/ stand beside it. */
  readonly schedulerLog: string;
  readonly webLog: string;
  readonly jobsFolder: string;
  readonly backupCount: number;
}): LogReader {
  const readLog = async (file: string, source: string): Promise<LogEntry[]> => {
    const entries: LogEntry[][] = [];
    let left = mostBytes;
    for (let index = 0; index <= options.backupCount && left > 0; index += 1) {
      const text = await readTail(index === 0 ? file : `${file}.${index}`, left);
      left -= text.length;
      entries.unshift(text.split('\n').flatMap((line) => parseLine(line, source) ?? []));
    }
    return entries.flat();
  };

  const sourcesOf = async (source: string | undefined): Promise<[string, string][]> => {
    const jobFile = (job_id: string): [string, string] => [
      join(options.jobsFolder, `${job_id}.log`),
      `jobs/${job_id}`,
    ];
    if (source === 'scheduler') return [[options.schedulerLog, 'scheduler']];
    if (source === 'web') return [[options.webLog, 'web']];
    if (source?.startsWith('jobs/')) {
      const job_id = source.slice('jobs/'.length);
      return idPattern.test(job_id) && !job_id.includes('..') ? [jobFile(job_id)] : [];
    }
    const names = await readdir(options.jobsFolder).catch(() => []);
    const jobs = names.filter((name) => name.endsWith('.log')).map((name) => jobFile(name.slice(0, -4)));
    return [[options.schedulerLog, 'scheduler'], [options.webLog, 'web'], ...jobs.slice(0, 200)];
  };

  return {
    async read(query) {
      const least = query.level ? order.indexOf(query.level) : 0;
      const wanted = query.search?.toLowerCase();
      const all: LogEntry[] = [];
      for (const [file, source] of await sourcesOf(query.source)) all.push(...(await readLog(file, source)));
      const found = all.filter((entry) => {
        if (order.indexOf(entry.level) < least) return false;
        if (wanted && !entry.message.toLowerCase().includes(wanted)) return false;
        const time = Date.parse(entry.time);
        return (
          (query.from === undefined || time >= query.from) && (query.to === undefined || time < query.to)
        );
      });
      found.sort((a, b) => (a.time < b.time ? 1 : a.time > b.time ? -1 : 0));
      return { entries: found.slice(query.offset, query.offset + query.limit), total: found.length };
    },
  };
}
