import type { SqlClient } from '../../core/ports/sql-client';

/** A SqlClient that also holds things open: pools, workers. */
export interface ClosableSqlClient extends SqlClient {
  close(): Promise<void>;
}

/** Chooses the client by the target's driver. A new driver is one folder and one entry here. */
export function createSqlClient(clients: {
  readonly sqlite: ClosableSqlClient;
  readonly sqlserver: ClosableSqlClient;
}): ClosableSqlClient {
  return {
    run: (target, request, sink, signal) => clients[target.driver].run(target, request, sink, signal),
    test: (target, signal) => clients[target.driver].test(target, signal),
    expiry: async (target, signal) => (await clients[target.driver].expiry?.(target, signal)) ?? {},
    pools: () => Object.values(clients).flatMap((client) => client.pools()),
    forget(connection_id) {
      for (const client of Object.values(clients)) client.forget(connection_id);
    },
    async close() {
      await Promise.all(Object.values(clients).map((client) => client.close()));
    },
  };
}
