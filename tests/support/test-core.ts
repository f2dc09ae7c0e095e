import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { icalReader } from '../../src-main/adapters/calendars/ical-reader';
import { createOutputStore } from '../../src-main/adapters/output/output-store';
import { openSqliteStore } from '../../src-main/adapters/persistence/sqlite/open-sqlite-store';
import { nodeRandom } from '../../src-main/adapters/secrets/node-random';
import { saxesXmlReader } from '../../src-main/adapters/xml/xml-reader';
import { type Core, createCore } from '../../src-main/core/core';
import type { JobDefaults } from '../../src-main/core/jobs/job';
import type { Cluster } from '../../src-main/core/ports/cluster';
import type { NotificationPorts } from '../../src-main/core/ports/notifier';
import type { ExecutionFilter, ExecutionRecord, Store } from '../../src-main/core/ports/store';
import { createRedactor } from '../../src-main/core/secrets/redactor';
import type { AppEvent } from '../../src-shared/contract/events';
import type { AppError } from '../../src-shared/errors';
import { createFakeTime, type FakeTime } from './fake-time';
import { createHandType, type HandType } from './hand-type';
import { type RecordingLogger, recordingLogger } from './silent-logger';
import { tempFolder } from './temp-folder';

export interface TestCore {
  readonly instance: string;
  readonly core: Core;
  readonly time: FakeTime;
  readonly hand: HandType;
  readonly store: Store;
  readonly logger: RecordingLogger;
  readonly events: AppEvent[];
  /** All rows, oldest first. */
  rows(filter?: ExecutionFilter): Promise<ExecutionRecord[]>;
  /** Saves a job of type `hand`. */
  job(keys: Readonly<Record<string, unknown>>): Promise<void>;
}

export interface TestCoreOptions {
  readonly start?: string;
  readonly defaults?: Partial<JobDefaults>;
  readonly threadPoolSize?: number;
  readonly maxQueued?: number;
  /** A store that outlives one core, to try restarts on. */
  readonly store?: Store;
  readonly time?: FakeTime;
  readonly wrapStore?: (store: Store) => Store;
  readonly random?: () => number;
  readonly notifications?: NotificationPorts;
  readonly cluster?: Cluster;
}

let instances = 0;

/** A whole core on a real SQLite store, with time turned by hand and jobs that end by hand. */
export async function createTestCore(options: TestCoreOptions = {}): Promise<TestCore> {
  const time = options.time ?? createFakeTime(options.start ?? '2026-03-02T08:00:00Z');
  const hand = createHandType();
  const logger = recordingLogger();
  const opened = options.store ?? (await openSqliteStore({ file: ':memory:' }));
  const store = options.wrapStore?.(opened) ?? opened;
  instances += 1;
  const instance = `test-${instances}`;
  const core = createCore(
    {
      store,
      outputs: createOutputStore({ folder: join(tempFolder(), 'outputs') }),
      // Turned time does not wait for a disk.
      artifacts: {
        open: async () => '/artifacts',
        keep: async (_id, name) => ({ name, bytes: 0, modified: 0 }),
        close: async () => [],
        list: async () => [],
        read: async () => undefined,
        remove: async () => undefined,
      },
      redactor: createRedactor(),
      processRunner: {
        run: async () => ({ kind: 'exited', code: 0 }),
        sweep: async () => 0,
      },
      host: { kindOf: async () => 'none', platform: process.platform, jobsFolder: '/jobs' },
      sqlClient: {
        run: async () => undefined,
        test: async () => ({ version: 'none', milliseconds: 0 }),
        pools: () => [],
        forget: () => undefined,
      },
      secrets: { seal: (plain) => `sealed:${plain}`, open: (sealed) => sealed.slice('sealed:'.length) },
      random: { ...nodeRandom, ...(options.random ? { fraction: options.random } : {}) },
      probe: {
        disk: async () => ({ free: 1e12, total: 2e12 }),
        memory: () => ({ process: 1e8, free: 1e10, total: 2e10 }),
      },
      calendarReader: icalReader,
      xmlReader: saxesXmlReader,
      jobLog: { write: () => undefined },
      cluster: options.cluster,
      ...(options.notifications ? { notifications: options.notifications } : {}),
      clock: time.clock,
      timer: time.timer,
      logger,
    },
    () => [hand.type],
    {
      instance,
      threadPoolSize: options.threadPoolSize ?? 20,
      maxQueued: options.maxQueued ?? 1000,
      schedules: true,
      jobDefaults: {
        timeout: 300,
        max_retries: 0,
        retry_delay: 60,
        max_instances: 1,
        overlap: 'skip',
        misfire_grace_time: 300,
        coalesce: true,
        timezone: 'UTC',
        ...options.defaults,
      },
    },
  );
  const events: AppEvent[] = [];
  core.events.subscribe((event) => events.push(event));
  onTestFinished(async () => {
    const stopped = core.stop();
    // A channel that hangs is waited for a moment.
    if (options.notifications) await time.advance(5000);
    else await time.settle();
    await stopped;
  });
  return {
    instance,
    core,
    time,
    hand,
    store,
    logger,
    events,
    rows: async (filter = {}) =>
      store.executions.list(filter, { limit: 1000, offset: 0, sort: 'execution_id', descending: false }),
    async job(keys) {
      await core.jobs.create({ name: String(keys.job_id), job_type: 'hand', ...keys }, 'tester');
    },
  };
}

/** What a failed promise said; fails when it did not fail. */
export async function refusal(
  promise: Promise<unknown>,
): Promise<Partial<AppError> & { readonly message: string }> {
  try {
    await promise;
  } catch (error) {
    return error as AppError;
  }
  throw new Error('expected a refusal, but it went through');
}
