import type { AppEvent, EventData, EventType } from '../../../src-shared/contract/events';
import type { Clock } from '../ports/clock';
import type { Logger } from '../ports/logger';

export type EventListener = (event: AppEvent) => void;

/** Tells what has happened. It only tells: nothing in core listens to it. */
export interface EventBus {
  publish<T extends EventType>(type: T, data: EventData[T]): void;
  subscribe(listener: EventListener): () => void;
  /** Kept events after `sequence`; `complete` is false when some of them are no longer kept. */
  since(sequence: number): { readonly events: readonly AppEvent[]; readonly complete: boolean };
  readonly lastSequence: number;
}

const keptEvents = 500;

/** A bus that keeps its last 500 events for listeners that come back. A listener that throws is logged and skipped. */
export function createEventBus(deps: { clock: Clock; logger: Logger }): EventBus {
  const listeners = new Set<EventListener>();
  const kept: AppEvent[] = [];
  // Counted on from the time of the start: a number from an earlier run of the program is older than all of this one's.
  let sequence = Math.max(0, deps.clock.now());

  return {
    publish(type, data) {
      // Output would push every state event out of the short memory; a listener reads missed output by range.
      const isVolatile = type === 'execution.output';
      if (!isVolatile) sequence += 1;
      const event = { sequence, time: new Date(deps.clock.now()).toISOString(), type, data } as AppEvent;
      if (!isVolatile) {
        kept.push(event);
        if (kept.length > keptEvents) kept.shift();
      }
      for (const listener of listeners) {
        try {
          listener(event);
        } catch (error) {
          deps.logger.error('an event listener failed', { type, error: String(error) });
        }
      }
    },
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    since(after) {
      const oldest = kept[0]?.sequence ?? sequence + 1;
      const complete = after <= sequence && after >= oldest - 1;
      return { events: complete ? kept.filter((event) => event.sequence > after) : [], complete };
    },
    get lastSequence() {
      return sequence;
    },
  };
}
