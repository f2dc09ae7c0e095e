import type { Logger } from '../ports/logger';
import type { Timer } from '../ports/timer';

const storeRetryMs = 5000;
/** A fact that fails so often although the store is well is at fault itself. */
const mostFailures = 5;

/** Takes what has happened one after the other, each until the store has it. */
export interface FactLine<Fact> {
  readonly waiting: readonly Fact[];
  /** Puts one at the end; nothing is handled before `open`. */
  note(fact: Fact): void;
  open(): void;
  /** Handles what waits; what fails now is not tried again by itself. */
  close(): Promise<void>;
  settled(): Promise<void>;
}

export function createFactLine<Fact extends { readonly kind: string }>(deps: {
  readonly store: { check(): Promise<void> };
  readonly timer: Timer;
  readonly logger: Logger;
  handle(fact: Fact): Promise<void>;
}): FactLine<Fact> {
  const { logger } = deps;
  const facts: Fact[] = [];
  const failures = new WeakMap<Fact, number>();
  let draining: Promise<void> | undefined;
  let isOpen = false;
  let isClosing = false;

  const drain = async (): Promise<void> => {
    for (let fact = facts[0]; fact; fact = facts[0]) {
      try {
        await deps.handle(fact);
      } catch (error) {
        const count = (failures.get(fact) ?? 0) + 1;
        failures.set(fact, count);
        const isStoreThere = await deps.store.check().then(
          () => true,
          () => false,
        );
        if (!isStoreThere || count < mostFailures) {
          // Nothing is lost: it stays first in line until the store takes it.
          logger.warning('a notification could not be stored yet', { error: String(error) });
          if (!isClosing) deps.timer.after(storeRetryMs, pump);
          return;
        }
        // The store is well and this fails again and again: it must not hold up all others.
        logger.error('a notification could not be made and is left out', {
          kind: fact.kind,
          error: String(error instanceof Error ? error.stack : error),
        });
      }
      facts.shift();
    }
  };

  const pump = () => {
    // Before it is known what was told already, nothing is decided.
    if (!isOpen) return;
    draining ??= drain().finally(() => {
      draining = undefined;
    });
  };

  return {
    waiting: facts,
    note(fact) {
      facts.push(fact);
      pump();
    },
    open() {
      isOpen = true;
      isClosing = false;
      pump();
    },
    async close() {
      isClosing = true;
      await draining;
      pump();
      await draining;
    },
    async settled() {
      await draining;
    },
  };
}
