import type { MacroRules } from '../../../src-shared/macros/check-macros';
import { fillMacros, type MacroLookup, type MacroValue } from '../../../src-shared/macros/fill-macros';
import { splitName } from '../../../src-shared/macros/macro-names';
import { hasMacros } from '../../../src-shared/macros/parse-macros';
import type { JobParams, ParamValues } from '../../../src-shared/model/params';

export interface MacroFacts {
  readonly job_id: string;
  readonly job_name: string;
  readonly execution_id: string;
  readonly attempt: number;
  /** Epoch ms. */
  readonly scheduled_time: number;
  readonly start_time: number;
}

/** What the macros of one attempt stand for. `openSecret` throws AppError; its message is then the problem. */
export function macroLookup(
  facts: MacroFacts,
  params: { readonly definitions: JobParams; readonly values: ParamValues },
  openSecret: (name: string) => string,
): MacroLookup {
  const plain = (value: string | number | boolean): MacroValue => ({ kind: 'plain', value });
  return (name) => {
    switch (name) {
      case 'scheduled_time':
      case 'start_time':
        return { kind: 'instant', at: facts[name] };
      case 'job_id':
      case 'job_name':
      case 'execution_id':
      case 'attempt':
        return plain(facts[name]);
    }
    const [family, own = ''] = splitName(name);
    if (family === 'secrets') {
      try {
        return plain(openSecret(own));
      } catch (error) {
        return { problem: error instanceof Error ? error.message : String(error) };
      }
    }
    const value = family === 'params' && Object.hasOwn(params.values, own) ? params.values[own] : undefined;
    if (value === undefined) return { problem: `{{ ${name} }} is not known` };
    return params.definitions[own]?.type === 'date' && value !== ''
      ? { kind: 'date', text: String(value) }
      : plain(value);
  };
}

export type FilledConfig =
  | { readonly config: Readonly<Record<string, unknown>>; readonly problem?: undefined }
  | { readonly problem: string };

/** A type's own keys with every macro filled in, save in code. The first problem ends it. */
export function fillConfig(
  config: Readonly<Record<string, unknown>>,
  rules: MacroRules,
  lookup: MacroLookup,
  zone: string,
): FilledConfig {
  let problem: string | undefined;
  const fill = (value: unknown, isTyped: boolean): unknown => {
    if (typeof value === 'string') {
      if (problem !== undefined || !hasMacros(value)) return value;
      const filled = fillMacros(value, lookup, zone, isTyped);
      problem ??= filled.problem;
      return filled.value;
    }
    if (Array.isArray(value)) return value.map((item) => fill(item, isTyped));
    if (typeof value !== 'object' || value === null) return value;
    return Object.fromEntries(Object.entries(value).map(([key, child]) => [key, fill(child, isTyped)]));
  };
  const fillItem = (item: Readonly<Record<string, unknown>>, own: MacroRules): unknown => {
    const inner = fillConfig(item, own, lookup, zone);
    problem ??= inner.problem;
    return 'config' in inner ? inner.config : item;
  };
  const filled = Object.fromEntries(
    Object.entries(config).map(([key, value]) => [
      key,
      rules.codeKeys.includes(key)
        ? value
        : rules.nested?.key === key && Array.isArray(value)
          ? value.map((item, index) => fillItem(item, rules.nested?.items[index] ?? rules))
          : fill(value, rules.typedKeys.includes(key)),
    ]),
  );
  return problem === undefined ? { config: filled } : { problem };
}
