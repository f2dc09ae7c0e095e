import { AppError } from '../../../src-shared/errors';
import type { Connection, ConnectionChanges, ConnectionInput } from '../../../src-shared/model/connection';
import type { EventBus } from '../events/event-bus';
import type { JobRegistry } from '../jobs/job-registry';
import type { Clock } from '../ports/clock';
import type { SecretBox } from '../ports/secret-box';
import { type SqlClient, SqlError, type SqlTarget } from '../ports/sql-client';
import type { ConnectionRecord, ConnectionRepository } from '../ports/store';
import type { Timer } from '../ports/timer';
import type { Redactor } from '../secrets/redactor';

/** Saved database logins. Passwords go in and never come out. */
export interface ConnectionService {
  list(): Promise<Connection[]>;
  get(connection_id: string): Promise<Connection>;
  create(input: ConnectionInput, by: string): Promise<Connection>;
  update(connection_id: string, changes: ConnectionChanges): Promise<Connection>;
  remove(connection_id: string): Promise<void>;
  test(
    connection_id: string,
  ): Promise<{ success: boolean; message: string; version?: string; duration_seconds?: number }>;
  /** Opens a connection for a job. Throws `not_found`, or `conflict` when it is switched off. */
  resolve(connection_id: string): Promise<SqlTarget>;
}

const testLimitMs = 60_000;

function isSqlite(record: { readonly driver: string }): boolean {
  return record.driver.trim().toLowerCase() === 'sqlite';
}

function warningsOf(record: ConnectionRecord): string[] {
  if (isSqlite(record)) return [];
  const warnings: string[] = [];
  if (!record.encrypt)
    warnings.push('encrypt is off: queries, results and possibly the login cross the network in the clear');
  if (record.trust_server_certificate) {
    warnings.push('trust_server_certificate is on: the server is not verified and can be impersonated');
  }
  return warnings;
}

function view(record: ConnectionRecord): Connection {
  const { password, created_date, modified_date, ...rest } = record;
  return {
    ...rest,
    has_password: password !== null,
    created_date: new Date(created_date).toISOString(),
    modified_date: new Date(modified_date).toISOString(),
    warnings: warningsOf(record),
  };
}

export function createConnectionService(deps: {
  readonly connections: ConnectionRepository;
  readonly registry: JobRegistry;
  readonly secrets: SecretBox;
  readonly redactor: Redactor;
  readonly sqlClient: SqlClient;
  readonly events: EventBus;
  readonly clock: Clock;
  readonly timer: Timer;
}): ConnectionService {
  const find = async (connection_id: string): Promise<ConnectionRecord> => {
    const record = await deps.connections.get(connection_id);
    if (!record) throw new AppError('not_found', `There is no connection "${connection_id}"`);
    return record;
  };

  /** Logins need a user, files need none: told at save, not at the first run. */
  const check = (record: ConnectionRecord): void => {
    const refuse = (path: string, message: string) => {
      throw new AppError('validation_failed', `${path}: ${message}`, {
        issues: [{ path, message, severity: 'error' }],
      });
    };
    if (isSqlite(record)) return;
    if (!record.server_name) refuse('server_name', 'must not be empty for SQL Server');
    if (!record.trusted_connection && !record.username) {
      refuse('username', 'is needed when trusted_connection is false');
    }
  };

  const target = (record: ConnectionRecord): SqlTarget => {
    if (isSqlite(record)) {
      return {
        driver: 'sqlite',
        file: record.database_name,
        command_timeout_seconds: record.command_timeout,
      };
    }
    const password = record.password === null ? null : deps.secrets.open(record.password);
    // From here on it can turn up in a message or an output.
    if (password !== null) deps.redactor.learn(`connection:${record.connection_id}`, [password]);
    return {
      driver: 'sqlserver',
      server: record.server_name,
      port: record.port,
      database: record.database_name,
      trusted_connection: record.trusted_connection,
      username: record.username,
      password,
      odbc_driver: record.driver,
      encrypt: record.encrypt,
      trust_server_certificate: record.trust_server_certificate,
      connection_timeout_seconds: record.connection_timeout,
      command_timeout_seconds: record.command_timeout,
    };
  };

  const usersOf = (connection_id: string): string[] =>
    deps.registry
      .all()
      .filter(({ definition }) => {
        const { connection } = definition.config;
        return typeof connection === 'object' && connection !== null && 'connection_id' in connection
          ? connection.connection_id === connection_id
          : false;
      })
      .map((job) => job.record.job_id);

  return {
    async list() {
      return (await deps.connections.list()).map(view);
    },
    async get(connection_id) {
      return view(await find(connection_id));
    },
    async create(input, by) {
      const now = deps.clock.now();
      const { password, ...columns } = input;
      const record: ConnectionRecord = {
        ...columns,
        password: password ? deps.secrets.seal(password) : null,
        created_date: now,
        modified_date: now,
        created_by: by.slice(0, 255),
      };
      check(record);
      if (!(await deps.connections.insert(record))) {
        throw new AppError('conflict', `Connection "${input.connection_id}" exists already`);
      }
      deps.events.publish('connection.changed', { connection_id: input.connection_id });
      return view(record);
    },
    async update(connection_id, { password, ...changes }) {
      const known = await find(connection_id);
      const sealed = password === undefined ? known.password : password ? deps.secrets.seal(password) : null;
      const record = { ...known, ...changes, password: sealed, modified_date: deps.clock.now() };
      check(record);
      if (!(await deps.connections.update(record))) {
        throw new AppError('not_found', `There is no connection "${connection_id}"`);
      }
      deps.events.publish('connection.changed', { connection_id });
      return view(record);
    },
    async remove(connection_id) {
      await find(connection_id);
      const users = usersOf(connection_id);
      if (users.length > 0) {
        const named =
          users.slice(0, 5).join(', ') + (users.length > 5 ? ` and ${users.length - 5} more` : '');
        throw new AppError('conflict', `Connection "${connection_id}" is used by ${named}`);
      }
      await deps.connections.remove(connection_id);
      deps.events.publish('connection.changed', { connection_id });
    },
    async test(connection_id) {
      const opened = target(await find(connection_id));
      const abort = new AbortController();
      const cancel = deps.timer.after(testLimitMs, () => abort.abort());
      try {
        const { version, milliseconds } = await deps.sqlClient.test(opened, abort.signal);
        return { success: true, message: 'Connected', version, duration_seconds: milliseconds / 1000 };
      } catch (error) {
        // A refusal is the answer of a test, not a failed request.
        if (error instanceof SqlError) return { success: false, message: error.message };
        if (abort.signal.aborted)
          return { success: false, message: `No answer within ${testLimitMs / 1000} s` };
        throw error;
      } finally {
        cancel();
      }
    },
    async resolve(connection_id) {
      const record = await find(connection_id);
      if (!record.is_active)
        throw new AppError('conflict', `Connection "${connection_id}" is switched off (is_active)`);
      return target(record);
    },
  };
}
