import { resolve } from 'node:path';
import { type LoadedSettings, loadSettings } from '../../adapters/settings/load-settings';
import type { Logger } from '../../core/ports/logger';
import type { Terminal } from './terminal';

/** What every command gets: where the program and its data are, and where to print. */
export interface CliContext {
  readonly programFolder: string;
  readonly version: string;
  readonly print: (line: string) => void;
  /** As that of the terminal. */
  readonly readSecret: Terminal['readSecret'];
}

/** Options that every command has. */
export interface CommonOptions {
  readonly data: string;
  readonly appConfig?: string;
}

export interface Loaded extends LoadedSettings {
  readonly dataFolder: string;
}

/** The configuration a command works on; its warnings are printed. */
export function loadFor(context: CliContext, options: CommonOptions): Loaded {
  const dataFolder = resolve(options.data);
  const loaded = loadSettings({
    ...(options.appConfig === undefined ? {} : { appConfigFile: options.appConfig }),
    dataFolder,
    programFolder: context.programFolder,
    environment: process.env,
    options: {},
  });
  for (const warning of loaded.warnings) context.print(`note: ${warning}`);
  return { ...loaded, dataFolder };
}

/** A logger whose lines are printed; what is only of interest in depth is not. */
export function printingLogger(print: (line: string) => void): Logger {
  return { debug: () => undefined, info: print, warning: print, error: print };
}
