import { isDict } from './read-job-text';

/** One thing that differs between the saved job and the text. */
export interface Change {
  /** `schedule.cron_params.hour` */
  readonly path: string;
  readonly kind: 'added' | 'removed' | 'changed';
  readonly before?: string;
  readonly after?: string;
}

const longest = 60;

function shown(value: unknown): string {
  if (typeof value === 'string' && value.includes('\n')) {
    const lines = value.replace(/\n+$/, '').split('\n').length;
    return lines === 1 ? 'one line' : `${lines} lines`;
  }
  const text = typeof value === 'string' ? value : (JSON.stringify(value) ?? '');
  return text.length > longest ? `${text.slice(0, longest - 1)}…` : text;
}

/** Every key whose value differs, deepest first found in the order of the new text; comments and order do not count. */
export function changesBetween(before: unknown, after: unknown, path = ''): Change[] {
  if (JSON.stringify(before) === JSON.stringify(after)) return [];
  if (isDict(before) && isDict(after)) {
    const keys = new Set([...Object.keys(after), ...Object.keys(before)]);
    return [...keys].flatMap((key) =>
      changesBetween(before[key], after[key], path === '' ? key : `${path}.${key}`),
    );
  }
  if (before === undefined || before === null) return [{ path, kind: 'added', after: shown(after) }];
  if (after === undefined || after === null) return [{ path, kind: 'removed', before: shown(before) }];
  return [{ path, kind: 'changed', before: shown(before), after: shown(after) }];
}
