import type { FactRepository } from '../ports/store';

export interface Pause {
  readonly by: string;
  /** Epoch ms. */
  readonly since: number;
}

const name = 'scheduler.paused';

/** The pause outlives the program: an admin who paused everything must not find it running after a reboot. */
export function createPauseMark(facts: FactRepository): {
  read(): Promise<Pause | undefined>;
  set(by: string, since: number): Promise<void>;
  clear(): Promise<void>;
} {
  return {
    async read() {
      const text = await facts.get(name);
      if (!text) return undefined;
      try {
        const value: unknown = JSON.parse(text);
        if (typeof value === 'object' && value !== null && 'by' in value && 'since' in value) {
          return { by: String(value.by), since: Number(value.since) };
        }
      } catch {
        // What can't be read still means paused, only without a name.
      }
      return { by: 'somebody', since: 0 };
    },
    set: (by, since) => facts.set(name, JSON.stringify({ by, since } satisfies Pause)),
    clear: () => facts.set(name, ''),
  };
}
