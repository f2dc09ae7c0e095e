import type { QueryAnswer } from '../../../src-shared/contract/connections';
import { AppError } from '../../../src-shared/errors';
import type { Connection, ConnectionChanges, ConnectionInput } from '../../../src-shared/model/connection';
import type { EventBus } from '../events/event-bus';
import type { JobRegistry } from '../jobs/job-registry';
import type { Clock } from '../ports/clock';
import type { Logger } from '../ports/logger';
import type { SecretBox } from '../ports/secret-box';
import { type SqlClient, SqlError, type SqlPoolStatus, type SqlTarget } from '../ports/sql-client';
import type { ConnectionRecord, ConnectionRepository } from '../ports/store';
import type { Timer } from '../ports/timer';
import type { Redactor } from '../secrets/redactor';
import { type AdHocQuery, runAdHocQuery } from './ad-hoc-query';
import { checkConnection, toTarget, weaknesses } from './connection-target';

/** Saved database logins. Passwords go in and never come out. */
export interface ConnectionService {
  /** Reads which there are; once, before the first job is checked. */
  load(): Promise<void>;
  /** Ids of those that were loaded, made and not removed here. */
  readonly ids: ReadonlySet<string>;
  list(): Promise<Connection[]>;
  get(connection_id: string): Promise<Connection>;
  create(input: ConnectionInput, by: string): Promise<Connection>;
  update(connection_id: string, changes: ConnectionChanges): Promise<Connection>;
  remove(connection_id: string): Promise<void>;
  test(
    connection_id: string,
  ): Promise<{ success: boolean; message: string; version?: string; duration_seconds?: number }>;
  /** Runs a query for someone who looks at its first rows. Throws `not_found`, or `conflict` when switched off. */
  query(connection_id: string, query: AdHocQuery): Promise<QueryAnswer>;
  /** How full the pools of open connections are. */
  pools(): readonly SqlPoolStatus[];
  /** Opens a connection for a job. Throws `not_found`, or `conflict` when it is switched off. */
  resolve(connection_id: string): Promise<SqlTarget>;
}

const testLimitMs = 60_000;

