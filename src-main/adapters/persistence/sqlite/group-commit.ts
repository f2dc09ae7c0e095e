import { type Kysely, sql } from 'kysely';
import type { Store } from '../../../core/ports/store';
import type { Engine } from '../engine';
import { createExecutionRepository } from '../execution-repository';
import { createStore } from '../store';
import type { Tables } from '../tables';

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

/** All in one transaction. Nobody is told before the commit that a write has held. */
async function commitTogether(db: Kysely<Tables>, group: readonly Waiting[]): Promise<void> {
  try {
    const results = await db.transaction().execute(async (transaction) => {
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
    group.forEach(({ resolve, reject }, index) => {
      try {
        resolve(results[index]?.());
      } catch (error) {
        reject(error);
      }
    });
  } catch (error) {
    for (const { reject } of group) reject(error);
  }
}

export interface CommitGroup {
  run<T>(work: Work<T>): Promise<T>;
  /** Resolves when nothing waits any more. */
  idle(): Promise<void>;
}

/**
 * Writes that come in while others are written share the next commit: with `synchronous = FULL` each commit waits
 * for the disk, and a hundred short runs would wait three hundred times. From one commit to the next at least
 * `spacingMs` pass; on an idle system nothing waits.
 */
export function createCommitGroup(db: Kysely<Tables>, spacingMs: number): CommitGroup {
  let waiting: Waiting[] = [];
  let flushing: Promise<void> | undefined;
  let lastCommit = Number.NEGATIVE_INFINITY;

  const flush = async () => {
    while (waiting.length > 0) {
      const pause = lastCommit + spacingMs - performance.now();
      if (pause > 1) await new Promise((resolve) => setTimeout(resolve, pause));
      const group = waiting;
      waiting = [];
      await commitTogether(db, group);
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
      await flushing;
    },
  };
}

/** The store with its transactions and its busiest write done in groups. */
export function withGroupCommit(store: Store, db: Kysely<Tables>, spacingMs: number, engine: Engine): Store {
  const group = createCommitGroup(db, spacingMs);
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
