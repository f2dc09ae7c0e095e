import { lstat, open, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { idPattern } from '../../../src-shared/model/ids';

/** A log with its present file and those it was rotated into. */
export interface LogFiles {
  readonly source: string;
  /** Newest first. */
  readonly files: readonly { readonly path: string; readonly bytes: number }[];
  readonly bytes: number;
  /** Epoch ms. */
  readonly modified: number;
}

/** Many small files are looked at together, and not all at once: a folder may hold ten thousand. */
const together = 64;

/** The files of one log that are plain files: a link is nothing of ours. */
async function filesOf(source: string, file: string, backups: readonly number[]): Promise<LogFiles> {
  const found: { path: string; bytes: number }[] = [];
  let modified = 0;
  for (const path of [file, ...backups.map((number) => `${file}.${number}`)]) {
    const info = await lstat(path).catch(() => undefined);
    if (!info?.isFile()) continue;
    found.push({ path, bytes: info.size });
    modified = Math.max(modified, info.mtimeMs);
  }
  return { source, files: found, bytes: found.reduce((sum, one) => sum + one.bytes, 0), modified };
}

const range = (count: number) => Array.from({ length: count }, (_, index) => index + 1);

/** Which logs there are, the one that was written last first. Names never come from a caller unchecked. */
export function createLogFinder(options: {
  /** Absolute path of scheduler.log. */
  readonly schedulerLog: string;
  readonly webLog: string;
  readonly jobsFolder: string;
  readonly backupCount: number;
}): { one(source: string): Promise<LogFiles | undefined>; all(): Promise<LogFiles[]> } {
  const backups = range(options.backupCount);
  const own = { scheduler: options.schedulerLog, web: options.webLog };

  const one = async (source: string): Promise<LogFiles | undefined> => {
    if (source === 'scheduler' || source === 'web') return filesOf(source, own[source], backups);
    const job_id = source.slice('jobs/'.length);
    if (!source.startsWith('jobs/') || !idPattern.test(job_id) || job_id.includes('..')) return undefined;
    return filesOf(source, join(options.jobsFolder, `${job_id}.log`), backups);
  };

  return {
    one,
    async all() {
      const names = await readdir(options.jobsFolder).catch(() => [] as string[]);
      const rotated = new Map<string, number[]>();
      for (const name of names) {
        const match = /^(.+)\.log(?:\.(\d{1,3}))?$/.exec(name);
        const job_id = match?.[1] ?? '';
        if (!match || !idPattern.test(job_id) || job_id.includes('..')) continue;
        const numbers = rotated.get(job_id) ?? [];
        if (match[2] !== undefined) numbers.push(Number(match[2]));
        rotated.set(job_id, numbers);
      }
      const found = await Promise.all([one('scheduler'), one('web')]);
      const jobs = [...rotated];
      for (let index = 0; index < jobs.length; index += together) {
        const some = jobs.slice(index, index + together);
        found.push(
          ...(await Promise.all(
            some.map(([job_id, numbers]) =>
              filesOf(
                `jobs/${job_id}`,
                join(options.jobsFolder, `${job_id}.log`),
                numbers.sort((a, b) => a - b),
              ),
            ),
          )),
        );
      }
      return found
        .filter((log): log is LogFiles => log !== undefined && log.files.length > 0)
        .sort((a, b) => b.modified - a.modified);
    },
  };
}

/** The newest `most` bytes of a plain file, whole lines. A file that is gone meanwhile is empty. */
export async function readTail(file: string, most: number): Promise<string> {
  const info = await lstat(file).catch(() => undefined);
  if (!info?.isFile() || most <= 0) return '';
  const handle = await open(file, 'r').catch(() => undefined);
  if (!handle) return '';
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
