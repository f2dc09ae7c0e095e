import type { Command } from 'commander';
import { namedDataFolder } from '../data-folder';
import type { CliContext, CommonOptions } from './context';
import type { Terminal } from './terminal';

interface StoreFacts {
  readonly program: Command;
  readonly terminal: Terminal;
  readonly programFolder: string;
  readonly version: string;
}

/** One of them, called with its own options and argument. */
type StoreCommand = (context: CliContext, options: never) => void | Promise<void>;

/**
 * `init-db, move, migrate, backup, restore, audit verify`: they work on the store itself and need no running program. Drivers and
 * migrations are loaded by the command that needs them, so that all others begin at once.
 */
export function addStoreCommands({ program, terminal, programFolder, version }: StoreFacts): void {
  const run =
    (load: () => Promise<StoreCommand>, argument?: string) =>
    async (...given: unknown[]): Promise<void> => {
      const command = given.at(-1) as Command;
      const options = command.optsWithGlobals<Partial<CommonOptions> & { readonly json?: boolean }>();
      const lines: string[] = [];
      const print = (line: string) => {
        if (options.json) lines.push(line);
        else terminal.out(`${line}\n`);
      };
      const data = namedDataFolder(options.data, terminal);
      const own = { ...options, data, ...(argument ? { [argument]: given[0] } : {}) };
      await (await load())({ programFolder, version, print, readSecret: terminal.readSecret }, own as never);
      if (options.json) terminal.out(`${JSON.stringify({ success: true, messages: lines }, null, 2)}\n`);
    };
  const common = (name: string, parent = program) =>
    parent
      .command(name)
      .option(
        '--app-config <file>',
        'configuration (default: <data>/app_config.yaml, else config/app_config.yaml)',
      );
  common('init-db')
    .description('make the tables, or what is missing of them, in the configured store')
    .option('--script', 'print the T-SQL for a database administrator, and run nothing')
    .option('--table <name>', 'for the script: job_configurations_V2 where the definitions are in that table')
    .action(run(async () => (await import('./init-db')).initDb));
  common('move')
    .description('copy everything between the embedded store and the configured SQL Server')
    .requiredOption('--to <store>', 'sqlserver or embedded')
    .option(
      '--source-key <file>',
      'secret.key that the secrets of the source are sealed with, when it is another',
    )
    .option('--dry-run', 'count and compare only')
    .action(run(async () => (await import('./move')).move));
  common('migrate')
    .description('take jobs, connections and history of the Python program over into the configured store')
    .requiredOption('--from <connection>', 'ODBC connection string of its database')
    .option('--yaml <file>', 'where its jobs are written as YAML (default: <data>/migrated-jobs.yaml)')
    .option('--dry-run', 'only report')
    .action(run(async () => (await import('./migrate')).migrate));
  common('backup')
    .description('write a copy of the embedded store, also while the program runs')
    .argument('<file>', 'file to write')
    .option(
      '--with-key',
      'also write FILE.key: the key of its secrets, sealed with a passphrase that is read from a pipe or typed unseen',
    )
    .action(run(async () => (await import('./backup')).backup, 'file'));
  common('restore')
    .description('put a copy back; the program must be stopped')
    .argument('<file>', 'file that backup has written')
    .option(
      '--key <file>',
      'the key of its secrets: FILE.key (default, where it is there), or a kept secret.key',
    )
    .option('--without-key', 'although its secrets and passwords can not be read then')
    .action(run(async () => (await import('./backup')).restore, 'file'));
  common('verify', program.command('audit').description('the record of who did what'))
    .description('check that no row of the audit was altered, put in or taken out')
    .action(run(async () => (await import('./audit')).auditVerify));
}
