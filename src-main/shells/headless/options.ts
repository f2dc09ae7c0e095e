import { join } from 'node:path';
import { Command, CommanderError, InvalidArgumentError, Option } from 'commander';
import { defaultDataFolder } from '../data-folder';

export interface HeadlessOptions {
  readonly mode: 'scheduler' | 'web' | 'both';
  readonly port?: number;
  readonly host?: string;
  readonly config: string;
  readonly appConfig?: string;
  readonly data: string;
  readonly auth: boolean;
  /** Print neither key nor login link: a service's output is kept. */
  readonly hideKey?: boolean;
}

/** What the command line asks for: options to start with, or a text to print and the exit code. */
export type ParsedOptions =
  | { readonly kind: 'start'; readonly options: HeadlessOptions }
  | { readonly kind: 'exit'; readonly code: number; readonly text: string };

function port(text: string): number {
  const value = Number(text);
  if (!/^\d{1,5}$/.test(text) || value > 65_535)
    throw new InvalidArgumentError('expected 0-65535 (0: any free port).');
  return value;
}

/** An empty name, of a variable that is not set, would be the folder one happens to stand in. */
function folder(text: string): string {
  if (text.trim() === '') throw new InvalidArgumentError('expected a folder.');
  return text;
}

/** Reads the specification's options and ours. Never ends the process; a mistake is exit code 2 and one line. */
export function parseOptions(
  argv: readonly string[],
  facts: {
    readonly version: string;
    readonly programFolder: string;
    readonly platform: string;
    readonly environment: Readonly<Record<string, string | undefined>>;
  },
): ParsedOptions {
  let text = '';
  const command = new Command('job-scheduler')
    .description('Schedules, runs and watches SQL, PowerShell, Python and command jobs.')
    .addOption(
      new Option('--mode <mode>', 'what to run').choices(['scheduler', 'web', 'both']).default('both'),
    )
    .option(
      '--port <number>',
      'port of the pages and the REST API (default: web.port of the configuration, 5000)',
      port,
    )
    .option('--host <address>', 'address to serve on (default: web.host of the configuration, 127.0.0.1)')
    .option(
      '--config <file>',
      'job definitions, synchronised at start',
      join(facts.programFolder, 'jobs', 'job_config.yaml'),
    )
    .option(
      '--app-config <file>',
      'configuration (default: <data>/app_config.yaml, else config/app_config.yaml)',
    )
    .option(
      '--data <folder>',
      'where database, keys, outputs and logs live',
      folder,
      defaultDataFolder(facts.platform, facts.environment),
    )
    .option('--no-auth', 'no keys needed; on this machine only')
    .option('--hide-key', 'print neither the key nor a login link; for services, whose output is kept')
    .version(facts.version, '--version', 'print the version')
    .helpOption('--help', 'print this help')
    .allowExcessArguments(false)
    .exitOverride()
    .configureOutput({
      writeOut: (part) => {
        text += part;
      },
      writeErr: (part) => {
        text += part;
      },
    });
  try {
    command.parse([...argv], { from: 'user' });
    return { kind: 'start', options: command.opts<HeadlessOptions>() };
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    return { kind: 'exit', code: error.exitCode === 0 ? 0 : 2, text };
  }
}