export function createConnectionService(deps: {
  readonly connections: ConnectionRepository;
  readonly registry: JobRegistry;
  readonly secrets: SecretBox;
  readonly redactor: Redactor;
  readonly sqlClient: SqlClient;
  readonly events: EventBus;
  readonly clock: Clock;
  readonly timer: Timer;
  readonly logger: Logger;
}): ConnectionService {
  const ids = new Set<string>();
  const find = async (connection_id: string): Promise<ConnectionRecord> => {
    const record = await deps.connections.get(connection_id);
    if (!record) throw new AppError('not_found', `There is no connection "${connection_id}"`);
    return record;
  };

  const view = (record: ConnectionRecord, users = usersByConnection()): Connection => {
    const { password, created_date, modified_date, last_test, ...rest } = record;
    const pool = deps.sqlClient.pools().find((one) => one.connection_id === record.connection_id);
    return {
      ...rest,
      has_password: password !== null,
      created_date: new Date(created_date).toISOString(),
      modified_date: new Date(modified_date).toISOString(),
      warnings: weaknesses(record),
      used_by: [...(users.get(record.connection_id) ?? [])],
      last_test: last_test && {
        time: new Date(last_test.time).toISOString(),
        success: last_test.success,
        message: last_test.message,
        version: last_test.version,
        duration_seconds: last_test.milliseconds === null ? null : last_test.milliseconds / 1000,
      },
      pool: pool ? { max: pool.max, open: pool.open, in_use: pool.in_use, waiting: pool.waiting } : null,
    };
  };

  /** Weakening a connection is an admin's right, and is never silent. */
  const tellWeakness = (record: ConnectionRecord, before?: ConnectionRecord) => {
    const known = before ? weaknesses(before) : [];
    for (const weakness of weaknesses(record).filter((one) => !known.includes(one)))
      deps.logger.warning(`Connection "${record.connection_id}": ${weakness}`);
  };

  const opened = (record: ConnectionRecord): SqlTarget =>
    toTarget(record, (sealed) => {
      const password = deps.secrets.open(sealed);
      // From here on it can turn up in a message or an output.
      deps.redactor.learn(`connection:${record.connection_id}`, [password]);
      return password;
    });

  const openOf = async (connection_id: string): Promise<SqlTarget> => {
    const record = await find(connection_id);
    if (!record.is_active)
      throw new AppError('conflict', `Connection "${connection_id}" is switched off (is_active)`);
    return opened(record);
  };

  const testNow = async (target: SqlTarget) => {
    const abort = new AbortController();
    const cancel = deps.timer.after(testLimitMs, () => abort.abort());
    try {
      const { version, milliseconds } = await deps.sqlClient.test(target, abort.signal);
      return { success: true, message: 'Connected', version, milliseconds };
    } catch (error) {
      if (abort.signal.aborted) {
        const message = `No answer within ${testLimitMs / 1000} s`;
        return { success: false, message, version: null, milliseconds: null };
      }
      // A refusal is the answer of a test, not a failed request.
      if (error instanceof SqlError)
        return { success: false, message: error.message, version: null, milliseconds: null };
      throw error;
    } finally {
      cancel();
    }
  };

  /** The ids of jobs by the connection they name. */
  const usersByConnection = (): ReadonlyMap<string, readonly string[]> => {
    const users = new Map<string, string[]>();
    for (const { definition, record } of deps.registry.all()) {
      const { connection } = definition.config;
      if (typeof connection !== 'object' || connection === null || !('connection_id' in connection)) continue;
      const id = String(connection.connection_id);
      const known = users.get(id);
      if (known) known.push(record.job_id);
      else users.set(id, [record.job_id]);
    }
    return users;
  };
  const usersOf = (connection_id: string) => usersByConnection().get(connection_id) ?? [];

  return {
    ids,
    async load() {
      ids.clear();
      for (const { connection_id } of await deps.connections.list()) ids.add(connection_id);
    },
    async list() {
      const users = usersByConnection();
      return (await deps.connections.list()).map((record) => view(record, users));
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
        last_test: null,
      };
      checkConnection(record);
      if (!(await deps.connections.insert(record))) {
        throw new AppError('conflict', `Connection "${input.connection_id}" exists already`);
      }
      ids.add(record.connection_id);
      tellWeakness(record);
      deps.events.publish('connection.changed', { connection_id: input.connection_id });
      return view(record);
    },
    async update(connection_id, { password, ...changes }) {
      const known = await find(connection_id);
      const sealed = password === undefined ? known.password : password ? deps.secrets.seal(password) : null;
      const record = { ...known, ...changes, password: sealed, modified_date: deps.clock.now() };
      checkConnection(record);
      if (!(await deps.connections.update(record))) {
        throw new AppError('not_found', `There is no connection "${connection_id}"`);
      }
      tellWeakness(record, known);
      // What is open was opened with the old settings.
      deps.sqlClient.forget(connection_id);
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
      ids.delete(connection_id);
      deps.sqlClient.forget(connection_id);
      deps.events.publish('connection.changed', { connection_id });
    },
    async test(connection_id) {
      const target = opened(await find(connection_id));
      const tested = await testNow(target);
      await deps.connections.noteTest(connection_id, { time: deps.clock.now(), ...tested });
      deps.events.publish('connection.changed', { connection_id });
      const { success, message, version, milliseconds } = tested;
      return success
        ? { success, message, version: version ?? '', duration_seconds: (milliseconds ?? 0) / 1000 }
        : { success, message };
    },
    async query(connection_id, query) {
      return deps.redactor.value(await runAdHocQuery(query, await openOf(connection_id), deps));
    },
    pools: () => deps.sqlClient.pools(),
    resolve: openOf,
  };
}
