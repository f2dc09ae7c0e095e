import type { Kysely } from 'kysely';
import { AppError } from '../../../../src-shared/errors';
import type { Logger } from '../../../core/ports/logger';
import type { RemoteLink, RemoteStatus } from '../../../core/ports/store';
import type { SqlServerTarget } from '../../sql/sqlserver/mssql-config';
import { storeFailure } from '../sqlserver/connect';
import type { Tables } from '../tables';
import { type Change, countChanges, refusals } from './changes';
import { sendNext } from './replicator';
import type { Ask } from './server-tables';
import { pullOlder } from './synchronise';
import { type OpenLink, within } from './watch-link';

/** A server that lets nobody in within this is away. */
const answerMs = 4000;
const batchMs = 30_000;
const pausesMs = [100, 300, 1000];
const lookMs = 150;

/** So many changes at once, fewer where they take the server long and more where it is quick. */
const fewestRows = 50;
const mostRows = 1000;
const quickMs = 400;
const slowMs = 1500;

export const linkLimits = { connectMs: answerMs, requestMs: batchMs, acquireMs: answerMs, max: 4 };

export interface Link extends RemoteLink {
  /** Begins to send; `open` is the way that the start has opened, or why there is none. */
  start(open: OpenLink | AppError): Promise<void>;
  /** Tells the server the rest if it is there, for a few seconds at most, and ends. */
  stop(): Promise<void>;
}

/** Keeps the server told: sends what changes here, waits for a server that is away, and says how it stands. */
export function createLink(deps: {
  readonly db: Kysely<Tables>;
  readonly target: SqlServerTarget;
  readonly logger: Logger;
  /** Whether a change is for the server; all are without it. */
  readonly isShared?: (change: Change) => boolean;
  /** Opens a new way and brings both sides together on it; `after` is why the last one ended. */
  readonly connect: (after: unknown) => Promise<OpenLink>;
  /** Tells the server that this program ends. */
  readonly release: (ask: Ask) => Promise<void>;
}): Link {
  const { db, target, logger } = deps;
  const server = `${target.server}, database ${target.database}`;
  const listeners = new Set<(status: RemoteStatus) => void>();
  let status: RemoteStatus = {
    state: 'behind',
    reason: null,
    since: Date.now(),
    server,
    waiting: 0,
    set_aside: 0,
    set_aside_reason: null,
  };
  let isStopping = false;
  let wake: () => void = () => undefined;
  let loop: Promise<void> = Promise.resolve();

  const pause = (ms: number) =>
    new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, ms);
      wake = () => {
        clearTimeout(timer);
        resolve();
      };
    });

  const tell = async (change: Partial<RemoteStatus>) => {
    const aside = await refusals(db);
    const before = status;
    const state = change.state ?? before.state;
    status = {
      ...before,
      ...change,
      waiting: await countChanges(db),
      set_aside: aside.length,
      set_aside_reason: aside.at(-1)?.reason ?? null,
      since: state === before.state ? before.since : Date.now(),
    };
    const isNews =
      before.state !== status.state ||
      before.reason !== status.reason ||
      before.set_aside !== status.set_aside;
    if (isNews) for (const listener of listeners) listener(status);
  };

  const goAway = async (error: unknown) => {
    const { message } = storeFailure(error, target);
    const wasAway = status.state === 'away';
    await tell({ state: 'away', reason: message });
    if (!wasAway)
      logger.error(
        `the database on ${server} is away: ${message}. Jobs go on; what they do is kept in the journal and written when it is back`,
        { waiting: status.waiting },
      );
  };

  const onRefused = (change: { table: string; row_key: string }, reason: string) =>
    logger.error(`a row of ${change.table} was refused by the database and is set aside: ${reason}`, {
      key: change.row_key,
    });

  /** Sends until nothing waits; then fetches older history, page by page; then looks again. */
  const serve = async (open: OpenLink): Promise<void> => {
    const wasAway = status.state === 'away';
    const started = performance.now();
    let sent = 0;
    let rows = 200;
    const older = new Set(open.tables.values());
    for (;;) {
      const asked = performance.now();
      const isMore = await Promise.race([
        sendNext({
          db,
          send: open.send,
          tables: open.tables,
          onRefused,
          rows,
          ...(deps.isShared ? { isShared: deps.isShared } : {}),
        }),
        open.lost,
      ]);
      if (isMore) {
        sent += 1;
        const took = performance.now() - asked;
        if (took < quickMs) rows = Math.min(mostRows, rows * 2);
        else if (took > slowMs) rows = Math.max(fewestRows, Math.round(rows / 2));
        if (status.state === 'away' || sent % 20 === 0) await tell({ state: 'behind', reason: null });
        continue;
      }
      if (status.state !== 'in_step') {
        await tell({ state: 'in_step', reason: null });
        if (wasAway)
          logger.info(
            `the database on ${server} is back and has everything (${((performance.now() - started) / 1000).toFixed(1)} s)`,
          );
      } else if (status.waiting > 0 || sent > 0) await tell({});
      sent = 0;
      if (isStopping) return;
      for (const table of older)
        if (!(await Promise.race([pullOlder(db, open.ask, table), open.lost]))) older.delete(table);
      if (older.size === 0) await Promise.race([pause(lookMs), open.lost]);
    }
  };

  const run = async (first: OpenLink | AppError) => {
    let open = first instanceof AppError ? undefined : first;
    let last: unknown = open ? undefined : first;
    for (let failures = 0; ; ) {
      try {
        open ??= await within(deps.connect(last), batchMs, 'The server did not answer');
        failures = 0;
        await serve(open);
        return open;
      } catch (error) {
        open?.close();
        open = undefined;
        last = error;
        if (isStopping) return undefined;
        await goAway(error);
        await pause(pausesMs[Math.min(failures, pausesMs.length - 1)] ?? 1000);
        failures += 1;
        if (isStopping) return undefined;
      }
    }
  };

  return {
    status: () => status,
    onChange(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    async start(first) {
      if (first instanceof AppError) await goAway(first);
      loop = run(first)
        .then(async (open) => {
          if (!open) return;
          await within(deps.release(open.ask), answerMs, 'no answer').catch(() => undefined);
          open.close();
        })
        .catch((error) => logger.error('the write-behind ended', { error: String(error) }));
    },
    async stop() {
      isStopping = true;
      wake();
      await within(loop, answerMs + 1000, 'the write-behind did not end').catch(() => undefined);
    },
  };
}
