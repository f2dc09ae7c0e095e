/** `a`, `a and b`, `a, b and c`. */
export function listed(parts: readonly string[], joint: 'and' | 'or' = 'and'): string {
  if (parts.length < 2) return parts[0] ?? '';
  return `${parts.slice(0, -1).join(', ')} ${joint} ${parts.at(-1)}`;
}

export interface Steps {
  readonly first: number;
  readonly step: number;
  readonly last: number;
}

/** Ascending values that lie at equal distances; undefined for fewer than two. */
export function equalSteps(values: readonly number[]): Steps | undefined {
  const [first, second] = values;
  const last = values.at(-1);
  if (first === undefined || second === undefined || last === undefined) return undefined;
  const step = second - first;
  return values.every((value, index) => value === first + index * step) ? { first, step, last } : undefined;
}

/** The step of values that go round a clock of `size` evenly, such as 5, 20, 35, 50 of 60. */
export function roundStep(values: readonly number[], size: number): number | undefined {
  const steps = equalSteps(values);
  if (!steps || steps.step * values.length !== size) return undefined;
  return steps.step;
}

/** Values as runs: `1, 3-7 and 9`; many at equal distances as `0-56 in steps of 7`. Says every value, however many. */
export function runs(values: readonly number[], show: (value: number) => string, to = '-'): string {
  const steps = equalSteps(values);
  if (steps && steps.step > 1 && values.length > 4) {
    return `${show(steps.first)}${to}${show(steps.last)} in steps of ${steps.step}`;
  }
  const parts: string[] = [];
  for (let index = 0; index < values.length; ) {
    let end = index;
    while (values[end + 1] === (values[end] as number) + 1) end += 1;
    const first = values[index] as number;
    const last = values[end] as number;
    if (end - index >= 2) parts.push(`${show(first)}${to}${show(last)}`);
    else for (let value = first; value <= last; value += 1) parts.push(show(value));
    index = end + 1;
  }
  return listed(parts);
}

/** `1st`, `2nd`, `11th`. */
export function ordinal(value: number): string {
  const isTeen = value % 100 >= 11 && value % 100 <= 13;
  const ending = isTeen ? 'th' : (['th', 'st', 'nd', 'rd'][value % 10] ?? 'th');
  return `${value}${ending}`;
}
