import type { SqlMessage } from '../../../../src-shared/model/sql-result';
import {
  SqlError,
  type SqlRequest,
  type SqlSink,
  type SqlTarget,
  type SqlValue,
} from '../../../core/ports/sql-client';
import type { ClosableSqlClient } from '../create-sql-client';
import { bindParameters } from './bind-parameters';
import { certificateOf, passwordDaysLeft } from './expiry';
import { type DriverError, explainSqlServerError } from './explain-error';
import type { SqlServerTarget } from './mssql-config';
import { driverParameter } from './parameter-types';
import { createPoolRegistry, type OpenPool } from './pools';
import { type DriverMessage, runBatch } from './run-batch';
import { openSession, type Session } from './session';
import { splitBatches } from './split-batches';
import { whileWanted } from './waiting';

/** What the server said, with lines that count in the whole script. */
function describer(firstLine: number): (message: DriverMessage) => SqlMessage {
  return ({ message, number, class: severity, lineNumber, procName }) => ({
    text: message,
    ...(severity === undefined ? {} : { severity }),
    ...(typeof number === 'number' ? { number } : {}),
    ...(lineNumber ? { line: procName ? lineNumber : firstLine + lineNumber - 1 } : {}),
    ...(procName ? { procedure: procName } : {}),
  });
}

interface Work {
  readonly session: Session;
  readonly pool: OpenPool;
  readonly request: SqlRequest;
  readonly sink: SqlSink;
  readonly signal: AbortSignal;
  readonly target: SqlServerTarget;
}

/** What every batch needs to know; `firstLine` is where it begins in the script. */
function rules(firstLine: number, { session, target, signal }: Omit<Work, 'sink' | 'request' | 'pool'>) {
  const describe = describer(firstLine);
  return {
    signal,
    silenceMs: target.command_timeout_seconds * 1000,
    giveUp: () => session.giveUp(),
    describe,
    explain(error: unknown, more: number): SqlError {
      const lineOf = (found: DriverError) => describe({ ...found, message: '' }).line;
      const explained = explainSqlServerError(error, target, lineOf);
      if (more === 0) return explained;
      const { number, line, procedure, cause, error_class } = explained;
      const text = `${explained.message} (and ${more} more ${more === 1 ? 'error' : 'errors'}, see the output)`;
      return new SqlError(text, {
        ...(number === undefined ? {} : { number }),
        ...(line === undefined ? {} : { line }),
        ...(procedure === undefined ? {} : { procedure }),
        error_class,
        cause,
      });
    },
  };
}

async function runProcedure(work: Work): Promise<void> {
  const { session, pool, request, sink } = work;
  const { sql } = pool.driver;
  const call = session.request();
  for (const parameter of request.parameters) {
    const { type, value } = driverParameter(parameter, sql);
    if (parameter.direction === 'in') {
      if (type === undefined) call.input(parameter.name, value);
      else call.input(parameter.name, type, value);
    } else if (type !== undefined) {
      call.output(parameter.name, type, parameter.direction === 'inout' ? value : undefined);
    }
  }
  const start = () => void call.execute(request.text, () => undefined);
  await runBatch({ request: call, start, sink, ...rules(1, work) });
}

async function runScript(work: Work): Promise<void> {
  const { session, pool, request, sink, signal } = work;
  const { sql } = pool.driver;
  const batches = splitBatches(request.text);
  if (batches.length === 0)
    throw new SqlError('the query holds no statement', { error_class: 'configuration' });
  for (const { text, first_line, times } of batches) {
    const bound = bindParameters(text, request.parameters);
    for (let time = 0; time < times; time += 1) {
      if (signal.aborted) throw new SqlError('The query was cancelled');
      const one = session.request();
      for (const parameter of bound.parameters) {
        const { type, value } = driverParameter(parameter, sql);
        if (type === undefined) one.input(parameter.name, value);
        else one.input(parameter.name, type, value);
      }
      // Only a plain batch leaves its temporary tables and SET options to the next one.
      const start = () =>
        bound.parameters.length === 0
          ? void one.batch(bound.text, () => undefined)
          : void one.query(bound.text, () => undefined);
      await runBatch({ request: one, start, sink, ...rules(first_line, work) });
    }
  }
}

