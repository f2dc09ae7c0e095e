import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { AppEvent } from '../../../src-shared/contract/events';
import { contract } from '../../../src-shared/contract/index';
import { AppError } from '../../../src-shared/errors';
import { authorise } from '../../api/invoke';
import type { EventBus } from '../../core/events/event-bus';
import type { Access } from '../../core/security/access';

const heartbeatMs = 15_000;
/** An expired key is out within a second. */
const validityMs = 900;
/** At most 60 writes a second to a client. */
const batchMs = 17;
/** A client that does not read is let go when this much waits for it. */
const mostBuffered = 8 * 1024 * 1024;

function format(event: AppEvent): string {
  // Output events carry no id: resuming must begin behind the last event that is kept.
  const id = event.type === 'execution.output' ? '' : `id: ${event.sequence}\n`;
  return `${id}event: ${event.type}\ndata: ${JSON.stringify(event)}\n\n`;
}

function lastEventId(request: FastifyRequest): number | undefined {
  const text = request.headers['last-event-id'];
  return typeof text === 'string' && /^\d{1,15}$/.test(text) ? Number(text) : undefined;
}

/**
 * GET /api/events: everything that happens, as server-sent events. Last-Event-ID resumes; when the missed events
 * are no longer kept an event `reload` says so. Output is sent only when asked for by `?output=`.
 */
export function registerEventStream(
  app: FastifyInstance,
  deps: { readonly events: EventBus; readonly access: Access },
): { close(): void } {
  const open = new Set<() => void>();

  app.get(contract.system.events.path, { exposeHeadRoute: false }, (request, reply) => {
    const parsed = contract.system.events.query.safeParse(request.query);
    if (!parsed.success) {
      throw new AppError(
        'validation_failed',
        `output: ${parsed.error.issues[0]?.message ?? 'is not understood'}`,
      );
    }
    authorise({ id: 'system.events', operation: contract.system.events }, request);
    const wanted = parsed.data.output?.replace(/^(?=\d)/, 'exec_');
    const response = reply.raw;
    reply.hijack();
    response.writeHead(200, {
      ...(reply.getHeaders() as Record<string, string>),
      'Content-Type': 'text/event-stream; charset=utf-8',
      'Cache-Control': 'no-store',
      'X-Accel-Buffering': 'no',
    });

    let batch: string[] = [];
    let timer: NodeJS.Timeout | undefined;
    const flush = () => {
      timer = undefined;
      if (batch.length === 0) return;
      response.write(batch.join(''));
      batch = [];
      if (response.writableLength > mostBuffered) close();
    };
    const push = (text: string) => {
      batch.push(text);
      timer ??= setTimeout(flush, batchMs);
    };
    const isWanted = (event: AppEvent): boolean =>
      event.type !== 'execution.output' || wanted === 'all' || event.data.execution_id === wanted;

    const unsubscribe = deps.events.subscribe((event) => {
      if (!isWanted(event)) return;
      // Nobody misses output for good: it can be read by range. State events are never dropped.
      if (event.type === 'execution.output' && response.writableLength > mostBuffered / 2) return;
      push(format(event));
    });
    const heartbeat = setInterval(() => push(': alive\n\n'), heartbeatMs);
    const { principal } = request;
    const endIfOver = () => {
      if (!principal) return;
      deps.access.isValid(principal).then(
        (isValid) => isValid || close(),
        () => undefined,
      );
    };
    const forget = deps.access.onRevoked(endIfOver);
    // Keys and sessions also end by the clock, of which nobody tells.
    const watch = setInterval(endIfOver, validityMs);
    const close = () => {
      if (!open.delete(close)) return;
      clearInterval(heartbeat);
      clearInterval(watch);
      clearTimeout(timer);
      unsubscribe();
      forget();
      response.destroy();
    };
    open.add(close);
    response.on('close', close);
    response.on('error', close);

    const after = lastEventId(request);
    push(`: connected\nretry: 2000\n\n`);
    if (after !== undefined) {
      const missed = deps.events.since(after);
      if (missed.complete) for (const event of missed.events) push(format(event));
      else push(`event: reload\nid: ${deps.events.lastSequence}\ndata: {}\n\n`);
    }
    flush();
  });

  return {
    close() {
      for (const end of [...open]) end();
    },
  };
}
