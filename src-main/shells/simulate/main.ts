import { existsSync, readFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { Command, CommanderError, InvalidArgumentError } from 'commander';
import { AppError } from '../../../src-shared/errors';
import { parseJobsFile } from '../../../src-shared/job-document';
import { parseScheduleDate } from '../../../src-shared/schedule/schedule-date';
import { createNodeHost } from '../../adapters/host/node-host';
import { openSqliteStore } from '../../adapters/persistence/sqlite/open-sqlite-store';
import { nodeRandom } from '../../adapters/secrets/node-random';
import { loadSettings } from '../../adapters/settings/load-settings';
import { createJobTypeRegistry } from '../../core/job-type-registry';
import { createJobBuilder } from '../../core/jobs/build-job';
import { recordOf } from '../../core/jobs/job-record';
import type { Store } from '../../core/ports/store';
import { createTrigger } from '../../core/schedule/trigger';
import { recordedOutcomes } from '../../core/simulate/recorded-outcomes';
import { simulate } from '../../core/simulate/simulate';
import { createJobTypes } from '../../job-types';
import { findProgramFolder } from '../program-folder';
import { printSimulation } from './print-simulation';

interface Options {
  readonly config: string;
  readonly from: number;
  readonly days: number;
  readonly json?: boolean;
  readonly job?: string;
  readonly data?: string;
  readonly appConfig?: string;
  readonly assume: number;
}

const dayMs = 86_400_000;

function instant(text: string): number {
  const read = parseScheduleDate(text);
  if (typeof read === 'string') throw new InvalidArgumentError(`it ${read} (UTC, or with an offset).`);
  return read.kind === 'instant' ? read.epoch : read.local;
}

function number(minimum: number, maximum: number) {
  return (text: string): number => {
    const value = Number(text);
    if (text.trim() === '' || !(value >= minimum && value <= maximum))
      throw new InvalidArgumentError(`expected a number from ${minimum} to ${maximum}.`);
    return value;
  };
}

function readOptions(programFolder: string): Options {
  const today = Math.floor(Date.now() / dayMs) * dayMs;
  const command = new Command('simulate')
    .description('Plays the scheduler through a stretch of time and prints every planned run and its fate.')
    .option('--config <file>', 'jobs file', join(programFolder, 'jobs', 'job_config.yaml'))
    .option('--from <date>', 'where it begins, UTC (default: today 00:00)', instant, today)
    .option('--days <number>', 'how many days', number(0.01, 3660), 30)
    .option('--data <folder>', 'data folder with recorded outcomes, holiday sets and maintenance windows')
    .option('--app-config <file>', 'configuration with pool size and defaults')
    .option('--assume <seconds>', 'how long a run takes that was never recorded', number(0, 31_536_000), 60)
    .option('--job <id>', 'print this job only; the others still take their places')
    .option('--json', 'print JSON instead of a table')
    .exitOverride();
  command.parse(process.argv);
  return command.opts<Options>();
}

/** The store of a data folder; only what is there already is read. */
async function openData(folder: string): Promise<Store> {
  const file = join(resolve(folder), 'job_scheduler.db');
  if (!existsSync(file))
    throw new AppError(
      'validation_failed',
      `--data ${folder}: it holds no job_scheduler.db; expected the data folder of a scheduler that ran`,
    );
  return openSqliteStore({ file });
}

async function main(): Promise<void> {
  const programFolder = findProgramFolder();
  const options = readOptions(programFolder);
  const { settings } = loadSettings({
    appConfigFile: options.appConfig,
    dataFolder: resolve(options.data ?? '.'),
    programFolder,
    environment: process.env,
    options: {},
  });
  const file = resolve(options.config);
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch {
    throw new AppError(
      'validation_failed',
      `--config ${options.config}: there is no such file, or it can't be read`,
    );
  }
  const refuse = (): never => {
    throw new Error('nothing is run in a simulation');
  };
  const types = createJobTypes({
    processRunner: { run: refuse, sweep: refuse },
    sqlClient: { run: refuse, test: refuse, pools: () => [], forget: () => undefined },
    connections: { resolve: refuse },
    reports: { open: refuse },
    host: createNodeHost({ jobsFolder: dirname(file), temporaryFolder: dirname(file) }),
    environments: { ensure: refuse },
    powershellHost: settings.scheduler.powershell_host,
  });
  // What this machine can't run is still planned.
  const jobTypes = createJobTypeRegistry(types.map((type) => ({ ...type, unavailable: () => undefined })));
  const store = options.data === undefined ? undefined : await openData(options.data);
  const calendars = (await store?.calendars.list()) ?? [];
  const windows = (await store?.maintenanceWindows.list()) ?? [];
  const known = new Set(calendars.map((record) => record.id));
  const jobDefaults = { ...settings.scheduler.job_defaults, timezone: settings.scheduler.timezone };
  const builder = createJobBuilder({ jobTypes, defaults: jobDefaults, hasCalendar: (id) => known.has(id) });
  const parsed = parseJobsFile(text, jobTypes);
  for (const issue of parsed.issues) {
    const place = issue.line === undefined ? '' : `:${issue.line}:${issue.column ?? 1}`;
    process.stderr.write(`${issue.severity}: ${options.config}${place} ${issue.message}\n`);
  }
  const { from } = options;
  const to = from + options.days * dayMs;
  const jobs = parsed.jobs.flatMap(({ definition, text: own }) => {
    if (!definition) return [];
    const dates = { created_date: from, modified_date: from, created_by: 'simulation' };
    const record = recordOf({ definition, text: own }, { ...dates, source: null, source_digest: null });
    const job = builder.fromDefinition(record, definition);
    if (job.disabledReason)
      process.stderr.write(`warning: job "${record.job_id}" is held: ${job.disabledReason}\n`);
    return [job];
  });
  if (options.job !== undefined && !jobs.some((job) => job.record.job_id === options.job))
    throw new AppError('validation_failed', `--job ${options.job}: ${options.config} holds no such job`);
  const { slots } = await simulate({
    jobs,
    calendars,
    windows,
    settings: {
      instance: 'simulation',
      threadPoolSize: settings.scheduler.thread_pool_size,
      maxQueued: settings.scheduler.max_queued,
      jobDefaults,
      schedules: true,
    },
    from,
    to,
    outcomeOf: await recordedOutcomes(
      store?.executions,
      jobs.map((job) => job.record.job_id),
      { status: 'success', duration_seconds: options.assume },
    ),
    random: nodeRandom,
    turn: () => new Promise((done) => setImmediate(done)),
  });
  await store?.close();
  // Beside what became of each slot: how many there had to be, by the schedules alone.
  const planned = new Map(
    jobs.flatMap((job) =>
      job.schedule && job.record.enabled && !job.disabledReason && job.effective.on_excluded === 'skip'
        ? [
            [
              job.record.job_id,
              createTrigger(job.schedule, { defaultTimezone: jobDefaults.timezone, anchor: from }).count(
                from,
                to,
              ),
            ] as const,
          ]
        : [],
    ),
  );
  const isAccounted = printSimulation({
    slots,
    planned,
    from,
    to,
    only: options.job,
    json: options.json ?? false,
  });
  process.exitCode = isAccounted ? 0 : 1;
}

main().catch((error: unknown) => {
  if (error instanceof CommanderError) {
    process.exitCode = error.exitCode === 0 ? 0 : 2;
    return;
  }
  const isOurs = error instanceof AppError;
  process.stderr.write(
    `simulate: ${isOurs ? error.message : error instanceof Error ? error.stack : String(error)}\n`,
  );
  process.exitCode = isOurs && error.code === 'validation_failed' ? 2 : 1;
});