const silent: SqlSink = {
  onColumns: () => undefined,
  onRow: () => undefined,
  onMessage: () => undefined,
  onRowsAffected: () => undefined,
};

/** SQL Server through mssql: a pool a login, a connection of its own for every query. */
export function createSqlServerClient(): ClosableSqlClient {
  const pools = createPoolRegistry();

  const serverTarget = (target: SqlTarget): SqlServerTarget => {
    if (target.driver !== 'sqlserver') throw new SqlError(`not a SQL Server target: ${target.driver}`);
    return target;
  };

  /** A failure of the way to the server, or of the server itself, in words. */
  const explained = async <T>(target: SqlServerTarget, step: () => Promise<T>): Promise<T> => {
    try {
      return await step();
    } catch (error) {
      throw explainSqlServerError(error, target);
    }
  };

  const connect = async (target: SqlServerTarget, signal: AbortSignal) => {
    if (signal.aborted) throw new SqlError('The query was cancelled');
    const pool = await whileWanted(pools.open(target), signal);
    return { pool, session: await openSession(pool, signal) };
  };

  const setIsolation = async (work: Work) => {
    const { session, request } = work;
    if (request.isolation === undefined) return;
    const set = session.request();
    const level = request.isolation.replaceAll('_', ' ').toUpperCase();
    const start = () => void set.batch(`SET TRANSACTION ISOLATION LEVEL ${level}`, () => undefined);
    await runBatch({ request: set, start, sink: silent, ...rules(1, work) });
  };

  const run = async (target: SqlServerTarget, request: SqlRequest, sink: SqlSink, signal: AbortSignal) => {
    const { pool, session } = await explained(target, () => connect(target, signal));
    const work = { session, pool, request, sink, signal, target };
    const execute = () => (request.kind === 'procedure' ? runProcedure(work) : runScript(work));
    try {
      if (!request.transaction) {
        await setIsolation(work);
        await execute();
        await sink.onEnd?.();
        return;
      }
      await explained(target, () => session.begin(request.isolation));
      try {
        await execute();
        await sink.onEnd?.();
      } catch (error) {
        await session.rollback();
        throw error;
      }
      await explained(target, () => session.commit());
    } finally {
      session.release();
    }
  };

  const oneValue = async (target: SqlServerTarget, text: string, signal: AbortSignal): Promise<SqlValue> => {
    let value: SqlValue = null;
    const sink: SqlSink = {
      ...silent,
      onRow: (row) => {
        value = row[0] ?? null;
      },
    };
    await run(target, { kind: 'script', text, parameters: [], transaction: false }, sink, signal);
    return value;
  };

  return {
    run: (target, request, sink, signal) => run(serverTarget(target), request, sink, signal),
    async test(target, signal) {
      const started = performance.now();
      const version = await oneValue(serverTarget(target), 'SELECT @@VERSION', signal);
      return {
        version: String(version ?? '').split('\n')[0] ?? '',
        milliseconds: Math.round(performance.now() - started),
      };
    },
    async expiry(target, signal) {
      const server = serverTarget(target);
      const [certificate, days] = await Promise.all([
        certificateOf(server, signal),
        // Not every server that speaks this protocol knows the function.
        server.login.kind === 'sql'
          ? oneValue(server, passwordDaysLeft, signal).catch(() => null)
          : undefined,
      ]);
      return {
        ...(certificate ? { certificate } : {}),
        ...(typeof days === 'number' ? { password_days_left: days } : {}),
      };
    },
    pools: () => pools.status(),
    forget: (connection_id) => pools.forget(connection_id),
    close: () => pools.close(),
  };
}
