import type { Setting, SettingSource } from '../../../src-shared/model/setting';
import { settingLeaves, variableOf } from './setting-leaves';
import { Settings } from './settings';

const secretName = /pass(word|wd)?|secret|token|api_?key|credential|connection_string|webhook|authorization/i;
const mask = '***';

/** What stands at a path; null for nothing. */
export function valueAt(value: unknown, path: readonly string[]): unknown {
  let current = value;
  for (const step of path) {
    if (typeof current !== 'object' || current === null) return null;
    current = (current as Record<string, unknown>)[step];
  }
  return current ?? null;
}

/** Secrets by their names, at any depth; what is not set stays visible as not set. */
function masked(value: unknown, key: string): unknown {
  if (value === null || value === undefined) return null;
  if (typeof value !== 'boolean' && secretName.test(key)) return mask;
  if (Array.isArray(value)) return value.map((item) => masked(item, ''));
  if (typeof value !== 'object') return value;
  return Object.fromEntries(Object.entries(value).map(([name, child]) => [name, masked(child, name)]));
}

/**
 * Every setting in force: its value, its default, and where it comes from as `originOf` tells (undefined: nobody set
 * it). For showing; secrets are masked.
 */
export function describeSettings(
  settings: Settings,
  originOf: (path: readonly string[]) => { source: SettingSource; origin: string } | undefined,
): Setting[] {
  const defaults = Settings.parse({});
  return settingLeaves().map(({ path, kind }) => {
    const key = path.at(-1) ?? '';
    // The tuning section's other spelling of the pool's size wins over it.
    const executors = ['scheduler', 'executors', 'default', 'max_workers'];
    const isPool = path.join('.') === 'scheduler.thread_pool_size';
    const origin = (isPool ? originOf(executors) : undefined) ?? originOf(path);
    return {
      key: path.join('.'),
      value: masked(valueAt(settings, path), key),
      default: masked(valueAt(defaults, path), key),
      source: origin?.source ?? 'default',
      origin: origin?.origin ?? null,
      variable: kind === 'other' ? null : variableOf(path),
    };
  });
}
