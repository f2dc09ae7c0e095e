import { z } from 'zod';
import { commonJobKeys } from '../../../src-shared/model/job';
import { type Core, createCore } from '../core';
import type { CoreSettings } from '../core-settings';
import type { JobType } from '../job-type';
import type { Job } from '../jobs/job';
import type { ArtifactStore } from '../ports/artifact-store';
import type { Logger } from '../ports/logger';
import type { OutputStore } from '../ports/output-store';
import type { Random } from '../ports/random';
import type { JobRecord, Store } from '../ports/store';
import { inert } from './inert';
import type { VirtualTime } from './virtual-time';

/** How a run that is only played through goes. */
export interface AssumedOutcome {
  readonly duration_seconds: number;
  readonly status: 'success' | 'failed';
}
export type OutcomeOf = (run: {
  readonly job_id: string;
  readonly scheduled_time: number;
  /** Counts from 1. */
  readonly attempt: number;
}) => AssumedOutcome;

const simulatedType = 'simulated';

/** Keys that only matter to real runs, or to people. */
const leftOut: ReadonlySet<string> = new Set([
  'notifications',
  'run_as',
  'run_as_password',
  'metadata',
  'params',
  'description',
]);

/** A job as its simulation knows it: everything that decides when it runs, and nothing that it does. */
export function simulatedRecord(job: Job): JobRecord {
  const kept = Object.fromEntries(
    Object.entries(job.definition).filter(
      ([key, value]) => commonJobKeys.has(key) && !leftOut.has(key) && value !== undefined,
    ),
  );
  return {
    ...job.record,
    job_type: simulatedType,
    configuration: JSON.stringify({ ...kept, job_type: simulatedType }),
    // What this machine can't run, it will not run.
    enabled: job.record.enabled && job.disabledReason === undefined,
    yaml_text: null,
    source: null,
    source_digest: null,
  };
}

const silent: Logger = {
  debug: () => undefined,
  info: () => undefined,
  warning: () => undefined,
  error: () => undefined,
};

const stored = { excerpt: '', total_bytes: 0, stored_bytes: 0, marks: [] };
const refuse = (): never => {
  throw new Error('nothing real happens in a simulation');
};

/**
 * The real core on virtual time: schedules, misfire rules, queue and retries are the product's own; only the runs
 * themselves are assumed. The store must hold simulated records.
 */
export function createSimulatedCore(options: {
  readonly store: Store;
  readonly time: VirtualTime;
  readonly settings: CoreSettings;
  readonly random: Random;
  readonly outcomeOf: OutcomeOf;
  readonly logger?: Logger;
}): Core {
  const { time } = options;
  const type: JobType = {
    type: simulatedType,
    label: 'Simulated',
    configSchema: z.looseObject({}),
    editor: { code: {}, primary: [] },
    execute: (_config, run) =>
      new Promise((resolve) => {
        const assumed = options.outcomeOf({
          job_id: run.job.job_id,
          scheduled_time: run.scheduled_time,
          attempt: run.attempt,
        });
        const cancel = time.timer.after(assumed.duration_seconds * 1000, () =>
          resolve(
            assumed.status === 'success'
              ? { status: 'success' }
              : { status: 'failed', error_message: 'failed, as recorded' },
          ),
        );
        run.signal.addEventListener('abort', () => {
          cancel();
          resolve({ status: 'failed', error_message: 'ended from outside' });
        });
      }),
  };
  return createCore(
    {
      store: options.store,
      outputs: inert<OutputStore>({
        open: () => ({ write: () => undefined, finish: async () => stored }),
      }),
      artifacts: inert<ArtifactStore>({ open: async () => '', close: async () => [] }),
      redactor: {
        learn: () => undefined,
        stream: () => ({ push: (chunk) => chunk, end: () => new Uint8Array() }),
        text: (text) => text,
        value: (value) => value,
      },
      // A simulation takes every file for there.
      host: { kindOf: async () => 'file', platform: process.platform, jobsFolder: '/' },
      processRunner: { run: async () => refuse(), sweep: async () => 0 },
      sqlClient: {
        run: async () => refuse(),
        test: async () => refuse(),
        pools: () => [],
        forget: () => undefined,
      },
      secrets: { seal: refuse, open: refuse },
      random: options.random,
      probe: { disk: async () => undefined, memory: () => ({ process: 0, free: 0, total: 0 }) },
      calendarReader: { readIcal: refuse },
      xmlReader: { read: refuse },
      jobLog: { write: () => undefined },
      clock: time.clock,
      timer: time.timer,
      logger: options.logger ?? silent,
    },
    () => [type],
    options.settings,
  );
}
