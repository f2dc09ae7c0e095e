import { apiChannel, type DesktopBridge } from '../../src-shared/desktop-bridge';
import type { EventStream, StreamCallbacks } from './event-stream';

const retryMs = 1000;

/**
 * Live events of the desktop application. The program is this window's own: there is no signing out and no network
 * between, but a window that was hidden for long resumes behind the last event it has seen, as over HTTP.
 */
export function createIpcEventStream(bridge: DesktopBridge, callbacks: StreamCallbacks): EventStream {
  const channel = apiChannel('system.events');
  let unsubscribe: (() => void) | undefined;
  let lastSequence: number | undefined;
  let output: string | null = null;
  let retryTimer: ReturnType<typeof setTimeout> | undefined;

  const subscribe = async () => {
    clearTimeout(retryTimer);
    const { status } = await bridge.invoke(channel, {
      on: true,
      output,
      ...(lastSequence === undefined ? {} : { after: lastSequence }),
    });
    if (!unsubscribe) return;
    if (status === 200) {
      callbacks.onOpen();
      return;
    }
    callbacks.onLost(retryMs);
    retryTimer = setTimeout(() => void subscribe(), retryMs);
  };

  const start = () => {
    if (unsubscribe) return;
    unsubscribe = bridge.onEvent(({ events, reload }) => {
      const last = events.at(-1);
      if (last) lastSequence = last.sequence;
      if (reload) callbacks.onGap();
      if (events.length > 0) callbacks.onEvents(events);
    });
    void subscribe();
  };

  return {
    start,
    stop() {
      clearTimeout(retryTimer);
      if (!unsubscribe) return;
      unsubscribe();
      unsubscribe = undefined;
      void bridge.invoke(channel, { on: false });
    },
    retryNow() {
      if (unsubscribe) void subscribe();
    },
    followOutput(execution_id) {
      if (output === execution_id) return;
      output = execution_id;
      if (unsubscribe) void subscribe();
    },
  };
}
