import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Command, CommanderError } from 'commander';
import { AppError } from '../../../src-shared/errors';
import { findProgramFolder } from '../compose';
import { defaultDataFolder } from '../data-folder';
import { backup, restore } from './backup';
import type { CliContext } from './context';
import { initDb } from './init-db';
import { migrate } from './migrate';
import { move } from './move';

/** The commands, each with its options; a new one is a file beside this and an entry here. */
function commands(context: CliContext): Command {
  const program = new Command('job-scheduler').version(context.version).exitOverride();
  const common = (name: string) =>
    program
      .command(name)
      .exitOverride()
      .option(
        '--data <folder>',
        'where database, keys, outputs and logs live',
        defaultDataFolder(process.platform, process.env),
      )
      .option(
        '--app-config <file>',
        'configuration (default: <data>/app_config.yaml, else config/app_config.yaml)',
      );
  common('init-db')
    .description('makes the tables, or what is missing of them, in the configured store')
    .option('--script', 'print the T-SQL for a database administrator, and run nothing')
    .option('--table <name>', 'for the script: job_configurations_V2 where the definitions are in that table')
    .action((options) => initDb(context, options));
  common('move')
    .description('copies everything between the embedded store and the configured SQL Server')
    .requiredOption('--to <store>', 'sqlserver or embedded')
    .option(
      '--source-key <file>',
      'secret.key that the secrets of the source are sealed with, when it is another',
    )
    .option('--dry-run', 'count and compare only')
    .action((options) => move(context, options));
  common('migrate')
    .description('takes jobs and history of the Python program over into the configured store')
    .requiredOption('--from <connection>', 'ODBC connection string of its database')
    .option('--yaml <file>', 'where its jobs are written as YAML (default: <data>/migrated-jobs.yaml)')
    .option('--dry-run', 'only report')
    .action((options) => migrate(context, options));
  common('backup')
    .description('writes a copy of the embedded store, also while the program runs')
    .argument('<file>', 'file to write; its key is written beside it')
    .action((file, options) => backup(context, { ...options, file }));
  common('restore')
    .description('puts a copy back; the program must be stopped')
    .argument('<file>', 'file that backup has written')
    .action((file, options) => restore(context, { ...options, file }));
  return program;
}

/** Exit codes: 0 done, 1 it failed, 2 the command line or the configuration is wrong. */
async function main(): Promise<number> {
  const programFolder = findProgramFolder();
  const { version } = JSON.parse(readFileSync(join(programFolder, 'package.json'), 'utf8')) as {
    version: string;
  };
  const print = (line: string) => void process.stdout.write(`${line}\n`);
  try {
    await commands({ programFolder, version, print }).parseAsync();
    return 0;
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2;
    if (!(error instanceof AppError)) {
      process.stderr.write(`job-scheduler: ${error instanceof Error ? error.stack : String(error)}\n`);
      return 1;
    }
    process.stderr.write(`job-scheduler: ${error.message}\n`);
    return error.code === 'validation_failed' ? 2 : 1;
  }
}

process.exitCode = await main();
