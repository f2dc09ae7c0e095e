import { type Kysely, sql } from 'kysely';
import type { Store } from '../../../core/ports/store';
import type { Engine } from '../engine';
import { createExecutionRepository } from '../execution-repository';
import { createStore } from '../store';
import type { Tables } from '../tables';
import type { DiskSync } from './disk-sync';

type Work<T> = (db: Kysely<Tables>) => Promise<T>;

interface Waiting {
  readonly work: Work<unknown>;
  readonly resolve: (value: unknown) => void;
  readonly reject: (error: unknown) => void;
}

/** One of several in a transaction: what it wrote is undone when it fails, and only that. */
async function inSavepoint(transaction: Kysely<Tables>, { work }: Waiting): Promise<() => unknown> {
  await sql`savepoint one`.execute(transaction);
  try {
    const value = await work(transaction);
    await sql`release one`.execute(transaction);
    return () => value;
  } catch (error) {
    // Where even this fails the whole transaction is gone, as after a full disk.
    await sql`rollback to one`.execute(transaction).catch(() => {
      throw error;
    });
    return () => {
      throw error;
    };
  }
}

type Ended = readonly (() => unknown)[];

/** All in one transaction. */
function commitTogether(db: Kysely<Tables>, group: readonly Waiting[], disk?: DiskSync): Promise<Ended> {
  const commit = (on: Kysely<Tables>) =>
    on.transaction().execute(async (transaction) => {
      const ended: (() => unknown)[] = [];
      for (const one of group) {
        if (group.length > 1) ended.push(await inSavepoint(transaction, one));
        else {
          const value = await one.work(transaction);
          ended.push(() => value);
        }
      }
      return ended;
    });
  if (!disk) return commit(db);
  // The connection is ours alone for as long as its commits do not wait.
  return db.connection().execute((connection) => disk.withoutWaiting(() => commit(connection)));
}

/** Tells each what came of its write. */
function tell(group: readonly Waiting[], results: Ended): void {
  group.forEach(({ resolve, reject }, index) => {
    try {
      resolve(results[index]?.());
    } catch (error) {
      reject(error);
    }
  });
}

export interface CommitGroup {
  run<T>(work: Work<T>): Promise<T>;
  /** Resolves when nothing waits any more. */
  idle(): Promise<void>;
}

/**
 * Writes that come in while others are written share the next commit: with `synchronous = FULL` each commit waits
 * for the disk, and a hundred short runs would wait three hundred times. From one commit to the next at least
 * `spacingMs` pass; on an idle system nothing waits. Nobody is told that a write has held before it is on the disk;
 * with a `disk` to wait for, the next group is written meanwhile.
 */
export function createCommitGroup(db: Kysely<Tables>, spacingMs: number, disk?: DiskSync): CommitGroup {
  let waiting: Waiting[] = [];
  let flushing: Promise<void> | undefined;
  let lastCommit = Number.NEGATIVE_INFINITY;
  const telling = new Set<Promise<void>>();

  const commit = async (group: readonly Waiting[]) => {
    const refuse = (error: unknown) => {
      for (const { reject } of group) reject(error);
    };
    try {
      const results = await commitTogether(db, group, disk);
      if (!disk) return tell(group, results);
      const told = disk.onDisk().then(() => tell(group, results), refuse);
      telling.add(told);
      void told.finally(() => telling.delete(told));
    } catch (error) {
      refuse(error);
    }
  };

  const flush = async () => {
    while (waiting.length > 0) {
      const pause = lastCommit + spacingMs - performance.now();
      if (pause > 1) await new Promise((resolve) => setTimeout(resolve, pause));
      const group = waiting;
      waiting = [];
      await commit(group);
      lastCommit = performance.now();
    }
    flushing = undefined;
  };

  return {
    run: <T>(work: Work<T>) =>
      new Promise<T>((resolve, reject) => {
        waiting.push({ work, resolve: resolve as (value: unknown) => void, reject });
        flushing ??= flush();
      }),
    async idle() {
      while (flushing || telling.size > 0) await Promise.all([flushing, ...telling]);
    },
  };
}

/** The store with its transactions and its busiest write done in groups. */
export function withGroupCommit(
  store: Store,
  db: Kysely<Tables>,
  options: { readonly spacingMs: number; readonly engine: Engine; readonly disk?: DiskSync | undefined },
): Store {
  const { engine } = options;
  const group = createCommitGroup(db, options.spacingMs, options.disk);
  const close = async () => {
    await group.idle();
    await store.close();
  };
  return {
    ...store,
    executions: {
      ...store.executions,
      update: (execution_id, patch) =>
        group.run((inside) => createExecutionRepository(inside, engine).update(execution_id, patch)),
    },
    transaction: (work) => group.run((inside) => work(createStore(inside, engine, close))),
    close,
  };
}
