import { connect, createServer, type Server, type Socket } from 'node:net';

/** What can become of the way to a server. */
export type Fault = 'none' | 'refused' | 'dropped' | 'reset' | 'half_open' | 'slow';

/** A TCP proxy whose faults are switched while it runs. */
export interface FaultProxy {
  readonly port: number;
  set(fault: Fault): Promise<void>;
  close(): Promise<void>;
}

const slowMs = 10_000;

/**
 * `refused`: nobody listens. `reset`: connections are cut, and new ones as soon as they come. `dropped`: the same, but
 * they are closed in order. `half_open`: what is sent disappears, and nobody is told. `slow`: everything comes 10 s late.
 */
export async function createFaultProxy(target: { host: string; port: number }): Promise<FaultProxy> {
  let fault: Fault = 'none';
  const sockets = new Set<Socket>();
  const timers = new Set<NodeJS.Timeout>();
  const keep = (socket: Socket) => {
    sockets.add(socket);
    socket.on('error', () => undefined);
    socket.on('close', () => sockets.delete(socket));
  };
  const pass = (from: Socket, to: Socket) => {
    from.on('data', (chunk) => {
      if (fault === 'half_open') return;
      if (fault !== 'slow') {
        to.write(chunk);
        return;
      }
      const timer = setTimeout(() => {
        timers.delete(timer);
        to.write(chunk);
      }, slowMs);
      timers.add(timer);
    });
    from.on('close', () => to.destroy());
  };
  const accept = (client: Socket) => {
    keep(client);
    if (fault === 'reset') {
      client.resetAndDestroy();
      return;
    }
    if (fault === 'dropped') {
      client.end();
      return;
    }
    const upstream = connect(target);
    keep(upstream);
    pass(client, upstream);
    pass(upstream, client);
  };
  let server: Server | undefined;
  const listen = (port: number) =>
    new Promise<number>((resolve, reject) => {
      server = createServer(accept);
      server.once('error', reject);
      server.listen(port, '127.0.0.1', () => {
        const address = server?.address();
        resolve(typeof address === 'object' && address ? address.port : 0);
      });
    });
  const stopListening = () =>
    new Promise<void>((resolve) => {
      if (!server) return resolve();
      server.close(() => resolve());
      server = undefined;
    });
  const port = await listen(0);
  const cut = () => {
    for (const socket of sockets) socket.resetAndDestroy();
  };
  return {
    port,
    async set(next) {
      const before = fault;
      fault = next;
      if (next === 'reset') cut();
      if (next === 'dropped') for (const socket of sockets) socket.end();
      if (next === 'refused') {
        const closed = stopListening();
        cut();
        await closed;
      }
      if (before === 'refused' && next !== 'refused') await listen(port);
    },
    async close() {
      for (const timer of timers) clearTimeout(timer);
      const closed = stopListening();
      cut();
      await closed;
    },
  };
}
