import { existsSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { AppError } from '../../../src-shared/errors';
import { nearest } from '../../../src-shared/job-document/nearest';
import { readYaml, type YamlReading } from '../../../src-shared/job-document/read-yaml';
import { keysAt } from '../../../src-shared/job-document/schema-keys';
import { nodeAt } from '../../../src-shared/job-document/yaml-tree';
import { issuesInWords, pathText, shownValue } from '../../../src-shared/job-document/zod-words';
import type { Setting } from '../../../src-shared/model/setting';
import { createKeyFileSecretBox } from '../secrets/key-file-secret-box';
import { describeSettings, valueAt } from './describe-settings';
import { environmentValues } from './environment-values';
import { plainBackslashes } from './plain-backslashes';
import { serverKeys } from './server-keys';
import { Settings } from './settings';

export interface LoadedSettings {
  readonly settings: Settings;
  /** The file that was read; undefined when there is none and the defaults hold. */
  readonly file: string | undefined;
  readonly warnings: readonly string[];
  /** The file that a change made in the program is written to, and the text it begins with while it is not there. */
  readonly ownFile: { readonly file: string; readonly start: string | undefined };
  /** Environment variables that say which database is the store. */
  readonly storeVariables: readonly string[];
  /** Every setting in force with the place it comes from; secrets are masked. */
  readonly entries: readonly Setting[];
}

/** Values from the command line, by the path of their key. They win over everything. */
export interface SettingOptions {
  readonly host?: string;
  readonly port?: number;
}

const optionKeys = [
  ['web.host', 'host', '--host'],
  ['web.port', 'port', '--port'],
] as const;
type Path = readonly (string | number)[];
type Dict = Record<string, unknown>;
const largest = 1024 * 1024;
const isDict = (value: unknown): value is Dict =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

function findFile(options: {
  appConfigFile?: string;
  dataFolder: string;
  programFolder: string;
}): string | undefined {
  if (options.appConfigFile !== undefined) {
    const file = resolve(options.appConfigFile);
    if (!existsSync(file))
      throw new AppError('validation_failed', `The configuration file ${file} does not exist`);
    return file;
  }
  return [
    join(options.dataFolder, 'app_config.yaml'),
    join(options.programFolder, 'config', 'app_config.yaml'),
  ].find((file) => existsSync(file));
}

function readFile(file: string, warnings: string[]): YamlReading {
  try {
    const { text, lines } = plainBackslashes(readFileSync(file, 'utf8'));
    for (const line of lines)
      warnings.push(`${file}:${line}: a backslash in double quotes is read as itself; write single quotes`);
    return readYaml(text, largest);
  } catch (error) {
    throw new AppError(
      'validation_failed',
      `The configuration file ${file} can't be read: ${(error as Error).message}`,
    );
  }
}

/** Sets a value deep inside, making the mappings on the way. */
function assign(target: Dict, path: readonly string[], value: unknown): void {
  const [first, ...rest] = path;
  if (first === undefined) return;
  if (rest.length === 0) {
    target[first] = value;
    return;
  }
  const child = isDict(target[first]) ? { ...target[first] } : {};
  assign(child, rest, value);
  target[first] = child;
}

/**
 * Reads the configuration: file, over it the environment (JOB_SCHEDULER_<SECTION>_<KEY>, LOG_LEVEL), over both the
 * options. Throws one AppError `validation_failed` whose message lists every bad key with its value, what was
 * expected, and where it stands.
 */
export function loadSettings(options: {
  readonly appConfigFile?: string;
  readonly dataFolder: string;
  /** Where the program's own config/ folder is. */
  readonly programFolder: string;
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly options: SettingOptions;
}): LoadedSettings {
  const file = findFile(options);
  const warnings: string[] = [];
  const reading = file === undefined ? undefined : readFile(file, warnings);
  const [unreadable] = reading?.issues ?? [];
  if (unreadable) {
    throw new AppError(
      'validation_failed',
      `${file}:${unreadable.line}:${unreadable.column}: ${unreadable.message}`,
    );
  }
  const written = reading?.value ?? {};
  if (!isDict(written)) {
    throw new AppError(
      'validation_failed',
      `${file} is ${shownValue(written)}; expected sections such as web: and scheduler:`,
    );
  }
  const values: Dict = structuredClone(written);
  for (const [section, value] of Object.entries(values)) if (value === null) delete values[section];
  const fromEnvironment = environmentValues(options.environment);
  warnings.push(...fromEnvironment.warnings);
  for (const { path, value } of fromEnvironment.values) assign(values, path, value);
  if (options.options.host !== undefined) assign(values, ['web', 'host'], options.options.host);
  if (options.options.port !== undefined) assign(values, ['web', 'port'], options.options.port);

  const optionOf = (key: string) =>
    optionKeys.find(([name, option]) => name === key && options.options[option] !== undefined)?.[2];
  const booleans = readOldBooleans(values, warnings);
  const parsed = Settings.safeParse(booleans);
  const problems = [...fromEnvironment.problems];
  const placeOf = (path: Path): string => {
    const option = optionOf(path.join('.'));
    if (option !== undefined) return option;
    const variable = fromEnvironment.values.find((one) => pathText(one.path) === pathText(path));
    if (variable) return variable.name;
    const node = nodeAt(reading?.root, path);
    if (!reading || !node) return file ?? 'options';
    const { line, column } = reading.lines.at(node.keyStart ?? node.start);
    return `${file}:${line}:${column}`;
  };
  for (const issue of parsed.error?.issues ?? []) {
    const path = issue.path as Path;
    if (issue.code === 'unrecognized_keys') {
      for (const key of issue.keys) {
        const meant = nearest(key, keysAt(Settings, path));
        const full = [...path, key];
        problems.push(
          `${placeOf(full)}: unknown key ${pathText(full)}${meant ? `; did you mean ${pathText([...path, meant])}?` : ''}`,
        );
      }
      continue;
    }
    const secret = /password|secret|connection_string|webhook|heartbeat\.url/.test(pathText(path));
    const [worded] = issuesInWords([issue], booleans, [], Settings);
    problems.push(
      `${placeOf(path)}: ${secret ? `${pathText(path)} is ***${issue.code === 'custom' ? `: ${issue.message}` : ''}` : worded?.issue.message}`,
    );
  }
  if (problems.length > 0 || !parsed.success) {
    const count = problems.length === 1 ? 'One setting' : `${problems.length} settings`;
    throw new AppError('validation_failed', `${count} can't be used:\n  ${problems.join('\n  ')}`);
  }
  const settings = withExecutors(parsed.data, warnings);
  const entries = describeSettings(settings, (path) => {
    const option = optionOf(path.join('.'));
    if (option !== undefined) return { source: 'option', origin: option };
    const variable = fromEnvironment.values.find((one) => one.path.join('.') === path.join('.'));
    if (variable) return { source: 'environment', origin: variable.name };
    return valueAt(written, path) === null ? undefined : { source: 'file', origin: placeOf(path) };
  });
  const storeVariables = fromEnvironment.values
    .filter(({ path: [section, key] }) => section === 'database' && serverKeys.some((one) => one === key))
    .map(({ name }) => name);
  const ownFile =
    options.appConfigFile === undefined
      ? { file: join(options.dataFolder, 'app_config.yaml'), start: file }
      : { file: resolve(options.appConfigFile), start: undefined };
  return {
    settings: withPassword(settings, options.dataFolder, placeOf),
    file,
    ownFile,
    storeVariables,
    warnings,
    entries,
  };
}

/** The password that the settings page has sealed; one that is written in plain, or in the environment, wins. */
function withPassword(settings: Settings, dataFolder: string, placeOf: (path: Path) => string): Settings {
  const { database } = settings;
  const { sealed_password } = database;
  if (sealed_password === undefined || database.password !== undefined) return settings;
  try {
    const password = createKeyFileSecretBox(join(dataFolder, 'secret.key')).open(sealed_password);
    return { ...settings, database: { ...database, password } };
  } catch (error) {
    const place = placeOf(['database', 'sealed_password']);
    throw new AppError(
      'validation_failed',
      `${place}: database.sealed_password can't be opened (${(error as Error).message}); write database.password instead, or set JOB_SCHEDULER_DATABASE_PASSWORD`,
    );
  }
}

/** `yes` and `no` were booleans for the Python program. */
function readOldBooleans(values: Dict, warnings: string[]): Dict {
  const words: Readonly<Record<string, boolean>> = { yes: true, on: true, no: false, off: false };
  const visit = (value: unknown, path: string[]): unknown => {
    if (isDict(value))
      return Object.fromEntries(
        Object.entries(value).map(([key, child]) => [key, visit(child, [...path, key])]),
      );
    const isBoolean = ['trusted_connection', 'coalesce', 'encrypt', 'trust_server_certificate'].includes(
      path.at(-1) ?? '',
    );
    const word = typeof value === 'string' ? words[value.toLowerCase()] : undefined;
    if (!isBoolean || word === undefined) return value;
    warnings.push(`${path.join('.')} is "${value}", read as ${word}; write ${word}`);
    return word;
  };
  return visit(values, []) as Dict;
}

/** The tuning section's way to write the pool's size. */
function withExecutors(settings: Settings, warnings: string[]): Settings {
  const { executors } = settings.scheduler;
  if (executors?.default?.class || executors?.processpool?.class) {
    warnings.push('scheduler.executors.*.class names a Python class and is ignored');
  }
  const size = executors?.default?.max_workers;
  return size === undefined
    ? settings
    : { ...settings, scheduler: { ...settings.scheduler, thread_pool_size: size } };
}
