/** A rule that names instants, before start, end and its fellows are considered. All epoch ms. */
export interface Rule {
  /** The first slot strictly after. */
  next(after: number): number | undefined;
  /** The last slot at or before. */
  previous(through: number): number | undefined;
  /** How many slots lie in (after, through]; by arithmetic, never by stepping through them. */
  count(after: number, through: number): number;
}

/** Slots at `anchor + k * length`, k from `firstStep`. */
export function createIntervalRule(anchor: number, length: number, firstStep: 0 | 1): Rule {
  const stepThrough = (instant: number): number => Math.floor((instant - anchor) / length);
  return {
    next: (after) => anchor + Math.max(firstStep, stepThrough(after) + 1) * length,
    previous(through) {
      const step = stepThrough(through);
      return step < firstStep ? undefined : anchor + step * length;
    },
    count: (after, through) =>
      Math.max(0, stepThrough(through) - Math.max(firstStep - 1, stepThrough(after))),
  };
}

/** One slot. */
export function createDateRule(at: number): Rule {
  return {
    next: (after) => (after < at ? at : undefined),
    previous: (through) => (through >= at ? at : undefined),
    count: (after, through) => (after < at && at <= through ? 1 : 0),
  };
}

/** A rule within bounds, both inclusive. */
export function boundRule(rule: Rule, start: number | undefined, end: number | undefined): Rule {
  if (start === undefined && end === undefined) return rule;
  const from = start ?? Number.NEGATIVE_INFINITY;
  const to = end ?? Number.POSITIVE_INFINITY;
  return {
    next(after) {
      const found = rule.next(Math.max(after, from - 1));
      return found !== undefined && found <= to ? found : undefined;
    },
    previous(through) {
      const found = rule.previous(Math.min(through, to));
      return found !== undefined && found >= from ? found : undefined;
    },
    count: (after, through) => rule.count(Math.max(after, from - 1), Math.min(through, to)),
  };
}
