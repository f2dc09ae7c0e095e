import type { AppEvent } from '../../../src-shared/contract/events';
import type { IpcEvents } from '../../../src-shared/desktop-bridge';
import type { EventSubscription } from '../../../src-shared/event-subscription';
import type { EventBus } from '../../core/events/event-bus';

/** At most 60 pushes a second to a window. */
const batchMs = 17;
/** Pushes a page may leave untaken before its live output, and then everything, is held back. */
const mostUntaken = 60;
const mostHeld = 2000;

/** Whatever ends the page that asked; another one asks for itself. */
const targetEnds = ['destroyed', 'did-navigate', 'render-process-gone'] as const;
type TargetEnd = (typeof targetEnds)[number];

/** The part of a window's contents that is needed here. */
export interface EventTarget {
  readonly id: number;
  isDestroyed(): boolean;
  send(channel: string, batch: IpcEvents, number: number): void;
  on(event: TargetEnd, listener: () => void): unknown;
}

/** Carries live events to every window that asked for them. */
export interface EventFeed {
  subscribe(target: EventTarget, wanted: EventSubscription): void;
  /** The page has taken the push with this number. */
  taken(target: Pick<EventTarget, 'id'>, number: number): void;
}

interface Subscriber {
  readonly end: () => void;
  taken(number: number): void;
}

/**
 * Events go in batches; a page that takes none (it stands in a breakpoint, or its machine is busy) loses live output
 * first, which it can read by range, and is told to read everything anew when even state events became too many.
 */
export function createEventFeed(events: EventBus): EventFeed {
  const subscribers = new Map<number, Subscriber>();
  const watched = new Set<number>();

  const begin = (target: EventTarget, wanted: EventSubscription): Subscriber => {
    const output = wanted.output?.replace(/^(?=\d)/, 'exec_');
    let batch: AppEvent[] = [];
    let reload = false;
    /** Where the output of each run stood that was not sent; told when the page goes on, for it may say no more. */
    const unsent = new Map<string, AppEvent>();
    let sent = 0;
    let lastTaken = 0;
    let timer: NodeJS.Timeout | undefined;

    const isBehind = () => sent - lastTaken >= mostUntaken;
    const flush = () => {
      timer = undefined;
      if (target.isDestroyed()) return;
      if ((batch.length === 0 && unsent.size === 0 && !reload) || isBehind()) return;
      batch.push(...unsent.values());
      unsent.clear();
      sent += 1;
      target.send('events', { events: batch, reload }, sent);
      batch = [];
      reload = false;
    };
    const plan = () => {
      timer ??= setTimeout(flush, batchMs);
    };
    const unsubscribe = events.subscribe((event) => {
      if (event.type === 'execution.output') {
        if (output === undefined || (output !== 'all' && event.data.execution_id !== output)) return;
        if (isBehind() || batch.length >= mostHeld) {
          const { execution_id, offset, text } = event.data;
          const end = offset + Buffer.byteLength(text);
          unsent.set(execution_id, { ...event, data: { ...event.data, offset: end, text: '' } });
          return;
        }
      }
      if (batch.length >= mostHeld) {
        batch = [];
        reload = true;
      }
      batch.push(event);
      plan();
    });

    if (wanted.after !== undefined) {
      const missed = events.since(wanted.after);
      if (missed.complete) batch.push(...missed.events);
      else reload = true;
      plan();
    }
    return {
      end() {
        clearTimeout(timer);
        unsubscribe();
      },
      taken(number) {
        lastTaken = Math.max(lastTaken, Math.min(number, sent));
        plan();
      },
    };
  };

  const end = (id: number) => {
    subscribers.get(id)?.end();
    subscribers.delete(id);
  };

  return {
    subscribe(target, wanted) {
      end(target.id);
      if (!wanted.on) return;
      subscribers.set(target.id, begin(target, wanted));
      if (watched.has(target.id)) return;
      watched.add(target.id);
      for (const event of targetEnds) target.on(event, () => end(target.id));
    },
    taken: (target, number) => subscribers.get(target.id)?.taken(number),
  };
}
