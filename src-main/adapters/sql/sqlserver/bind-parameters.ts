import type { SqlParameter } from '../../../core/ports/sql-client';
import { quietText } from './quiet-text';

/** A batch as the server takes it, with the parameters it names. */
export interface BoundBatch {
  readonly text: string;
  readonly parameters: readonly SqlParameter[];
}

/**
 * Finds the parameters a batch names as `@name` or `:name`; the latter is how other databases write it, and becomes
 * `@name`. Names in strings and comments mean nothing. Names are told apart without regard to case, as T-SQL does.
 */
export function bindParameters(text: string, parameters: readonly SqlParameter[]): BoundBatch {
  if (parameters.length === 0) return { text, parameters: [] };
  const byName = new Map(parameters.map((one) => [one.name.toLowerCase(), one]));
  const used = new Set<SqlParameter>();
  const code = quietText(text);
  const out: string[] = [];
  let copied = 0;
  // Not @@name, not a::b, not the end of a longer name.
  for (const match of code.matchAll(/(?<![\w@#$:])([@:])([A-Za-z_]\w*)/g)) {
    const parameter = byName.get((match[2] ?? '').toLowerCase());
    if (!parameter) continue;
    used.add(parameter);
    if (match[1] === '@') continue;
    out.push(text.slice(copied, match.index), '@');
    copied = match.index + 1;
  }
  out.push(text.slice(copied));
  return { text: out.join(''), parameters: parameters.filter((one) => used.has(one)) };
}
