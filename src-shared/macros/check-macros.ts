import type { Issue } from '../model/issue';
import type { JobParams } from '../model/params';
import { macroProblem } from './fill-macros';
import { macroKind, splitName } from './macro-names';
import { hasMacros, parseMacros } from './parse-macros';

/** Which keys of a job take macros, as its type declares them. */
export interface MacroRules {
  /** Code is never touched: a value pasted into SQL or a script would become part of it. */
  readonly codeKeys: readonly string[];
  /** Where a secret may stand: all other keys can end in a command line, which every user of a machine sees. */
  readonly secretKeys: readonly string[];
  /** Where one macro alone keeps its type (bound parameters). */
  readonly typedKeys: readonly string[];
  /** Items of this key have rules of their own. */
  readonly nested?: { readonly key: string; readonly items: readonly MacroRules[] };
}

/** What a job type declares of itself; see `JobType`. */
export interface MacroHints {
  readonly editor?: { readonly code: Readonly<Record<string, string>> };
  readonly secretKeys?: readonly string[];
  readonly typedKeys?: readonly string[];
  codeKeysOf?(config: Readonly<Record<string, unknown>>): readonly string[];
  readonly nestedHints?: NestedHints;
}

/** A list of configurations of other types inside a configuration. */
export interface NestedHints {
  readonly key: string;
  hintsOf(item: Readonly<Record<string, unknown>>): MacroHints | undefined;
}

export function macroRules(type: MacroHints, config: Readonly<Record<string, unknown>>): MacroRules {
  const { nestedHints } = type;
  const list: unknown = nestedHints && config[nestedHints.key];
  const nested =
    nestedHints && Array.isArray(list)
      ? {
          key: nestedHints.key,
          items: list.map((item: unknown) => {
            const own = typeof item === 'object' && item !== null ? (item as Record<string, unknown>) : {};
            return macroRules(nestedHints.hintsOf(own) ?? {}, own);
          }),
        }
      : undefined;
  return {
    codeKeys: [...Object.keys(type.editor?.code ?? {}), ...(type.codeKeysOf?.(config) ?? [])],
    secretKeys: type.secretKeys ?? ['environment'],
    typedKeys: type.typedKeys ?? [],
    ...(nested === undefined ? {} : { nested }),
  };
}

type Path = readonly (string | number)[];
export interface MacroIssue extends Pick<Issue, 'message' | 'severity'> {
  readonly path: Path;
}

/** Calls for every text of a value, keys of mappings excepted. */
export function eachText(value: unknown, path: Path, visit: (text: string, path: Path) => void): void {
  if (typeof value === 'string') visit(value, path);
  else if (Array.isArray(value)) {
    for (const [index, item] of value.entries()) eachText(item, [...path, index], visit);
  } else if (typeof value === 'object' && value !== null)
    for (const [key, child] of Object.entries(value)) eachText(child, [...path, key], visit);
}

/** The rules that hold at a place, and the key they are about. */
function rulesAt(
  path: Path,
  outer: MacroRules,
): { readonly top: string | number; readonly rules: MacroRules } {
  const [top = '', index, inner = ''] = path;
  const item = outer.nested?.key === top && typeof index === 'number' ? outer.nested.items[index] : undefined;
  return item ? { top: inner, rules: item } : { top, rules: outer };
}

const someMacro =
  /\{\{\s*(scheduled_time|start_time|job_id|job_name|execution_id|attempt|params\.|secrets\.)/;

/**
 * Everything that is wrong with the macros of a job's own keys, as far as can be known before it runs. `hasSecret`
 * undefined means that the names of secrets are not known here.
 */
export function checkMacros(
  config: Readonly<Record<string, unknown>>,
  outer: MacroRules,
  params: JobParams,
  hasSecret: ((name: string) => boolean) | undefined,
): MacroIssue[] {
  const issues: MacroIssue[] = [];
  const checkText = (text: string, path: Path) => {
    if (!hasMacros(text)) return;
    const { top, rules } = rulesAt(path, outer);
    if (rules.codeKeys.includes(String(top))) {
      const found = someMacro.exec(text)?.[0];
      if (found)
        issues.push({
          path,
          severity: 'warning',
          message: `${top} holds "${found.slice(0, 30)}": macros are not filled into code; pass the value as a parameter or in environment`,
        });
      return;
    }
    const { parts, problem } = parseMacros(text);
    if (problem !== undefined) issues.push({ path, severity: 'error', message: problem });
    for (const part of parts) {
      if (part.kind !== 'macro') continue;
      const { name } = part.macro;
      const known = macroKind(name, params);
      const wrong = 'problem' in known ? known.problem : macroProblem(part.macro, known.kind);
      if (wrong !== undefined) {
        issues.push({ path, severity: 'error', message: wrong });
        continue;
      }
      const [family, own = ''] = splitName(name);
      if (family !== 'secrets') continue;
      if (!rules.secretKeys.includes(String(top))) {
        issues.push({
          path,
          severity: 'error',
          message: `{{ ${name} }} can't stand in ${top}: every user of the machine can see a program's command line; expected in ${rules.secretKeys.join(' or ')}`,
        });
      } else if (hasSecret && !hasSecret(own)) {
        issues.push({
          path,
          severity: 'warning',
          message: `there is no secret "${own}" yet; a run fails until it is saved`,
        });
      }
    }
  };
  eachText(config, [], checkText);
  return issues;
}
