import { Command, CommanderError } from 'commander';
import { AppError } from '../../../src-shared/errors';
import { addApplyCommands } from './apply';
import { addCompletionCommand } from './completion';
import { addConnectionCommands } from './connections';
import { addDoctorCommand } from './doctor';
import { addExecutionCommands } from './executions';
import { exitCode, exitCodeOf, exitCodeText } from './exit-codes';
import { addImportCommand } from './import';
import { addJobCommands } from './jobs';
import { addKnownNamesCommand } from './known-names';
import { addNotificationCommands } from './notifications';
import { addPeopleCommands } from './people';
import { safeText } from './safe-text';
import { addScheduleCommands } from './schedule';
import { addSchedulerCommands } from './scheduler';
import { addSecretCommands } from './secrets';
import { addServiceCommands } from './service';
import { type Action, openSession, type Registrar } from './session';
import { addStoreCommands } from './store-commands';
import type { Terminal } from './terminal';

export interface CliFacts {
  readonly version: string;
  readonly programFolder: string;
  readonly terminal: Terminal;
}

const fileText = `The program is found by its data folder: --data, or JOB_SCHEDULER_DATA. Another one is named by --url, or
JOB_SCHEDULER_URL. The key is --key-file, JOB_SCHEDULER_KEY, JOB_SCHEDULER_KEY_FILE, else admin.key of the data folder.`;

/** Tells a refused call: one line and its issues on stderr, and with --json its body on stdout. */
function tell(error: unknown, terminal: Terminal, isJson: boolean): void {
  if (!(error instanceof AppError)) {
    terminal.err(
      `job-scheduler: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`,
    );
    return;
  }
  if (isJson) terminal.out(`${JSON.stringify(error.toBody(), null, 2)}\n`);
  terminal.err(`job-scheduler: ${safeText(error.message)}\n`);
  const issues = error.issues ?? [];
  if (issues.length === 1 && error.message.endsWith(issues[0]?.message ?? '')) return;
  for (const { line, column, message } of isJson ? [] : issues)
    terminal.err(
      `  ${line === undefined ? '' : `line ${line}, column ${column ?? 1}: `}${safeText(message)}\n`,
    );
}

/** The command line `argv` (without program and script), run to its end: its exit code. Never throws. */
export async function runCli(
  argv: readonly string[],
  { version, programFolder, terminal }: CliFacts,
): Promise<number> {
  let code: number = exitCode.ok;
  const program = new Command('job-scheduler')
    .description('Job Scheduler from the command line.')
    .option('--data <folder>', 'data folder of the program')
    .option('--url <address>', 'address of the program, http://HOST:PORT')
    .option('--key-file <file>', 'file with the API key')
    .option('--json', 'answer as JSON; refusals too')
    .option('--no-color', 'no colours (also: NO_COLOR; never in a pipe)')
    .version(version, '--version', 'print the version')
    .helpOption('-h, --help', 'print help')
    .addHelpText('after', `\n${fileText}\n\n${exitCodeText}`)
    .allowExcessArguments(false)
    .showSuggestionAfterError()
    .exitOverride()
    .configureOutput({
      writeOut: (text) => terminal.out(text),
      writeErr: (text) => terminal.err(text),
      getOutHasColors: () => false,
      getErrHasColors: () => false,
    });
  const registrar: Registrar = {
    program,
    run:
      <Arguments extends readonly unknown[]>(action: Action<Arguments>) =>
      async (...given: unknown[]) => {
        const command = given.at(-1) as Command;
        const session = openSession(command, terminal);
        code = (await action(session, ...(given.slice(0, -1) as unknown as Arguments))) ?? exitCode.ok;
      },
  };
  addJobCommands(registrar);
  addApplyCommands(registrar);
  addExecutionCommands(registrar);
  addSchedulerCommands(registrar);
  addConnectionCommands(registrar);
  addSecretCommands(registrar);
  addPeopleCommands(registrar);
  addNotificationCommands(registrar);
  addScheduleCommands(registrar);
  addImportCommand(registrar);
  addDoctorCommand(registrar);
  addServiceCommands(registrar, { programFolder });
  addStoreCommands({ program, terminal, programFolder, version });
  addCompletionCommand(program, terminal);
  addKnownNamesCommand(program, terminal);
  try {
    if (argv.length === 0) {
      program.outputHelp({ error: true });
      return exitCode.usage;
    }
    await program.parseAsync([...argv], { from: 'user' });
    return code;
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? exitCode.ok : exitCode.usage;
    tell(error, terminal, argv.includes('--json'));
    return exitCodeOf(error);
  }
}
