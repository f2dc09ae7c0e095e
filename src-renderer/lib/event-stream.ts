import type { AppEvent } from '../../src-shared/contract/events';

/** One message of a text/event-stream. */
export interface StreamMessage {
  readonly id: string | undefined;
  readonly event: string;
  readonly data: string;
}

/**
 * Cuts a text/event-stream into messages as its text arrives in pieces. Comments are heartbeats and give nothing.
 */
export function createMessageReader(): (text: string) => StreamMessage[] {
  let rest = '';
  const readBlock = (block: string): StreamMessage | undefined => {
    let id: string | undefined;
    let event = 'message';
    const data: string[] = [];
    for (const line of block.split('\n')) {
      const colon = line.indexOf(':');
      if (colon <= 0) continue;
      const value = line.slice(colon + 1).replace(/^ /, '');
      const field = line.slice(0, colon);
      if (field === 'id') id = value;
      else if (field === 'event') event = value;
      else if (field === 'data') data.push(value);
    }
    return data.length === 0 ? undefined : { id, event, data: data.join('\n') };
  };
  return (text) => {
    const blocks = (rest + text.replace(/\r\n?/g, '\n')).split('\n\n');
    rest = blocks.pop() ?? '';
    return blocks.map(readBlock).filter((message) => message !== undefined);
  };
}

export interface StreamCallbacks {
  onOpen(): void;
  /** The program answers, but not to us: no session, or none any more. */
  onSignedOut(): void;
  onEvents(events: readonly AppEvent[]): void;
  /** Events were lost for good: what is shown must be read anew. */
  onGap(): void;
  /** Not connected; tries again in `inMs`. */
  onLost(inMs: number): void;
}

export interface EventStream {
  start(): void;
  stop(): void;
  /** Tries at once instead of waiting on. */
  retryNow(): void;
  /** Also streams the live output of this execution; null for none. The connection is renewed without loss. */
  followOutput(execution_id: string | null): void;
}

/** The server sends a heartbeat every 15 s: longer silence is a connection that only looks alive. */
const longestSilenceMs = 40_000;
const backOffMs = [500, 1000, 2000, 5000, 10_000];

/**
 * The one live connection to the program: resumes behind the last event it has seen, says when that was not
 * possible, and comes back by itself. Read by fetch and not by EventSource, which tells no status, gives up
 * for good on a refusal and cannot be resumed by hand.
 */
export function createEventStream(address: string, callbacks: StreamCallbacks): EventStream {
  let abort: AbortController | undefined;
  let lastId: string | undefined;
  let hasBeenOpen = false;
  let failures = 0;
  let output: string | null = null;
  let retryTimer: ReturnType<typeof setTimeout> | undefined;
  let silenceTimer: ReturnType<typeof setTimeout> | undefined;

  const handle = (messages: readonly StreamMessage[]) => {
    const events: AppEvent[] = [];
    let isGap = false;
    for (const { id, event, data } of messages) {
      if (id !== undefined) lastId = id;
      if (event === 'reload') isGap = true;
      else events.push(JSON.parse(data) as AppEvent);
    }
    if (isGap) callbacks.onGap();
    if (events.length > 0) callbacks.onEvents(events);
  };

  const read = async (own: AbortController): Promise<'signed_out' | 'ended'> => {
    const query = output === null ? '' : `?output=${encodeURIComponent(output)}`;
    const reply = await fetch(address + query, {
      signal: own.signal,
      headers: lastId === undefined ? {} : { 'Last-Event-ID': lastId },
    });
    if (reply.status === 401) return 'signed_out';
    if (!reply.ok || !reply.body) throw new Error(`the live connection answered ${reply.status}`);
    failures = 0;
    callbacks.onOpen();
    // Without a number to resume from there is no telling what was missed while nobody listened.
    if (hasBeenOpen && lastId === undefined) callbacks.onGap();
    hasBeenOpen = true;
    const take = createMessageReader();
    const reader = reply.body.pipeThrough(new TextDecoderStream()).getReader();
    for (;;) {
      clearTimeout(silenceTimer);
      silenceTimer = setTimeout(() => own.abort('silence'), longestSilenceMs);
      const { done, value } = await reader.read();
      if (done) return 'ended';
      handle(take(value));
    }
  };

  const connect = async () => {
    clearTimeout(retryTimer);
    const own = new AbortController();
    abort = own;
    try {
      if ((await read(own)) === 'signed_out') {
        callbacks.onSignedOut();
        return;
      }
    } catch {
      // Refused, broken, or silent: all the same from here.
    } finally {
      clearTimeout(silenceTimer);
    }
    if (abort !== own) return;
    const inMs = backOffMs[Math.min(failures, backOffMs.length - 1)] ?? 1000;
    failures += 1;
    callbacks.onLost(inMs);
    retryTimer = setTimeout(() => void connect(), inMs);
  };

  const renew = () => {
    const previous = abort;
    abort = undefined;
    previous?.abort('renewed');
    void connect();
  };

  return {
    start() {
      if (!abort) void connect();
    },
    stop() {
      clearTimeout(retryTimer);
      const previous = abort;
      abort = undefined;
      previous?.abort('stopped');
    },
    retryNow: renew,
    followOutput(execution_id) {
      if (output === execution_id) return;
      output = execution_id;
      if (abort) renew();
    },
  };
}
