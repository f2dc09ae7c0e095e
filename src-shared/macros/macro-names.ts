import { nearest } from '../job-document/nearest';
import type { JobParams } from '../model/params';
import type { MacroValue } from './fill-macros';

/** Macros that every run has, with the kind of their value. */
export const builtInMacros: Readonly<Record<string, MacroValue['kind']>> = {
  scheduled_time: 'instant',
  start_time: 'instant',
  job_id: 'plain',
  job_name: 'plain',
  execution_id: 'plain',
  attempt: 'plain',
};

/** Kind of a macro's value by its name, or what is wrong with the name. Secrets are only checked for their form. */
export function macroKind(
  name: string,
  params: JobParams,
): { readonly kind: MacroValue['kind'] } | { readonly problem: string } {
  const builtIn = Object.hasOwn(builtInMacros, name) ? builtInMacros[name] : undefined;
  if (builtIn) return { kind: builtIn };
  const [family, own = ''] = splitName(name);
  if (family === 'secrets' && own !== '') return { kind: 'plain' };
  if (family === 'params' && own !== '') {
    const param = Object.hasOwn(params, own) ? params[own] : undefined;
    if (param) return { kind: param.type === 'date' ? 'date' : 'plain' };
    const names = Object.keys(params);
    const meant = nearest(own, names);
    const hint = meant
      ? `; did you mean params.${meant}?`
      : names.length === 0
        ? '; the job has no params'
        : `; its params are ${names.join(', ')}`;
    return { problem: `{{ ${name} }} names a param the job does not have${hint}` };
  }
  const all = [...Object.keys(builtInMacros), 'params.<name>', 'secrets.<name>'];
  const meant = nearest(name, [
    ...Object.keys(builtInMacros),
    ...Object.keys(params).map((one) => `params.${one}`),
  ]);
  return {
    problem: `{{ ${name} }} is not a macro${meant ? `; did you mean ${meant}?` : `; expected ${all.join(', ')}`} (for a literal "{{" write "{{{{")`,
  };
}

/** `secrets.a.b` -> secrets, a.b */
export function splitName(name: string): [string, string?] {
  const dot = name.indexOf('.');
  return dot < 0 ? [name] : [name.slice(0, dot), name.slice(dot + 1)];
}
