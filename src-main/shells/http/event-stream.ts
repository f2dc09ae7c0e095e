import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { AppEvent } from '../../../src-shared/contract/events';
import { contract } from '../../../src-shared/contract/index';
import { AppError } from '../../../src-shared/errors';
import { authorise } from '../../api/invoke';
import type { EventBus } from '../../core/events/event-bus';
import type { Logger } from '../../core/ports/logger';
import type { Access } from '../../core/security/access';
import { createBatchedWriter } from './batched-writer';

const heartbeatMs = 15_000;
/** An expired key is out within a second. */
const validityMs = 900;

/** The text of an event, made once however many clients there are. */
function createFormat(): (event: AppEvent) => string {
  let last: { readonly event: AppEvent; readonly text: string } | undefined;
  return (event) => {
    if (last?.event !== event) {
      // Output events carry no id: resuming must begin behind the last event that is kept.
      const id = event.type === 'execution.output' ? '' : `id: ${event.sequence}\n`;
      last = { event, text: `${id}event: ${event.type}\ndata: ${JSON.stringify(event)}\n\n` };
    }
    return last.text;
  };
}

function lastEventId(request: FastifyRequest): number | undefined {
  const text = request.headers['last-event-id'];
  return typeof text === 'string' && /^\d{1,15}$/.test(text) ? Number(text) : undefined;
}

/**
 * GET /api/events: everything that happens, as server-sent events. Last-Event-ID resumes; when the missed events
 * are no longer kept an event `reload` says so. Output is sent only when asked for by `?output=`. A client for which
 * 8 MiB wait is let go: it comes back, is told the state events it missed, and reads missed output by range.
 */
export function registerEventStream(
  app: FastifyInstance,
  deps: { readonly events: EventBus; readonly access: Access; readonly logger: Logger },
): { close(): void } {
  const open = new Set<() => void>();
  const format = createFormat();

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

    const writer = createBatchedWriter(response, (waiting) => {
      deps.logger.warning(
        `a client of the live events at ${request.ip} did not read: let go with ${waiting} bytes waiting for it; it may come back and resume`,
      );
      close();
    });
    const { push } = writer;
    const isWanted = (event: AppEvent): boolean =>
      event.type !== 'execution.output' || wanted === 'all' || event.data.execution_id === wanted;

    const unsubscribe = deps.events.subscribe((event) => {
      if (isWanted(event)) push(format(event));
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
      writer.stop();
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
    writer.flush();
  });

  return {
    close() {
      for (const end of [...open]) end();
    },
  };
}
