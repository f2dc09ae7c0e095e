/** A step of a date: `- 1d`, `+ 2 months`. */
export interface MacroShift {
  readonly amount: number;
  readonly unit: MacroUnit;
}
export type MacroUnit = 'second' | 'minute' | 'hour' | 'day' | 'week' | 'month' | 'year';

/** `{{ name - 1d | yyyy-MM-dd in Europe/Berlin }}`, taken apart. */
export interface Macro {
  /** `scheduled_time`, `params.day`, `secrets.token`, ... */
  readonly name: string;
  readonly shifts: readonly MacroShift[];
  readonly format?: string;
  readonly zone?: string;
}

export type MacroPart =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'macro'; readonly macro: Macro };

export interface ParsedMacros {
  readonly parts: readonly MacroPart[];
  /** What is wrong with the way the macros are written; the text is then not to be used. */
  readonly problem: string | undefined;
}

const units: Readonly<Record<string, MacroUnit>> = {
  s: 'second',
  second: 'second',
  m: 'minute',
  min: 'minute',
  minute: 'minute',
  h: 'hour',
  hour: 'hour',
  d: 'day',
  day: 'day',
  w: 'week',
  week: 'week',
  month: 'month',
  y: 'year',
  year: 'year',
};

const opening = '{{';
const closing = '}}';
const escaped = '{{{{';
const literalHint = `for a literal "${opening}" write "${escaped}"`;

export function hasMacros(text: string): boolean {
  return text.includes(opening);
}

function parseShifts(text: string): readonly MacroShift[] | string {
  const shifts: MacroShift[] = [];
  for (const [whole, sign, digits, word = ''] of text.matchAll(/([+-])\s*(\d+)\s*([A-Za-z]+)/g)) {
    const unit = units[word.toLowerCase()] ?? units[word.toLowerCase().replace(/s$/, '')];
    if (!unit) return `"${whole.trim()}" is not a shift; expected s, m, h, d, w, month or y, as in "- 1d"`;
    const amount = Number(digits);
    if (amount > 100_000) return `"${whole.trim()}" is too far; expected at most 100000`;
    shifts.push({ amount: sign === '-' ? -amount : amount, unit });
  }
  return shifts;
}

/** What stands between the braces. A text is what is wrong with it. */
function parseInner(inner: string): Macro | string {
  const shown = `${opening}${inner}${closing}`.slice(0, 80);
  const secret = /^\s*(secrets\.[A-Za-z0-9_.-]+)\s*$/.exec(inner);
  if (secret) return { name: secret[1] as string, shifts: [] };
  const match =
    /^\s*([A-Za-z_][A-Za-z0-9_]*(?:\.[A-Za-z_][A-Za-z0-9_]*)?)\s*((?:[+-]\s*\d+\s*[A-Za-z]+\s*)*)(?:\|([^|]*))?$/.exec(
      inner,
    );
  if (!match) {
    return `${shown} is not a macro; expected {{ name }}, {{ name | yyyy-MM-dd }} or {{ name - 1d | yyyy-MM-dd }} (${literalHint})`;
  }
  const [, name = '', shiftText = '', formatText] = match;
  const shifts = parseShifts(shiftText);
  if (typeof shifts === 'string') return `${shown}: ${shifts}`;
  if (formatText === undefined) return { name, shifts };
  const inZone = /^(.*?)\s+in\s+(\S+)\s*$/.exec(formatText);
  const format = (inZone?.[1] ?? formatText).trim();
  if (format === '') return `${shown}: a format is missing behind "|", e.g. yyyy-MM-dd`;
  return { name, shifts, format, ...(inZone ? { zone: inZone[2] as string } : {}) };
}

/**
 * Takes a text with macros apart. `{{{{` stands for a literal `{{`; a `}}` outside of a macro means itself. Never
 * throws; a text without macros is one part (the empty text none).
 */
export function parseMacros(text: string): ParsedMacros {
  const parts: MacroPart[] = [];
  let literal = '';
  let at = 0;
  const refuse = (problem: string): ParsedMacros => ({ parts: [], problem });
  while (at < text.length) {
    const open = text.indexOf(opening, at);
    if (open < 0) break;
    literal += text.slice(at, open);
    if (text.startsWith(escaped, open)) {
      literal += opening;
      at = open + escaped.length;
      continue;
    }
    const close = text.indexOf(closing, open + opening.length);
    if (close < 0) return refuse(`"${text.slice(open, open + 40)}" is not closed with "}}" (${literalHint})`);
    const macro = parseInner(text.slice(open + opening.length, close));
    if (typeof macro === 'string') return refuse(macro);
    if (literal !== '') parts.push({ kind: 'text', text: literal });
    literal = '';
    parts.push({ kind: 'macro', macro });
    at = close + closing.length;
  }
  literal += text.slice(at);
  if (literal !== '') parts.push({ kind: 'text', text: literal });
  return { parts, problem: undefined };
}
