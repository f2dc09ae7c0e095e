/** What the keyboard and the mouse mean in a table: pure, so that it can be tested without one. */

/** Where a key leads, or undefined when it is none of ours. `at` is -1 before the first step. */
export function stepOfKey(
  key: string,
  { at, page, count }: { readonly at: number; readonly page: number; readonly count: number },
): number | undefined {
  if (count === 0) return undefined;
  const within = (index: number) => Math.min(count - 1, Math.max(0, index));
  switch (key) {
    case 'ArrowDown':
      return within(at + 1);
    case 'ArrowUp':
      return within(at - 1);
    case 'PageDown':
      return within(at + page);
    case 'PageUp':
      return within(at - page);
    case 'Home':
      return 0;
    case 'End':
      return count - 1;
    default:
      return undefined;
  }
}

export type SelectionStep = 'toggle' | 'extend';

/** The selection after a step at `key`; `extend` takes all rows from the anchor to it. */
export function nextSelection({
  keys,
  selected,
  key,
  anchor,
  step,
}: {
  readonly keys: readonly string[];
  readonly selected: ReadonlySet<string>;
  readonly key: string;
  readonly anchor: string | undefined;
  readonly step: SelectionStep;
}): ReadonlySet<string> {
  const next = new Set(selected);
  if (step === 'toggle' || anchor === undefined || !keys.includes(anchor)) {
    if (!next.delete(key)) next.add(key);
    return next;
  }
  const ends = [keys.indexOf(anchor), keys.indexOf(key)].sort((a, b) => a - b);
  for (const each of keys.slice(ends[0], (ends[1] ?? 0) + 1)) next.add(each);
  return next;
}
