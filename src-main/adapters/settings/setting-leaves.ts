import { Settings } from './settings';

export interface SettingLeaf {
  readonly path: readonly string[];
  /** `other` is a list or a free mapping: it has no variable. */
  readonly kind: 'number' | 'boolean' | 'text' | 'other';
}

/** Every setting that holds a value, in the order of the schema. */
export function settingLeaves(): SettingLeaf[] {
  const found: SettingLeaf[] = [];
  const visit = (schema: unknown, path: readonly string[]) => {
    let current = schema as {
      shape?: Record<string, unknown>;
      unwrap?: () => unknown;
      def?: { type?: string };
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
    const isOther = kind === 'record' || kind === 'array';
    const known = kind === 'number' || kind === 'boolean' ? kind : 'text';
    found.push({ path, kind: isOther ? 'other' : known });
  };
  visit(Settings, []);
  return found;
}

const prefix = 'JOB_SCHEDULER_';

/** JOB_SCHEDULER_<SECTION>_<KEY>. */
export function variableOf(path: readonly string[]): string {
  return prefix + path.join('_').toUpperCase();
}
