import type { Clock } from './ports/clock';
import type { Logger } from './ports/logger';
import type { Store } from './ports/store';
import type { CancelTimer, Timer } from './ports/timer';

/** Tells the next start how long nobody was there. */
export interface SignOfLife {
  /** When an earlier process was last known alive, epoch ms. */
  read(): Promise<number | undefined>;
  /** Writes the first, and one every 15 s from then on. */
  start(): Promise<void>;
  stop(): void;
  /** The last one of a process that ends in order. */
  last(): Promise<void>;
}

const aliveFact = 'alive_at';
const aliveEveryMs = 15_000;

export function createSignOfLife(deps: {
  readonly store: Pick<Store, 'facts'>;
  readonly clock: Clock;
  readonly timer: Timer;
  readonly logger: Logger;
}): SignOfLife {
  const { facts } = deps.store;
  let cancel: CancelTimer | undefined;
  let isStopped = false;

  const write = () => facts.set(aliveFact, String(deps.clock.now()));
  const start = async () => {
    try {
      await write();
    } catch (error) {
      deps.logger.warning('the sign of life could not be stored', { error: String(error) });
    }
    if (!isStopped) cancel = deps.timer.after(aliveEveryMs, () => void start());
  };

  return {
    read: async () => Number(await facts.get(aliveFact)) || undefined,
    start,
    stop() {
      isStopped = true;
      cancel?.();
    },
    last: () => write().catch(() => undefined),
  };
}
