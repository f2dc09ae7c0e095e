import { civilIn } from '../civil-time';
import { formatCivil, formatProblem, instantOf, parseDate, shifted, zoneProblem } from './macro-dates';
import { type Macro, parseMacros } from './parse-macros';

/** What a macro stands for, before shifts and format. */
export type MacroValue =
  | { readonly kind: 'instant'; readonly at: number }
  /** `yyyy-MM-dd`, a day without a zone. */
  | { readonly kind: 'date'; readonly text: string }
  | { readonly kind: 'plain'; readonly value: string | number | boolean };

/** Gives the value of a name; a text says why there is none. Throws what opening a secret throws. */
export type MacroLookup = (name: string) => MacroValue | { readonly problem: string };

export type Filled =
  | { readonly value: string | number | boolean; readonly problem?: undefined }
  | { readonly value?: undefined; readonly problem: string };

function render(macro: Macro, found: MacroValue, defaultZone: string): string {
  const zone = macro.zone ?? defaultZone;
  switch (found.kind) {
    case 'plain':
      return String(found.value);
    case 'date': {
      const day = parseDate(found.text);
      return day ? formatCivil(shifted(day, macro.shifts), macro.format ?? 'yyyy-MM-dd', zone) : found.text;
    }
    case 'instant': {
      const time = shifted(civilIn(found.at, zone), macro.shifts);
      if (macro.format !== undefined) return formatCivil(time, macro.format, zone);
      return new Date(macro.shifts.length === 0 ? found.at : instantOf(time, zone)).toISOString();
    }
  }
}

/** Shifts and formats belong to dates; what is said of anything else is a mistake of the author's. */
export function macroProblem(macro: Macro, kind: MacroValue['kind']): string | undefined {
  const isDated = macro.shifts.length > 0 || macro.format !== undefined;
  if (isDated && kind === 'plain')
    return `{{ ${macro.name} }} is not a date, so it takes no shift and no format`;
  const small = macro.shifts.find(({ unit }) => ['second', 'minute', 'hour'].includes(unit));
  if (kind === 'date' && small)
    return `{{ ${macro.name} }} is a day without a time; shift it by d, w, month or y`;
  const format = macro.format === undefined ? undefined : formatProblem(macro.format);
  const zone = macro.zone === undefined ? undefined : zoneProblem(macro.zone);
  const problem = format ?? zone;
  return problem === undefined ? undefined : `{{ ${macro.name} }}: ${problem}`;
}

/**
 * Fills a text's macros. `keepType` gives back a number or true/false as such when the text is one macro and
 * nothing else (a bound parameter of a query); otherwise the result is text.
 */
export function fillMacros(text: string, lookup: MacroLookup, zone: string, keepType = false): Filled {
  const { parts, problem } = parseMacros(text);
  if (problem !== undefined) return { problem };
  let result = '';
  for (const part of parts) {
    if (part.kind === 'text') {
      result += part.text;
      continue;
    }
    const found = lookup(part.macro.name);
    if ('problem' in found) return { problem: found.problem };
    const wrong = macroProblem(part.macro, found.kind);
    if (wrong !== undefined) return { problem: wrong };
    if (keepType && parts.length === 1 && found.kind === 'plain') return { value: found.value };
    result += render(part.macro, found, zone);
  }
  return { value: result };
}
