import { appendFileSync, mkdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { idPattern } from '../../../src-shared/model/ids';
import type { JobLog, Logger, LogLevel } from '../../core/ports/logger';
import { rotate } from './app-logger';
import { formatLine, messageOf } from './log-line';

const flushMs = 500;
const filesInOneTurn = 20;
/** Lines kept while the disk takes none; older ones are dropped and counted. */
const mostHeld = 50_000;

/** `logs/jobs/<job_id>.log`, written in batches: 300 runs a second must not mean 600 file openings. */
export function createJobLog(options: {
  readonly folder: string;
  readonly maxSizeBytes: number;
  readonly backupCount: number;
  readonly logger: Logger;
  /** Told of every line that is written. */
  readonly onLine?: (job_id: string, time: Date, level: LogLevel, message: string) => void;
}): JobLog & { flush(): Promise<void>; close(): Promise<void> } {
  let lines = new Map<string, string[]>();
  let held = 0;
  let dropped = 0;
  let isFailing = false;
  let timer: NodeJS.Timeout | undefined;
  let writing: Promise<void> = Promise.resolve();

  /** Four quick calls: handing them to other threads takes several times as long, and there is one file a job. */
  const writeFile = (job_id: string, batch: readonly string[]) => {
    const file = join(options.folder, `${job_id}.log`);
    const size = statSync(file, { throwIfNoEntry: false })?.size ?? 0;
    if (size > options.maxSizeBytes) rotate(file, options.backupCount);
    appendFileSync(file, `${batch.join('\n')}\n`, { mode: 0o640 });
  };

  const flush = async () => {
    const batch = lines;
    lines = new Map();
    held = 0;
    try {
      mkdirSync(options.folder, { recursive: true });
      let written = 0;
      for (const [job_id, entries] of batch) {
        writeFile(job_id, entries);
        written += 1;
        // Runs and requests have their turn in between.
        if (written % filesInOneTurn === 0) await nextTurn();
      }
      if (isFailing) options.logger.info(`job logs are written again; ${dropped} lines were lost`);
      isFailing = false;
      dropped = 0;
    } catch (error) {
      dropped += [...batch.values()].reduce((sum, entries) => sum + entries.length, 0);
      if (!isFailing) options.logger.warning('job logs can not be written', { error: String(error) });
      isFailing = true;
    }
  };

  const schedule = () => {
    timer ??= setTimeout(() => {
      timer = undefined;
      writing = writing.then(flush);
    }, flushMs);
  };

  const flushNow = async () => {
    clearTimeout(timer);
    timer = undefined;
    writing = writing.then(flush);
    await writing;
  };

  return {
    write(job_id, level: LogLevel, message) {
      // Ids of rows from elsewhere may be anything; a file's name may not.
      if (!idPattern.test(job_id) || job_id.includes('..')) return;
      if (held >= mostHeld) {
        dropped += 1;
        return;
      }
      held += 1;
      const entries = lines.get(job_id) ?? [];
      const time = new Date();
      entries.push(formatLine(time, level, message));
      lines.set(job_id, entries);
      options.onLine?.(job_id, time, level, messageOf(message));
      schedule();
    },
    flush: flushNow,
    close: flushNow,
  };
}
