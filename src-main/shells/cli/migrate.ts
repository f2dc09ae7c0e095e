import { createHash } from 'node:crypto';
import { renameSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { AppError } from '../../../src-shared/errors';
import { formatJobDocument, formatJobsFile, fromConfiguration } from '../../../src-shared/job-document';
import { ExecutionStatus } from '../../../src-shared/model/execution';
import { acquireInstanceLock } from '../../adapters/persistence/instance-lock';
import { connectServer } from '../../adapters/persistence/sqlserver/connect';
import {
  type OldExecution,
  type OldHistory,
  type OldJob,
  readOldProgram,
} from '../../adapters/persistence/sqlserver/old-program';
import { storeTarget } from '../../adapters/persistence/sqlserver/store-target';
import { asker } from '../../adapters/persistence/write-behind/server-tables';
import { Settings } from '../../adapters/settings/settings';
import type { Core } from '../../core/core';
import { completeConfiguration } from '../../core/jobs/old-configuration';
import { compose } from '../compose';
import { type CliContext, type CommonOptions, loadFor } from './context';

export interface MigrateOptions extends CommonOptions {
  readonly from: string;
  readonly yaml?: string;
  readonly dryRun?: boolean;
}

/** Words that versions of the Python program had for an outcome. */
const statusWords: Readonly<Record<string, ExecutionStatus>> = {
  completed: 'success',
  succeeded: 'success',
  error: 'failed',
  failure: 'failed',
  canceled: 'cancelled',
  // Nobody runs them any more.
  running: 'interrupted',
  pending: 'interrupted',
};

function statusOf(written: string | null): ExecutionStatus | undefined {
  const word = (written ?? '').trim().toLowerCase();
  return statusWords[word] ?? ExecutionStatus.safeParse(word).data;
}

/** The job as YAML, or why it can't be. */
function convertJob(old: OldJob, core: Core): { readonly text: string } | { readonly reason: string } {
  let stored: unknown;
  try {
    stored = JSON.parse(old.configuration);
  } catch (error) {
    return { reason: `its configuration is no JSON: ${(error as Error).message}` };
  }
  if (typeof stored !== 'object' || stored === null || Array.isArray(stored))
    return { reason: 'its configuration is no JSON object' };
  const { definition, issues } = fromConfiguration(completeConfiguration(stored, old), core.jobTypes);
  if (definition) return { text: formatJobDocument(definition) };
  const errors = issues.filter((issue) => issue.severity === 'error');
  return { reason: errors.map((issue) => issue.message).join('; ') || 'it is not understood' };
}

function metadataOf(text: string | null): Record<string, unknown> {
  if (!text) return {};
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? { ...value } : { value };
  } catch {
    return { unreadable: text.slice(0, 200) };
  }
}

interface HistoryReport {
  taken: number;
  known: number;
  readonly left: Map<string, number>;
}

const instantOf = (text: string | null): number | undefined => {
  const found = text === null ? Number.NaN : Date.parse(text);
  return Number.isNaN(found) ? undefined : found;
};

/** Takes over a history. The place of each row in the old one is its slot: a second time it claims nothing. */
async function takeHistory(
  core: Core,
  history: OldHistory,
  source: string,
  isDry: boolean,
): Promise<HistoryReport> {
  const report: HistoryReport = { taken: 0, known: 0, left: new Map() };
  const leave = (reason: string): void => {
    report.left.set(reason, (report.left.get(reason) ?? 0) + 1);
  };
  const mark = createHash('sha256').update(`${source}|${history.table}`).digest('hex').slice(0, 8);
  const take = async (row: OldExecution, store: Core['store']): Promise<void> => {
    const status = statusOf(row.status);
    const start = instantOf(row.start_time);
    if (!status) return leave(`status "${row.status}" is not known`);
    if (start === undefined) return leave('it has no start_time');
    const id = await store.executions.insert({
      job_id: row.job_id,
      job_name: row.job_name ?? row.job_id,
      status,
      trigger: 'schedule',
      scheduled_time: null,
      start_time: start,
      end_time: instantOf(row.end_time) ?? start,
      duration_seconds: row.duration_seconds,
      error_message: row.error_message,
      retry_count: row.retry_count ?? 0,
      max_retries: row.max_retries ?? 0,
      metadata: { ...metadataOf(row.metadata), migrated_from: `${history.table} ${row.execution_id}` },
      owner: null,
      slot_key: `m:${mark}:${row.execution_id}`,
    });
    if (id === undefined) {
      report.known += 1;
      return;
    }
    report.taken += 1;
    await store.executions.update(id, { output: row.output, return_code: row.return_code });
  };
  for await (const page of history.pages()) {
    if (isDry) {
      for (const row of page) {
        if (!statusOf(row.status)) leave(`status "${row.status}" is not known`);
        else if (instantOf(row.start_time) === undefined) leave('it has no start_time');
        else report.taken += 1;
      }
      continue;
    }
    await core.store.transaction(async (store) => {
      for (const row of page) await take(row, store);
    });
  }
  return report;
}

