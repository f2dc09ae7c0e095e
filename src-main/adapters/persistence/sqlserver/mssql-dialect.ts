import {
  type CompiledQuery,
  type DatabaseConnection,
  type Dialect,
  type Driver,
  type Kysely,
  MssqlAdapter,
  MssqlIntrospector,
  type QueryResult,
} from 'kysely';
import type { ConnectionPool, IRecordSet, Request, Transaction } from 'mssql';
import type { DriverColumn } from '../../sql/sqlserver/column-types';
import type { SqlServerDriver } from '../../sql/sqlserver/drivers';
import { SchemaCompiler } from './schema-compiler';
import { ComparedInstant } from './stored-form-plugin';

type Row = Record<string, unknown>;

function declarationOf({ type }: DriverColumn): string {
  return (type as { readonly declaration?: string } | undefined)?.declaration ?? '';
}

/** Values as the repositories know them from SQLite: instants as ISO text, bits as 0 and 1, ids as numbers. */
function readerOf(column: DriverColumn): ((value: unknown) => unknown) | undefined {
  switch (declarationOf(column)) {
    case 'datetime':
    case 'datetime2':
    case 'smalldatetime':
    case 'datetimeoffset':
    case 'date':
      return (value) => (value instanceof Date ? value.toISOString() : value);
    case 'bit':
      return (value) => (typeof value === 'boolean' ? Number(value) : value);
    case 'bigint':
      return (value) => (typeof value === 'string' ? Number(value) : value);
    default:
      return undefined;
  }
}

/** The rows of a result, brought into the stored form. */
export function readRows(recordset: IRecordSet<Row> | undefined): Row[] {
  if (!recordset) return [];
  const readers = Object.entries(recordset.columns as unknown as Record<string, DriverColumn>).flatMap(
    ([name, column]) => {
      const read = readerOf(column);
      return read ? [[name, read] as const] : [];
    },
  );
  for (const row of recordset) for (const [name, read] of readers) row[name] = read(row[name]);
  return [...recordset];
}

const isDeadlock = (error: unknown): boolean => (error as { number?: number } | null)?.number === 1205;

class MssqlConnection implements DatabaseConnection {
  transaction: Transaction | undefined;
  readonly #driver: SqlServerDriver;
  readonly pool: ConnectionPool;
  constructor(driver: SqlServerDriver, pool: ConnectionPool) {
    this.#driver = driver;
    this.pool = pool;
  }

  #request(): Request {
    const { sql } = this.#driver;
    return this.transaction ? new sql.Request(this.transaction) : new sql.Request(this.pool);
  }

  #bind(request: Request, name: string, value: unknown): void {
    if (!(value instanceof ComparedInstant)) request.input(name, value);
    else if (!this.#driver.bindsInstants) request.input(name, value.text);
    else {
      const { DateTime, DateTime2 } = this.#driver.sql;
      request.input(name, value.type === 'datetime' ? DateTime() : DateTime2(3), value.date);
    }
  }

  async executeQuery<R>({ sql, parameters }: CompiledQuery): Promise<QueryResult<R>> {
    for (let attempt = 1; ; attempt += 1) {
      const request = this.#request();
      parameters.forEach((value, index) => {
        this.#bind(request, String(index + 1), value);
      });
      try {
        const { recordset, rowsAffected } = await request.query<Row>(sql);
        return {
          rows: readRows(recordset) as R[],
          numAffectedRows: BigInt(rowsAffected[0] ?? 0),
        };
      } catch (error) {
        // The victim of a deadlock was undone whole; inside a transaction that is the caller's to repeat.
        if (!isDeadlock(error) || this.transaction || attempt >= 4) throw error;
      }
    }
  }

  // biome-ignore lint/correctness/useYield: no repository streams
  async *streamQuery<R>(): AsyncIterableIterator<QueryResult<R>> {
    throw new Error('streaming is not supported');
  }

  async begin(): Promise<void> {
    const transaction = new this.#driver.sql.Transaction(this.pool);
    // The server may undo it by itself; the query that brought it about tells of it.
    transaction.on('rollback', () => undefined);
    await transaction.begin();
    this.transaction = transaction;
  }

  async commit(): Promise<void> {
    await this.transaction?.commit();
    this.transaction = undefined;
  }

  async rollback(): Promise<void> {
    // A connection that is gone has undone it by going.
    await this.transaction?.rollback().catch(() => undefined);
    this.transaction = undefined;
  }
}

/** Kysely over a pool of mssql, whose driver is tedious or, for Windows logins, ODBC; Kysely's own knows only tedious. */
export class MssqlPoolDialect implements Dialect {
  readonly #driver: SqlServerDriver;
  readonly #pool: ConnectionPool;
  constructor(driver: SqlServerDriver, pool: ConnectionPool) {
    this.#driver = driver;
    this.#pool = pool;
  }

  createDriver(): Driver {
    return {
      init: async () => undefined,
      acquireConnection: async () => new MssqlConnection(this.#driver, this.#pool),
      beginTransaction: (connection) => (connection as MssqlConnection).begin(),
      commitTransaction: (connection) => (connection as MssqlConnection).commit(),
      rollbackTransaction: (connection) => (connection as MssqlConnection).rollback(),
      releaseConnection: async () => undefined,
      destroy: () => this.#pool.close(),
    };
  }
  createAdapter() {
    return new MssqlAdapter();
  }
  createQueryCompiler() {
    return new SchemaCompiler();
  }
  createIntrospector(db: Kysely<never>) {
    return new MssqlIntrospector(db);
  }
}
