import { existsSync, mkdirSync, readFileSync, symlinkSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { createAppLogger } from '../../../src-main/adapters/logging/app-logger';
import { createJobLog } from '../../../src-main/adapters/logging/job-log';
import { createLogFeed } from '../../../src-main/adapters/logging/log-feed';
import { formatLine, parseLine } from '../../../src-main/adapters/logging/log-line';
import { createLogReader } from '../../../src-main/adapters/logging/log-reader';
import { recordingLogger } from '../../support/silent-logger';
import { tempFolder } from '../../support/temp-folder';

const time = new Date('2026-03-02T08:00:00.123Z');

describe('a log line', () => {
  it('is one line whatever it is made of', () => {
    const nasty = 'a\r\n2026-03-02T08:00:00.000Z ERROR   forged\u2028b\u001b[31mred\u0007\u202e\u0085';
    const line = formatLine(time, 'info', nasty, { name: nasty });
    // biome-ignore lint/suspicious/noControlCharactersInRegex: that none of them is left is the point
    expect(line).not.toMatch(/[\u0000-\u001f\u007f-\u009f\u2028\u2029\u202a-\u202e]/);
    expect(line).toMatch(/^2026-03-02T08:00:00\.123Z INFO {4}a\\r\\n/);
    expect(parseLine(line, 'web')).toMatchObject({ level: 'info', source: 'web', time: time.toISOString() });
  });

  it('of somebody else is no entry', () => {
    expect(parseLine('hello', 'web')).toBeUndefined();
  });
});

describe('the application log', () => {
  const open = (more: object = {}) => {
    const folder = tempFolder();
    const file = join(folder, 'logs', 'scheduler.log');
    return {
      folder,
      file,
      logger: createAppLogger({
        file,
        level: 'info',
        maxSizeBytes: 10_000,
        backupCount: 3,
        console: false,
        ...more,
      }),
    };
  };

  it('holds what is at its level or above', () => {
    const { file, logger } = open();
    logger.debug('no');
    logger.info('yes', { a: 1 });
    logger.error('also');
    const lines = readFileSync(file, 'utf8').trim().split('\n');
    expect(lines).toHaveLength(2);
    expect(lines[0]).toMatch(/INFO {4}yes {"a":1}$/);
  });

  it('also goes to debug.log at the level debug', () => {
    const folder = tempFolder();
    const { logger } = open({ level: 'debug', debugFile: join(folder, 'debug.log') });
    logger.debug('detail');
    expect(readFileSync(join(folder, 'debug.log'), 'utf8')).toContain('detail');
  });

  it('rotates at its size, keeps so many old files, and loses no line of those', () => {
    const { file, logger } = open();
    for (let index = 0; index < 700; index += 1) logger.info(`entry number ${index} of the log`);
    expect(existsSync(`${file}.1`)).toBe(true);
    expect(existsSync(`${file}.3`)).toBe(true);
    expect(existsSync(`${file}.4`)).toBe(false);
    const all = [`${file}.3`, `${file}.2`, `${file}.1`, file]
      .map((one) => readFileSync(one, 'utf8'))
      .join('');
    const numbers = [...all.matchAll(/number (\d+)/g)].map((match) => Number(match[1]));
    expect(numbers.at(-1)).toBe(699);
    expect(numbers).toEqual(numbers.map((_, index) => (numbers[0] ?? 0) + index));
  });
});

describe('job logs', () => {
  it('are written per job, and never to a place an id leads to', async () => {
    const folder = join(tempFolder(), 'jobs');
    const log = createJobLog({ folder, maxSizeBytes: 10_000, backupCount: 2, logger: recordingLogger() });
    log.write('a', 'info', 'started\nforged');
    log.write('../evil', 'info', 'x');
    log.write('b..c', 'info', 'x');
    await log.close();
    expect(readFileSync(join(folder, 'a.log'), 'utf8')).toMatch(/INFO {4}started\\nforged\n$/);
    expect(existsSync(join(folder, '..', 'evil.log'))).toBe(false);
  });

  it('tell once when they can not be written, and do not throw', async () => {
    const folder = join(tempFolder(), 'jobs');
    writeFileSync(folder, 'a file');
    const logger = recordingLogger();
    const log = createJobLog({ folder, maxSizeBytes: 10_000, backupCount: 2, logger });
    log.write('a', 'info', 'x');
    await log.close();
    log.write('a', 'info', 'y');
    await log.close();
    expect(logger.lines.filter((line) => line.level === 'warning')).toHaveLength(1);
  });
});

describe('reading the logs', () => {
  const line = (minute: number, level: 'debug' | 'info' | 'warning' | 'error', text: string) =>
    formatLine(new Date(Date.parse('2026-03-02T08:00:00Z') + minute * 60_000), level, text);
  const setUp = () => {
    const folder = tempFolder();
    mkdirSync(join(folder, 'jobs'));
    writeFileSync(join(folder, 'scheduler.log.1'), `${line(1, 'info', 'oldest')}\n`);
    writeFileSync(
      join(folder, 'scheduler.log'),
      `${line(2, 'error', 'Disk FULL (a+)+$')}\nnot of ours\n${line(4, 'info', 'newer')}\n`,
    );
    writeFileSync(join(folder, 'web.log'), `${line(3, 'warning', 'refused')}\n`);
    writeFileSync(join(folder, 'jobs', 'a.log'), `${line(5, 'info', 'exec_1 started')}\n`);
    const feed = createLogFeed();
    const reader = createLogReader({
      schedulerLog: join(folder, 'scheduler.log'),
      webLog: join(folder, 'web.log'),
      jobsFolder: join(folder, 'jobs'),
      backupCount: 2,
      feed,
    });
    const read = async (query: object = {}) =>
      (await reader.read({ limit: 100, offset: 0, ...query })).entries.map((entry) => entry.message);
    return { folder, read, reader, feed };
  };

  it('gives all of them newest first, rotated ones too', async () => {
    const { read } = setUp();
    expect(await read()).toEqual(['exec_1 started', 'newer', 'refused', 'Disk FULL (a+)+$', 'oldest']);
  });

  it.each<[object, string[]]>([
    [{ level: 'warning' }, ['refused', 'Disk FULL (a+)+$']],
    [{ source: 'web' }, ['refused']],
    [{ source: 'jobs/a' }, ['exec_1 started']],
    [{ source: 'jobs/../scheduler' }, []],
    [{ search: 'disk full' }, ['Disk FULL (a+)+$']],
    [{ search: '(a+)+$' }, ['Disk FULL (a+)+$']],
    [{ from: Date.parse('2026-03-02T08:03:00Z'), to: Date.parse('2026-03-02T08:04:00Z') }, ['refused']],
    [{ limit: 1, offset: 1 }, ['newer']],
  ])('finds by %j', async (query, expected) => {
    expect(await setUp().read(query)).toEqual(expected);
  });

  it('follows no link', async () => {
    const { folder, read } = setUp();
    const secret = join(tempFolder(), 'secret');
    writeFileSync(secret, `${line(9, 'info', 'canary')}\n`);
    symlinkSync(secret, join(folder, 'jobs', 'b.log'));
    expect(await read({ source: 'jobs/b' })).toEqual([]);
    expect(await read()).not.toContain('canary');
  });

  it('lists the logs with their files, the one written last first', async () => {
    const { folder, reader } = setUp();
    utimesSync(join(folder, 'web.log'), new Date(), new Date(Date.now() + 5000));
    const sources = await reader.sources();
    expect(sources[0]?.source).toBe('web');
    expect(sources.find((one) => one.source === 'scheduler')).toMatchObject({ files: 2 });
    expect(sources.find((one) => one.source === 'jobs/a')).toMatchObject({ files: 1 });
  });

  it('goes on behind its answer without a line lost or told twice, whatever is written meanwhile', async () => {
    const folder = tempFolder();
    const feed = createLogFeed();
    const logger = createAppLogger({
      file: join(folder, 'scheduler.log'),
      level: 'info',
      maxSizeBytes: 20_000,
      backupCount: 50,
      console: false,
      onLine: (at, level, message) =>
        feed.push({ time: at.toISOString(), level, source: 'scheduler', message }),
    });
    const reader = createLogReader({
      schedulerLog: join(folder, 'scheduler.log'),
      webLog: join(folder, 'web.log'),
      jobsFolder: join(folder, 'jobs'),
      backupCount: 50,
      feed,
      // While the files are read, the log goes on.
      flush: async () => {
        for (let index = 300; index < 500; index += 1) logger.info(`line ${index % 100}`);
      },
    });
    for (let index = 0; index < 300; index += 1) logger.info(`line ${index % 100}`);
    const { entries, cursor } = await reader.read({ limit: 1000, offset: 0 });
    const tail = reader.tail({}, { cursor, limit: 1000 });
    expect(tail.isComplete).toBe(true);
    expect(entries).toHaveLength(300);
    expect(tail.entries.map((entry) => entry.message)).toEqual(
      Array.from({ length: 200 }, (_, index) => `line ${index % 100}`),
    );
  });
});

describe('following the logs', () => {
  const entry = (number: number, source = 'scheduler') => ({
    time: new Date(number).toISOString(),
    level: number % 2 === 0 ? ('info' as const) : ('error' as const),
    source,
    message: `line ${number}`,
  });

  it('gives what came since, filtered, in steps of the limit', () => {
    const feed = createLogFeed();
    const start = feed.cursorOf(feed.last);
    for (let index = 0; index < 10; index += 1) feed.push(entry(index));
    const first = feed.tail({ level: 'error' }, { cursor: start, limit: 3 });
    expect(first.entries.map((one) => one.message)).toEqual(['line 1', 'line 3', 'line 5']);
    const second = feed.tail({ level: 'error' }, { cursor: first.cursor, limit: 3 });
    expect(second.entries.map((one) => one.message)).toEqual(['line 7', 'line 9']);
    expect(feed.tail({}, { cursor: second.cursor, limit: 3 })).toMatchObject({
      entries: [],
      isComplete: true,
    });
  });

  it('says so when lines in between are no longer kept, or the program was started anew', () => {
    const feed = createLogFeed();
    const start = feed.cursorOf(feed.last);
    for (let index = 0; index < 20_000; index += 1) feed.push(entry(index));
    expect(feed.tail({}, { cursor: start, limit: 10 })).toMatchObject({ entries: [], isComplete: false });
    const other = createLogFeed();
    expect(other.tail({}, { cursor: start, limit: 10 }).isComplete).toBe(false);
    expect(feed.after(0).length).toBeLessThanOrEqual(6000);
  });
});
