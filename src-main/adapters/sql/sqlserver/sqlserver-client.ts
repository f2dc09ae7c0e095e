import { createHash } from 'node:crypto';
import type { ConnectionPool, Request } from 'mssql';
import {
  SqlError,
  type SqlRequest,
  type SqlSink,
  type SqlTarget,
  type SqlValue,
} from '../../../core/ports/sql-client';
import type { ClosableSqlClient } from '../create-sql-client';
import { explainSqlServerError } from './explain-error';
import { mssqlConfig, odbcConnectionString, type SqlServerTarget } from './mssql-config';
import { splitBatches } from './split-batches';

/** Pools unused for long close their connections by themselves; this bounds how many targets are remembered. */
const mostPools = 50;

async function createPool(target: SqlServerTarget): Promise<ConnectionPool> {
  if (!target.trusted_connection) {
    const { default: sql } = await import('mssql');
    return new sql.ConnectionPool(mssqlConfig(target));
  }
  try {
    // Loaded only when asked for: the package is native, and optional.
    const { default: sql } = await import('mssql/msnodesqlv8.js');
    const base = mssqlConfig(target);
    return new sql.ConnectionPool({ ...base, connectionString: odbcConnectionString(target) } as typeof base);
  } catch (error) {
    throw new SqlError(
      'Windows authentication needs the driver msnodesqlv8, which is not available here; use a SQL login (username and password)',
      { cause: error },
    );
  }
}

function bind(request: Request, parameters: SqlRequest['parameters']): void {
  for (const [name, value] of Object.entries(parameters)) request.input(name, value);
}

/** Streams one batch; rows hold the server back while the sink is busy. */
function streamBatch(request: Request, text: string, sink: SqlSink, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    let chain = Promise.resolve();
    let waiting = 0;
    const enqueue = (work: () => void | Promise<void>) => {
      waiting += 1;
      if (waiting === 1000) request.pause();
      chain = chain.then(work).then(() => {
        waiting -= 1;
        if (waiting === 0) request.resume();
      });
      chain.catch((error) => {
        request.cancel();
        reject(error);
      });
    };
    const cancel = () => request.cancel();
    signal.addEventListener('abort', cancel, { once: true });
    request.stream = true;
    request.arrayRowMode = true;
    request.on('recordset', (columns: readonly { name: string }[]) =>
      enqueue(() => sink.onColumns([...columns].map((column) => column.name))),
    );
    request.on('row', (row: SqlValue[]) => enqueue(() => sink.onRow(row)));
    request.on('info', (info: { message: string }) => enqueue(() => sink.onMessage(info.message)));
    request.on('rowsaffected', (count: number) => enqueue(() => sink.onRowsAffected(count)));
    request.on('error', (error) => {
      signal.removeEventListener('abort', cancel);
      reject(error);
    });
    request.on('done', () => {
      signal.removeEventListener('abort', cancel);
      chain.then(resolve, reject);
    });
    request.query(text);
  });
}

/** SQL Server through mssql: one pool per login, shared by its jobs, closed at the end. */
export function createSqlServerClient(): ClosableSqlClient {
  const pools = new Map<string, Promise<ConnectionPool>>();

  const keyOf = (target: SqlServerTarget) =>
    createHash('sha256').update(JSON.stringify(target)).digest('hex');

  const drop = (key: string) => {
    const pool = pools.get(key);
    pools.delete(key);
    void pool?.then((opened) => opened.close()).catch(() => undefined);
  };

  const connect = async (target: SqlServerTarget): Promise<ConnectionPool> => {
    const key = keyOf(target);
    const known = pools.get(key);
    if (known) {
      const pool = await known;
      if (pool.connected || pool.connecting) return pool;
      drop(key);
    }
    if (pools.size >= mostPools) drop(pools.keys().next().value ?? '');
    const opening = createPool(target).then((pool) => {
      // Without a listener a lost connection would end the whole program.
      pool.on('error', () => drop(key));
      return pool.connect();
    });
    pools.set(key, opening);
    opening.catch(() => pools.delete(key));
    return opening;
  };

  const serverTarget = (target: SqlTarget): SqlServerTarget => {
    if (target.driver !== 'sqlserver') throw new SqlError(`not a SQL Server target: ${target.driver}`);
    return target;
  };

  const run = async (target: SqlServerTarget, request: SqlRequest, sink: SqlSink, signal: AbortSignal) => {
    signal.throwIfAborted();
    const pool = await connect(target);
    if (!request.transaction) {
      for (const batch of splitBatches(request.text)) {
        signal.throwIfAborted();
        const one = pool.request();
        bind(one, request.parameters);
        await streamBatch(one, batch, sink, signal);
      }
      return;
    }
    const transaction = pool.transaction();
    await transaction.begin();
    try {
      for (const batch of splitBatches(request.text)) {
        signal.throwIfAborted();
        const one = transaction.request();
        bind(one, request.parameters);
        await streamBatch(one, batch, sink, signal);
      }
      await transaction.commit();
    } catch (error) {
      await transaction.rollback().catch(() => undefined);
      throw error;
    }
  };

  return {
    async run(target, request, sink, signal) {
      const server = serverTarget(target);
      try {
        await run(server, request, sink, signal);
      } catch (error) {
        throw explainSqlServerError(error, server);
      }
    },
    async test(target, signal) {
      const server = serverTarget(target);
      const started = performance.now();
      let version = '';
      const sink: SqlSink = {
        onColumns: () => undefined,
        onRow: (row) => {
          version = String(row[0] ?? '').split('\n')[0] ?? '';
        },
        onMessage: () => undefined,
        onRowsAffected: () => undefined,
      };
      try {
        await run(server, { text: 'SELECT @@VERSION', parameters: {}, transaction: false }, sink, signal);
      } catch (error) {
        throw explainSqlServerError(error, server);
      }
      return { version, milliseconds: Math.round(performance.now() - started) };
    },
    async close() {
      const open = [...pools.values()];
      pools.clear();
      await Promise.allSettled(open.map(async (pool) => (await pool).close()));
    },
  };
}
