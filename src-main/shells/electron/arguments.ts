import { resolve } from 'node:path';
import { defaultDataFolder } from '../data-folder';

/** What the desktop application was started with. */
export type DesktopArguments =
  | {
      readonly kind: 'desktop';
      readonly dataFolder: string;
      readonly jobsFile: string | undefined;
      readonly appConfigFile: string | undefined;
      /** Started at login: the tray alone, no window. */
      readonly hidden: boolean;
      /** Options nobody here knows; Chromium has hundreds, so they are told and not refused. */
      readonly unknown: readonly string[];
      /** A jobs file to look at: opened by a double click. */
      readonly open: string | undefined;
    }
  /** The rest of the line belongs to the headless program. */
  | { readonly kind: 'headless'; readonly argv: readonly string[] }
  /** A command of the command line, with its options. */
  | { readonly kind: 'cli'; readonly argv: readonly string[] };

interface Facts {
  readonly argv: readonly string[];
  readonly isPackaged: boolean;
  readonly platform: string;
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly workingFolder: string;
}

/** Switches of Chromium and Electron that may stand beside ours and mean nothing to the headless program. */
const foreignSwitch =
  /^--(no-sandbox|ozone-platform|disable-[a-z-]+|enable-[a-z-]+|inspect(-brk)?|remote-debugging-[a-z]+|js-flags|force-[a-z-]+|use-[a-z-]+|in-process-gpu|lang|allow-[a-z-]+|user-data-dir|original-process-start-time|squirrel-[a-z]+)(=|$)/;

/** Without the program's own name and, where it is not packaged, the path it was started by. */
export function ownArguments(argv: readonly string[], isPackaged: boolean): readonly string[] {
  const rest = argv.slice(1);
  if (isPackaged) return rest;
  const app = rest.findIndex((argument) => !argument.startsWith('-'));
  return app < 0 ? rest : rest.filter((_, index) => index !== app);
}

/** A file somebody double-clicked: the one kind of argument without a name. */
export function jobFileOf(argv: readonly string[], workingFolder: string): string | undefined {
  const file = argv.find((argument) => !argument.startsWith('-') && /\.job\.ya?ml$/i.test(argument));
  return file === undefined ? undefined : resolve(workingFolder, file);
}

/**
 * Reads the command line. A desktop application is started by shortcuts, by the system and by itself: what is not
 * understood is collected and told, never a reason not to start. `--headless` hands over to the strict options
 * of the headless program, `--cli` everything behind it to the command line.
 */
export function readArguments(facts: Facts): DesktopArguments {
  const all = ownArguments(facts.argv, facts.isPackaged);
  const cli = all.indexOf('--cli');
  // As it was typed: an argument of a command may look like anything.
  if (cli >= 0) return { kind: 'cli', argv: all.slice(cli + 1) };
  const own = all.filter((argument) => argument !== '--');
  if (own.includes('--headless')) {
    return {
      kind: 'headless',
      argv: own.filter((argument) => argument !== '--headless' && !foreignSwitch.test(argument)),
    };
  }
  const values = new Map<string, string>();
  const unknown: string[] = [];
  let hidden = false;
  const named = ['--data', '--config', '--app-config'];
  for (let index = 0; index < own.length; index += 1) {
    const argument = own[index] ?? '';
    const [name = '', ...inline] = argument.split('=');
    if (named.includes(name)) {
      const value = inline.length > 0 ? inline.join('=') : own[index + 1];
      if (inline.length === 0) index += 1;
      if (value === undefined || value === '') unknown.push(`${name} without a value`);
      else values.set(name, resolve(facts.workingFolder, value));
    } else if (argument === '--hidden') hidden = true;
    else if (argument.startsWith('-') && !foreignSwitch.test(argument)) unknown.push(argument);
  }
  const { PORTABLE_EXECUTABLE_DIR: portable } = facts.environment;
  const usual =
    portable === undefined
      ? defaultDataFolder(facts.platform, facts.environment)
      : resolve(portable, 'Job Scheduler data');
  return {
    kind: 'desktop',
    dataFolder: values.get('--data') ?? usual,
    jobsFile: values.get('--config'),
    appConfigFile: values.get('--app-config'),
    hidden,
    unknown,
    open: jobFileOf(own, facts.workingFolder),
  };
}
