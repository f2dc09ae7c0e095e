import { type KnownMachine, leaseSeconds } from './machine-table';

/** Two looks further apart than this: this machine itself stood still, or had lost the server. */
const longestLookMs = 9000;

/** Watches whether the others give signs of life. */
export interface Watch {
  /**
   * Machines to be given up: their lease is over by the server's clock, and this machine has watched them without a
   * break for as long without a sign. After an outage of the server all leases are over, and nobody is to blame.
   */
  overdue(machines: readonly KnownMachine[], self: string, now: number): KnownMachine[];
}

/** `now` is on a monotonic clock, ms. */
export function createWatch(): Watch {
  const seen = new Map<string, { readonly sign: string; readonly since: number }>();
  let last = Number.NEGATIVE_INFINITY;
  return {
    overdue(machines, self, now) {
      if (now - last > longestLookMs) seen.clear();
      last = now;
      const found: KnownMachine[] = [];
      for (const one of machines) {
        const sign = `${one.fence} ${one.last_seen} ${one.written}`;
        const known = seen.get(one.node);
        if (known?.sign !== sign) seen.set(one.node, { sign, since: now });
        else if (
          one.node !== self &&
          one.written === 'alive' &&
          one.over > 0 &&
          now - known.since >= leaseSeconds * 1000
        )
          found.push(one);
      }
      return found;
    },
  };
}
