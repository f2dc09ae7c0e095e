import type { z } from 'zod';
import { type Collector, type Dict, isDict, type Path } from './issue-collector';
import { pathText } from './zod-words';

const booleanWords: Readonly<Record<string, boolean>> = {
  yes: true,
  on: true,
  true: true,
  no: false,
  off: false,
  false: false,
};

/** Sets a value deep inside a copy. */
function withValue(value: unknown, [step, ...rest]: Path, replacement: unknown): unknown {
  if (step === undefined) return replacement;
  if (Array.isArray(value)) {
    return value.map((item, index) => (index === step ? withValue(item, rest, replacement) : item));
  }
  const dict = isDict(value) ? value : {};
  return { ...dict, [step]: withValue(dict[step], rest, replacement) };
}

function at(value: unknown, path: Path): unknown {
  return path.reduce<unknown>((found, step) => (found as Dict | undefined)?.[step as string], value);
}

/** Files of the Python program were read as YAML 1.1: `yes`, `on` and their like were booleans there. */
export function parseLeniently(
  schema: z.ZodType,
  value: unknown,
  collect: Collector,
): { value: unknown; result: z.ZodSafeParseResult<unknown> } {
  let current = value;
  for (;;) {
    const result = schema.safeParse(current);
    const word = result.error?.issues.find((issue) => {
      const found = at(current, issue.path as Path);
      return (
        issue.code === 'invalid_type' &&
        issue.expected === 'boolean' &&
        typeof found === 'string' &&
        found.toLowerCase() in booleanWords
      );
    });
    if (!word) return { value: current, result };
    const path = word.path as Path;
    const text = String(at(current, path));
    const meant = booleanWords[text.toLowerCase()] as boolean;
    collect.add(
      path,
      `${pathText(path)} is "${text}", read as ${meant}; write ${meant} (YAML 1.2)`,
      'warning',
    );
    current = withValue(current, path, meant);
  }
}
