import { nearest } from '../../../src-shared/job-document/nearest';
import { Settings } from './settings';

export interface EnvironmentValue {
  readonly name: string;
  readonly path: readonly string[];
  readonly value: unknown;
}

const prefix = 'JOB_SCHEDULER_';

interface Leaf {
  readonly path: readonly string[];
  readonly kind: 'number' | 'boolean' | 'text';
}

/** Every setting that holds one value, by its variable's name. */
function leaves(): Map<string, Leaf> {
  const found = new Map<string, Leaf>();
  const visit = (schema: unknown, path: readonly string[]) => {
    let current = schema as {
      shape?: Record<string, unknown>;
      unwrap?: () => unknown;
      def?: { type?: string; in?: unknown };
    };
    let kind: string | undefined;
    while (current) {
      if (current.shape) {
        for (const [key, child] of Object.entries(current.shape)) visit(child, [...path, key]);
        return;
      }
      kind = current.def?.type;
      if (typeof current.unwrap === 'function' && kind !== 'array')
        current = current.unwrap() as typeof current;
      else break;
    }
    if (kind === 'record' || kind === 'array') return;
    found.set(path.join('_').toUpperCase(), {
      path,
      kind: kind === 'number' || kind === 'boolean' ? kind : 'text',
    });
  };
  visit(Settings, []);
  return found;
}

/** JOB_SCHEDULER_<SECTION>_<KEY> and LOG_LEVEL as settings; what can't be read is a problem named by its variable. */
export function environmentValues(environment: Readonly<Record<string, string | undefined>>): {
  readonly values: readonly EnvironmentValue[];
  readonly problems: readonly string[];
  readonly warnings: readonly string[];
} {
  const known = leaves();
  const values: EnvironmentValue[] = [];
  const problems: string[] = [];
  const warnings: string[] = [];
  if (environment.LOG_LEVEL)
    values.push({ name: 'LOG_LEVEL', path: ['logging', 'level'], value: environment.LOG_LEVEL });
  for (const [name, text] of Object.entries(environment)) {
    if (!name.startsWith(prefix) || text === undefined) continue;
    const key = name.slice(prefix.length);
    // The mark of a run: this program was itself started by a job.
    if (key === 'RUN') continue;
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
