import { existsSync, mkdirSync, renameSync, rmSync } from 'node:fs';
import { dirname } from 'node:path';
import log from 'electron-log/node';
import type { Logger, LogLevel } from '../../core/ports/logger';
import { formatLine, messageOf } from './log-line';

const order: readonly LogLevel[] = ['debug', 'info', 'warning', 'error'];

export interface LoggerOptions {
  readonly file: string;
  /** Where everything goes while the level is DEBUG. */
  readonly debugFile?: string;
  readonly level: LogLevel;
  readonly maxSizeBytes: number;
  readonly backupCount: number;
  /** Also to stdout, warnings and errors to stderr. */
  readonly console: boolean;
  /** Told of every line that is written. */
  readonly onLine?: (time: Date, level: LogLevel, message: string) => void;
}

/** scheduler.log -> scheduler.log.1 -> … -> scheduler.log.N, the oldest dropped. */
export function rotate(file: string, backupCount: number): void {
  if (backupCount === 0) {
    rmSync(file, { force: true });
    return;
  }
  rmSync(`${file}.${backupCount}`, { force: true });
  for (let index = backupCount - 1; index >= 1; index -= 1) {
    if (existsSync(`${file}.${index}`)) renameSync(`${file}.${index}`, `${file}.${index + 1}`);
  }
  if (existsSync(file)) renameSync(file, `${file}.1`);
}

function createFileWriter(name: string, file: string, options: LoggerOptions) {
  mkdirSync(dirname(file), { recursive: true });
  const instance = log.create({ logId: name });
  instance.transports.console.level = false;
  const { transport } = { transport: instance.transports.file };
  transport.level = 'silly';
  transport.maxSize = options.maxSizeBytes;
  transport.resolvePathFn = () => file;
  transport.format = '{text}';
  // electron-log keeps one old file; the specification asks for backup_count of them.
  transport.archiveLogFn = () => {
    try {
      rotate(file, options.backupCount);
    } catch {
      // A file somebody holds open: the log goes on in the old one, and rotation is tried again at the next line.
    }
  };
  return (line: string) => instance.info(line);
}

const ignore = () => undefined;

let count = 0;

/**
 * The application log: one line an entry, in rotating files (electron-log) and on the console. Never throws: a
 * full disk costs log lines, not runs.
 */
export function createAppLogger(options: LoggerOptions): Logger {
  count += 1;
  const write = createFileWriter(`app-${count}`, options.file, options);
  const writeDebug =
    options.level === 'debug' && options.debugFile
      ? createFileWriter(`debug-${count}`, options.debugFile, options)
      : undefined;
  const least = order.indexOf(options.level);
  // Whoever read the console may be gone. Its error would be logged, to the same console, and so on without end.
  if (options.console)
    for (const stream of [process.stdout, process.stderr])
      if (stream.listenerCount('error') === 0) stream.on('error', ignore);

  const put = (level: LogLevel, message: string, details?: Readonly<Record<string, unknown>>) => {
    if (order.indexOf(level) < least) return;
    const time = new Date();
    const line = formatLine(time, level, message, details);
    write(line);
    options.onLine?.(time, level, messageOf(message, details));
    writeDebug?.(line);
    if (!options.console) return;
    const stream = level === 'warning' || level === 'error' ? process.stderr : process.stdout;
    stream.write(`${line}\n`);
  };

  return {
    debug: (message, details) => put('debug', message, details),
    info: (message, details) => put('info', message, details),
    warning: (message, details) => put('warning', message, details),
    error: (message, details) => put('error', message, details),
  };
}
