import { useEffect, useRef } from 'react';
import { create } from 'zustand';
import type { AppEvent } from '../../src-shared/contract/events';
import { desktop } from './desktop';
import { createEventStream, type StreamCallbacks } from './event-stream';
import { createIpcEventStream } from './ipc-event-stream';

/**
 * connecting --> live <--> reconnecting ; live <--> degraded (the program says it is unwell) ; any --> signed_out
 */
export type ConnectionState = 'connecting' | 'live' | 'reconnecting' | 'degraded' | 'signed_out';

interface Connection {
  readonly state: ConnectionState;
  /** Why it is degraded, in the program's words. */
  readonly reason: string;
  set(state: ConnectionState, reason?: string): void;
}

/** How the live connection stands. */
export const useConnection = create<Connection>((set) => ({
  state: 'connecting',
  reason: '',
  set: (state, reason = '') => set({ state, reason }),
}));

export interface LiveListener {
  /** Something happened. Called for every event, output included. */
  onEvent?(event: AppEvent): void;
  /** Events were lost: read anew. */
  onReload?(): void;
  /** The connection stands, anew or again: live output from before it was not heard. */
  onOpen?(): void;
}

const listeners = new Set<LiveListener>();
let health: { isWell: boolean; reason: string } = { isWell: true, reason: '' };

function connected(): void {
  const { set } = useConnection.getState();
  if (health.isWell) set('live');
  else set('degraded', health.reason);
}

/** Tells the connection how the program is: found by asking, or by an event. */
export function noteHealth(isWell: boolean, reason: string): void {
  health = { isWell, reason };
  const { state } = useConnection.getState();
  if (state === 'live' || state === 'degraded') connected();
}

/** Pages load when the connection stands, or soon without it: a program in trouble still shows what it can. */
const longestWaitMs = 400;
let tellOpen: () => void = () => undefined;
const firstOpen = new Promise<void>((resolve) => {
  tellOpen = resolve;
});

const callbacks: StreamCallbacks = {
  onOpen() {
    connected();
    tellOpen();
    for (const listener of listeners) listener.onOpen?.();
  },
  onSignedOut: () => useConnection.getState().set('signed_out'),
  onLost: () => useConnection.getState().set('reconnecting'),
  onGap() {
    for (const listener of listeners) listener.onReload?.();
  },
  onEvents(events) {
    for (const event of events) {
      if (event.type === 'health.changed') noteHealth(event.data.status === 'healthy', event.data.reason);
      for (const listener of listeners) listener.onEvent?.(event);
    }
  },
};
const stream = desktop
  ? createIpcEventStream(desktop, callbacks)
  : createEventStream('/api/events', callbacks);

/** A tab nobody looks at gives its connection back: browsers allow six to one address, over all tabs. */
const hiddenForMs = 60_000;

/** Opens the one live connection. Called once, by the app. */
export function startLive(): () => void {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const look = () => {
    clearTimeout(timer);
    if (document.hidden) timer = setTimeout(stream.stop, hiddenForMs);
    else stream.start();
  };
  document.addEventListener('visibilitychange', look);
  window.addEventListener('online', stream.retryNow);
  stream.start();
  setTimeout(tellOpen, longestWaitMs);
  return () => {
    document.removeEventListener('visibilitychange', look);
    window.removeEventListener('online', stream.retryNow);
    clearTimeout(timer);
    stream.stop();
  };
}

export const retryLive = (): void => stream.retryNow();

/** Live output of one execution joins the events (`execution.output`) until the returned function is called. */
export function followOutput(execution_id: string): () => void {
  stream.followOutput(execution_id);
  return () => stream.followOutput(null);
}

export function subscribeLive(listener: LiveListener): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

export interface LiveData {
  /** Reads everything the page shows; called at first, after a gap, and when `key` changes. */
  load(): void;
  /** Takes in one event. */
  apply?(event: AppEvent): void;
}

/**
 * Keeps a page's data live while it is mounted: listens, then loads. In this order nothing that happens between
 * the answer and the first event is lost. The functions may be new ones every render.
 */
export function useLive({ load, apply }: LiveData, key = ''): void {
  const latest = useRef({ load, apply });
  latest.current = { load, apply };
  // biome-ignore lint/correctness/useExhaustiveDependencies: `key` says what is shown; a change means other data
  useEffect(() => {
    let isMounted = true;
    const unsubscribe = subscribeLive({
      onEvent: (event) => latest.current.apply?.(event),
      onReload: () => latest.current.load(),
    });
    void firstOpen.then(() => {
      if (isMounted) latest.current.load();
    });
    return () => {
      isMounted = false;
      unsubscribe();
    };
  }, [key]);
}
