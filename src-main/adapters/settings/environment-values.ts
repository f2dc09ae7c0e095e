import { nearest } from '../../../src-shared/job-document/nearest';
import { type SettingLeaf, settingLeaves, variableOf } from './setting-leaves';

export interface EnvironmentValue {
  readonly name: string;
  readonly path: readonly string[];
  readonly value: unknown;
}

const prefix = 'JOB_SCHEDULER_';
/** RUN marks what a job has started (this program itself may be); the others are the command line's. */
const notSettings: ReadonlySet<string> = new Set(['RUN', 'URL', 'KEY', 'KEY_FILE', 'DATA']);

/** JOB_SCHEDULER_<SECTION>_<KEY> and LOG_LEVEL as settings; what can't be read is a problem named by its variable. */
export function environmentValues(environment: Readonly<Record<string, string | undefined>>): {
  readonly values: readonly EnvironmentValue[];
  readonly problems: readonly string[];
  readonly warnings: readonly string[];
} {
  const known = new Map<string, SettingLeaf>();
  for (const leaf of settingLeaves())
    if (leaf.kind !== 'other') known.set(variableOf(leaf.path).slice(prefix.length), leaf);
  const values: EnvironmentValue[] = [];
  const problems: string[] = [];
  const warnings: string[] = [];
  if (environment.LOG_LEVEL)
    values.push({ name: 'LOG_LEVEL', path: ['logging', 'level'], value: environment.LOG_LEVEL });
  for (const [name, text] of Object.entries(environment)) {
    if (!name.startsWith(prefix) || text === undefined) continue;
    const key = name.slice(prefix.length);
    if (notSettings.has(key)) continue;
    const leaf = known.get(key);
    if (!leaf) {
      const meant = nearest(
        key.toLowerCase(),
        [...known.keys()].map((one) => one.toLowerCase()),
      );
      warnings.push(`${name} is no setting${meant ? `; did you mean ${prefix}${meant.toUpperCase()}?` : ''}`);
      continue;
    }
    if (leaf.kind === 'number') {
      if (/^-?\d+(\.\d+)?$/.test(text)) values.push({ name, path: leaf.path, value: Number(text) });
      else problems.push(`${name}: is "${text}"; expected a number`);
    } else if (leaf.kind === 'boolean') {
      if (/^(true|false|yes|no|1|0|on|off)$/i.test(text))
        values.push({ name, path: leaf.path, value: /^(true|yes|1|on)$/i.test(text) });
      else problems.push(`${name}: is "${text}"; expected true or false`);
    } else values.push({ name, path: leaf.path, value: text });
  }
  return { values, problems, warnings };
}
