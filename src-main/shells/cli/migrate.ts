import { renameSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { AppError } from '../../../src-shared/errors';
import { formatJobsFile } from '../../../src-shared/job-document';
import { acquireInstanceLock } from '../../adapters/persistence/instance-lock';
import { connectServer } from '../../adapters/persistence/sqlserver/connect';
import { type OldProgram, readOldProgram } from '../../adapters/persistence/sqlserver/old-program';
import { storeTarget } from '../../adapters/persistence/sqlserver/store-target';
import { asker } from '../../adapters/persistence/write-behind/server-tables';
import { Settings } from '../../adapters/settings/settings';
import type { Core } from '../../core/core';
import { compose } from '../compose';
import { type CliContext, type CommonOptions, loadFor } from './context';
import { convertConnection, convertJob } from './migrate-definitions';
import { takeHistory } from './migrate-history';

export interface MigrateOptions extends CommonOptions {
  readonly from: string;
  readonly yaml?: string;
  readonly dryRun?: boolean;
}

interface Migration {
  readonly core: Core;
  readonly isDry: boolean;
  readonly print: CliContext['print'];
}

const plural = (count: number, one: string, several: string): string =>
  `${count} ${count === 1 ? one : several}`;

/** Saved connections, before the jobs that name them. */
async function takeConnections({ core, isDry, print }: Migration, old: OldProgram): Promise<void> {
  if (old.connections.length === 0) return;
  const counts = { added: 0, known: 0, left: 0 };
  for (const connection of old.connections) {
    const name = String(connection.connection_id);
    const leave = (reason: string) => {
      counts.left += 1;
      print(`not converted: connection ${name}: ${reason}`);
    };
    const converted = convertConnection(connection);
    if ('reason' in converted) {
      leave(converted.reason ?? 'it is not understood');
      continue;
    }
    if (core.connections.ids.has(name)) {
      counts.known += 1;
      continue;
    }
    try {
      if (!isDry) await core.connections.create(converted.input, 'migrate');
    } catch (error) {
      if (!(error instanceof AppError)) throw error;
      leave(error.message);
      continue;
    }
    counts.added += 1;
    if (converted.hasPassword)
      print(
        `to be done: connection ${name}: its password can be opened by the old program alone; enter it again on the page Connections`,
      );
  }
  print(`connections: ${counts.added} taken over, ${counts.known} were there, ${counts.left} not converted`);
}

/** Jobs into the store and, all that can be, as YAML into a file. */
async function takeJobs({ core, isDry, print }: Migration, old: OldProgram, yaml: string): Promise<void> {
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
    writeFileSync(`${yaml}.part`, formatJobsFile(texts));
    renameSync(`${yaml}.part`, yaml);
    print(`${yaml}: ${plural(texts.length, 'job', 'jobs')}`);
  }
  print(`jobs: ${counts.added} taken over, ${counts.known} were there, ${counts.left} not converted`);
}

async function takeHistories(
  { core, isDry, print }: Migration,
  old: OldProgram,
  source: string,
): Promise<void> {
  for (const history of old.histories) {
    const report = await takeHistory(core, history, source, isDry);
    const left = [...report.left.values()].reduce((sum, count) => sum + count, 0);
    print(
      `${history.table}: ${plural(history.rows, 'execution', 'executions')}, ${report.taken} taken over, ${report.known} were there, ${left} not converted`,
    );
    for (const [reason, count] of report.left)
      print(`not converted: ${count} of ${history.table}: ${reason}`);
    if (report.cut > 0)
      print(
        `shortened: ${plural(report.cut, 'output', 'outputs')} of ${history.table} had more than 1 MB; the beginning and the end were taken`,
      );
  }
}

/**
 * `migrate --from CONNECTION`: jobs, connections and history of the Python program into the configured store,
 * its jobs also as YAML.
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
    const migration = { core, isDry, print };
    await takeConnections(migration, old);
    await takeJobs(migration, old, resolve(options.yaml ?? join(dataFolder, 'migrated-jobs.yaml')));
    await takeHistories(migration, old, sourceName);
    if (isDry) print('Nothing was written (--dry-run)');
  } finally {
    await program.stop();
    await pool.pool.close().catch(() => undefined);
    lock.release();
  }
}
