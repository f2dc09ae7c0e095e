/** Counts failed logins by source, so that guessing gets slow. A right key is never held up by others' wrong ones. */
export interface AttemptLimiter {
  /** Notes a failure; seconds to wait when there were too many. */
  fail(source: string): number | undefined;
}

const windowMs = 60_000;
const mostFailures = 20;
const mostSources = 10_000;

export function createAttemptLimiter(now: () => number): AttemptLimiter {
  const failures = new Map<string, { count: number; since: number }>();
  return {
    fail(source) {
      const time = now();
      const known = failures.get(source);
      if (!known || time - known.since > windowMs) {
        if (failures.size >= mostSources) failures.delete(failures.keys().next().value ?? '');
        failures.set(source, { count: 1, since: time });
        return undefined;
      }
      known.count += 1;
      return known.count > mostFailures
        ? Math.max(1, Math.ceil((known.since + windowMs - time) / 1000))
        : undefined;
    },
  };
}
