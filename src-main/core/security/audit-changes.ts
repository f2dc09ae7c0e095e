/** One value that a change made another. Absent `before`: it is new; absent `after`: it is gone. */
export interface AuditChange {
  readonly path: string;
  readonly before?: unknown;
  readonly after?: unknown;
}

/** Names of fields whose values are never repeated. */
export const secretName = /pass(word|wd)?|secret|token|api_?key|authorization|credential|connection_string/i;

const hidden = '***';
const longest = 500;
const mostChanges = 100;
const deepest = 8;

type Dict = Readonly<Record<string, unknown>>;
const isDict = (value: unknown): value is Dict =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

function cut(text: string): string {
  return text.length > longest ? `${text.slice(0, longest)}…` : text;
}

/** Addresses of hooks carry their secret in the path, others in front of the host. */
export function withoutUrlSecrets(text: string): string {
  const known = /^(https?):\/\/([^/\s]*)(\/\S+)$/i.exec(text);
  if (known && /hooks?\.|webhook|\/services\//i.test(text))
    return `${known[1]}://${known[2]?.replace(/^.*@/, `${hidden}@`)}/${hidden}`;
  // Begins at words alone: tried at every letter, a long word would take minutes.
  return text.replace(/(\b\w{1,40}:\/\/)[^/\s@:]+:[^/\s@]+@/g, `$1${hidden}@`);
}

/** A value with its secrets masked and long texts cut, for the audit. `key` and `parent` say where it stood. */
export function masked(value: unknown, key = '', parent = '', depth = 0): unknown {
  if (value === undefined || value === null || typeof value === 'boolean') return value;
  if (isSecretKey(key, parent)) return hidden;
  if (typeof value === 'string') return cut(withoutUrlSecrets(value));
  if (depth > deepest) return '…';
  if (Array.isArray(value)) return value.slice(0, 50).map((item) => masked(item, '', key, depth + 1));
  if (!isDict(value)) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, child]) => [name, masked(child, name, key, depth + 1)]),
  );
}

/** Whether a value under this key, in this parent, is one that nobody is to read. */
export function isSecretKey(key: string, parent: string): boolean {
  // What an environment holds is nobody's business but the program's that gets it.
  return secretName.test(key) || parent === 'environment';
}

/** Of two texts of many lines, the lines that differ. */
function differingLines(before: string, after: string): readonly [string, string] {
  const [a, b] = [before.split('\n'), after.split('\n')];
  let start = 0;
  while (start < Math.min(a.length, b.length) && a[start] === b[start]) start += 1;
  let end = 0;
  while (end < Math.min(a.length, b.length) - start && a.at(-1 - end) === b.at(-1 - end)) end += 1;
  return [a.slice(start, a.length - end).join('\n'), b.slice(start, b.length - end).join('\n')];
}

function collect(
  before: unknown,
  after: unknown,
  path: string,
  key: string,
  parent: string,
  into: AuditChange[],
): void {
  if (JSON.stringify(before) === JSON.stringify(after)) return;
  if (isDict(before) && isDict(after)) {
    for (const name of new Set([...Object.keys(before), ...Object.keys(after)]))
      collect(before[name], after[name], path === '' ? name : `${path}.${name}`, name, key, into);
    return;
  }
  const isLongText = typeof before === 'string' && typeof after === 'string' && /\n/.test(before + after);
  const [was, is] = isLongText ? differingLines(before, after) : [before, after];
  into.push({
    path,
    ...(was === undefined ? {} : { before: masked(was, key, parent) }),
    ...(is === undefined ? {} : { after: masked(is, key, parent) }),
  });
}

/**
 * What differs between two values, for the audit: field by field, of long texts only the lines that differ, secrets by
 * their names and environment values masked. Undefined stands for a thing that is not there.
 */
export function auditChanges(before: unknown, after: unknown): readonly AuditChange[] {
  const changes: AuditChange[] = [];
  collect(
    before ?? (isDict(after) ? {} : undefined),
    after ?? (isDict(before) ? {} : undefined),
    '',
    '',
    '',
    changes,
  );
  const more = changes.length - mostChanges;
  return more > 0 ? [...changes.slice(0, mostChanges), { path: '…', after: `${more} more` }] : changes;
}