/**
 * `migrate --from CONNECTION`: jobs and history of the Python program into the configured store, its jobs also as YAML.
 * What can't be converted is told with its reason. A second time there is nothing left to do.
 */
export async function migrate(context: CliContext, options: MigrateOptions): Promise<void> {
  const { print, programFolder, version } = context;
  const isDry = options.dryRun === true;
  const loaded = loadFor(context, options);
  const { settings, dataFolder } = loaded;
  const source = storeTarget(Settings.parse({ database: { connection_string: options.from } }).database);
  if (!source) throw new AppError('validation_failed', '--from is empty; expected an ODBC connection string');
  const own = storeTarget(settings.database)?.target;
  const sourceName = `${source.target.server}|${source.target.database}`.toLowerCase();
  if (own && `${own.server}|${own.database}`.toLowerCase() === sourceName)
    throw new AppError(
      'validation_failed',
      '--from is the database the program works on: start the program, it reads those tables as they are',
    );
  const lock = acquireInstanceLock(dataFolder, {
    pid: process.pid,
    started: new Date().toISOString(),
    mode: 'scheduler',
  });
  const pool = await connectServer(source.target, {
    connectMs: source.target.connection_timeout_seconds * 1000,
    requestMs: 120_000,
    acquireMs: 30_000,
    max: 1,
  });
  const program = await compose({
    dataFolder,
    programFolder,
    jobsFile: join(dataFolder, 'none.yaml'),
    isJobsFileOptional: true,
    settings,
    schedules: false,
    version,
    console: false,
    told: { loaded, addresses: () => [] },
  });
  const { core } = program;
  try {
    await core.start();
    const old = await readOldProgram(asker(pool));
    const texts: string[] = [];
    const counts = { added: 0, known: 0, left: 0 };
    for (const job of old.jobs) {
      const converted = convertJob(job, core);
      if ('reason' in converted) {
        counts.left += 1;
        print(`not converted: job ${job.job_id}: ${converted.reason}`);
        continue;
      }
      texts.push(converted.text);
      if (core.registry.get(job.job_id)) {
        counts.known += 1;
        continue;
      }
      if (!isDry)
        await core.jobImport.import(converted.text, false, {
          by: 'migrate',
          via: 'program',
          origin: 'migrate',
        });
      counts.added += 1;
    }
    if (texts.length > 0 && !isDry) {
      const yaml = resolve(options.yaml ?? join(dataFolder, 'migrated-jobs.yaml'));
      writeFileSync(`${yaml}.part`, formatJobsFile(texts));
      renameSync(`${yaml}.part`, yaml);
      print(`${yaml}: ${texts.length} jobs`);
    }
    print(`jobs: ${counts.added} taken over, ${counts.known} were there, ${counts.left} not converted`);
    for (const history of old.histories) {
      const report = await takeHistory(core, history, sourceName, isDry);
      const left = [...report.left.values()].reduce((sum, count) => sum + count, 0);
      print(
        `${history.table}: ${history.rows} executions, ${report.taken} taken over, ${report.known} were there, ${left} not converted`,
      );
      for (const [reason, count] of report.left)
        print(`not converted: ${count} of ${history.table}: ${reason}`);
    }
    if (isDry) print('Nothing was written (--dry-run)');
  } finally {
    await program.stop();
    await pool.pool.close().catch(() => undefined);
    lock.release();
  }
}
