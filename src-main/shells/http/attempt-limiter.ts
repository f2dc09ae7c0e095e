/** Counts failed logins by source, so that guessing gets slow. A right key is never held up by others' wrong ones. */
export interface AttemptLimiter {
  /** Notes a failure; seconds to wait when there were too many. */
  fail(source: string): number | undefined;
  /** Seconds to wait before another attempt is looked at at all; undefined when it may be. */
  wait(source: string): number | undefined;
  /** A success: what failed before is forgotten. */
  forget(source: string): void;
}

const mostSources = 10_000;

export function createAttemptLimiter(
  now: () => number,
  { windowMs, mostFailures }: { readonly windowMs: number; readonly mostFailures: number } = {
    windowMs: 60_000,
    mostFailures: 20,
  },
): AttemptLimiter {
  const failures = new Map<string, { count: number; since: number }>();
  const secondsLeft = (since: number) => Math.max(1, Math.ceil((since + windowMs - now()) / 1000));
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
      return known.count > mostFailures ? secondsLeft(known.since) : undefined;
    },
    wait(source) {
      const known = failures.get(source);
      if (!known || now() - known.since > windowMs || known.count < mostFailures) return undefined;
      return secondsLeft(known.since);
    },
    forget(source) {
      failures.delete(source);
    },
  };
}
