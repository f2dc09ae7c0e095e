import type { ConnectionPool, Request, Transaction } from 'mssql';
import { SqlError, type SqlIsolation } from '../../../core/ports/sql-client';
import type { OpenPool } from './pools';
import { whileWanted, within } from './waiting';

/** A connection of either driver; only tedious can clear one for its next user. */
interface RawConnection {
  reset?(callback: (error?: Error) => void): void;
  close?(): void;
  hasError?: boolean;
}

interface Lender {
  acquire(requester: object): Promise<RawConnection>;
  release(connection: RawConnection): void;
}

/**
 * One connection for the whole of a script: temporary tables, SET options and USE last from batch to batch, and end
 * with it.
 */
export interface Session {
  request(): Request;
  begin(isolation: SqlIsolation | undefined): Promise<void>;
  commit(): Promise<void>;
  rollback(): Promise<void>;
  /** The server does not answer on this connection any more. */
  giveUp(): void;
  release(): void;
}

/** A server that is asked for a small thing answers within this, or not at all. */
const smallThingMs = 10_000;
/** Undoing or keeping a large transaction can take its time. */
const transactionMs = 60_000;

const used = new WeakSet<RawConnection>();

const bracketed = (name: string): string => `[${name.replaceAll(']', ']]')}]`;

/**
 * What the one before has left: its temporary tables, options, database, isolation level. A query must never run in the
 * database that another one has changed to, so that is not left to the server's clearing: not every server undoes USE.
 */
async function clear(
  connection: RawConnection,
  { pool, driver }: OpenPool,
  signal: AbortSignal,
): Promise<boolean> {
  if (!used.has(connection)) {
    used.add(connection);
    return true;
  }
  const { reset } = connection;
  // Nothing clears a connection of the other driver; it is used once (see `release`).
  if (!reset) return false;
  const cleared = new Promise<boolean>((resolve) => reset.call(connection, (error) => resolve(!error)));
  if (!(await within(cleared, smallThingMs, () => false, signal))) return false;
  const { config } = pool as unknown as { readonly config: { readonly database?: string } };
  // The login's own default can't be named: such a connection is not used twice.
  if (!config.database) return false;
  const change = new driver.sql.Request(parentOf(pool, connection)).batch(
    `USE ${bracketed(config.database)}`,
  );
  const changed = change.then(
    () => true,
    () => false,
  );
  return within(changed, smallThingMs, () => false, signal);
}

/** What mssql's requests and transactions expect of the pool they belong to, with this connection alone. */
function parentOf(pool: ConnectionPool, lent: RawConnection): ConnectionPool {
  const { config, collation } = pool as unknown as { readonly config: object; readonly collation?: unknown };
  return {
    config,
    connected: true,
    collation,
    acquire(_: object, callback: (error: null, connection: RawConnection, config: object) => void) {
      setImmediate(callback, null, lent, config);
    },
    release: () => undefined,
  } as unknown as ConnectionPool;
}

async function borrow(pool: ConnectionPool, signal: AbortSignal): Promise<RawConnection> {
  const lender = pool as unknown as Lender;
  const acquiring = lender.acquire({});
  try {
    return await whileWanted(acquiring, signal);
  } catch (error) {
    // It may still come; then nobody wants it.
    acquiring.then(
      (connection) => lender.release(connection),
      () => undefined,
    );
    throw error;
  }
}

/** Borrows a connection, cleared. One that died in the pool is thrown away and the next one tried. */
export async function openSession(source: OpenPool, signal: AbortSignal): Promise<Session> {
  const { pool, driver } = source;
  const { sql } = driver;
  const lender = pool as unknown as Lender;
  const abandon = (connection: RawConnection) => {
    connection.hasError = true;
    // Closing is a word to the socket alone with tedious; the other driver would wait for the server.
    if (connection.reset) connection.close?.();
  };
  const borrowClear = async (): Promise<RawConnection> => {
    for (;;) {
      const connection = await borrow(pool, signal);
      const isClear = await clear(connection, source, signal).catch((error) => {
        abandon(connection);
        lender.release(connection);
        throw error;
      });
      if (isClear) return connection;
      abandon(connection);
      lender.release(connection);
    }
  };
  const lent = await borrowClear();
  const parent = parentOf(pool, lent);
  let transaction: Transaction | undefined;
  const levels: Readonly<Record<SqlIsolation, number>> = {
    read_uncommitted: sql.ISOLATION_LEVEL.READ_UNCOMMITTED,
    read_committed: sql.ISOLATION_LEVEL.READ_COMMITTED,
    repeatable_read: sql.ISOLATION_LEVEL.REPEATABLE_READ,
    serializable: sql.ISOLATION_LEVEL.SERIALIZABLE,
    snapshot: sql.ISOLATION_LEVEL.SNAPSHOT,
  };
  return {
    request: () => (transaction ? new sql.Request(transaction) : new sql.Request(parent)),
    async begin(isolation) {
      const opened = new sql.Transaction(parent);
      // An error may undo the transaction on the server's side; the failed query tells of it.
      opened.on('rollback', () => undefined);
      const beginning = opened.begin(isolation === undefined ? undefined : levels[isolation]);
      const late = () => {
        throw new SqlError('The server did not begin the transaction; nothing was run');
      };
      try {
        await within(beginning, transactionMs, late, signal);
      } catch (error) {
        // It may have begun all the same; nobody else may find it open.
        abandon(lent);
        throw error;
      }
      transaction = opened;
    },
    async commit() {
      if (!transaction) return;
      await within(transaction.commit(), transactionMs, () => {
        abandon(lent);
        throw new SqlError(
          `The server did not confirm the transaction within ${transactionMs / 1000} s; look whether it was kept`,
        );
      });
    },
    async rollback() {
      // A connection that is gone has undone it by going.
      if (!transaction || lent.hasError) return;
      const undone = transaction.rollback().catch(() => undefined);
      await within(undone, transactionMs, () => abandon(lent));
    },
    giveUp: () => abandon(lent),
    release() {
      // A connection that can't be cleared serves once.
      if (!lent.reset) lent.hasError = true;
      lender.release(lent);
    },
  };
}
