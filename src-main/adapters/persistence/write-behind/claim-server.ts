import { AppError } from '../../../../src-shared/errors';
import type { Ask } from './server-tables';

/** A program that writes says so every few seconds; one that was silent for this long is gone. */
const silentSeconds = 20;

/** Facts that stand on the server alone begin with this. */
export const serverFact = 'server:';
const writerFact = `${serverFact}writer`;
const identityFact = `${serverFact}identity`;

/** Who writes into this database, as it says so itself. */
export interface Writer {
  /** Of the journal, so that the same data folder takes over from itself after a crash. */
  readonly journal: string;
  readonly machine: string;
  readonly pid: number;
}

interface Held extends Writer {
  /** As it stands there, to be replaced by nobody else meanwhile. */
  readonly text: string;
  readonly silent: number;
}

async function look(ask: Ask): Promise<{ readonly now: string; readonly held: Held | undefined }> {
  const [row] = await ask<{ now: string; value: string | null }>(
    `SELECT CONVERT(nvarchar(30), GETUTCDATE(), 126) AS [now],
       (SELECT [value] FROM [dbo].[facts] WHERE [name] = N'${writerFact}') AS [value]`,
  );
  const now = row?.now ?? '';
  if (!row?.value) return { now, held: undefined };
  try {
    const found = JSON.parse(row.value) as Writer & { readonly at: string };
    const silent = (Date.parse(`${now}Z`) - Date.parse(`${found.at}Z`)) / 1000;
    return {
      now,
      held: { ...found, text: row.value, silent: Number.isNaN(silent) ? silentSeconds + 1 : silent },
    };
  } catch {
    return { now, held: { journal: '', machine: '', pid: 0, text: row.value, silent: silentSeconds + 1 } };
  }
}

/**
 * Says on the server that this program writes there. Throws `conflict` while another one does: two that each keep
 * their own journal would give out the same ids. The server's clock counts.
 */
export async function claimServer(ask: Ask, { journal, machine, pid }: Writer): Promise<void> {
  const { now, held } = await look(ask);
  const value = JSON.stringify({ journal, machine, pid, at: now });
  if (!held) {
    await ask(`INSERT INTO [dbo].[facts] ([name], [value]) VALUES (N'${writerFact}', @value)`, (request) =>
      request.input('value', value),
    );
    return;
  }
  if (held.journal !== journal && Math.abs(held.silent) <= silentSeconds) {
    throw new AppError(
      'conflict',
      `Another Job Scheduler works on this database: process ${held.pid} on ${held.machine}, heard of ${Math.round(held.silent)} s ago; stop it (after a crash, wait ${silentSeconds} s), or name another database`,
    );
  }
  const [taken] = await ask<{ n: number }>(
    `UPDATE [dbo].[facts] SET [value] = @value WHERE [name] = N'${writerFact}' AND CAST([value] AS nvarchar(4000)) = @seen;
     SELECT @@ROWCOUNT AS n`,
    (request) => request.input('value', value).input('seen', held.text),
  );
  if (Number(taken?.n) === 0)
    throw new AppError(
      'conflict',
      'Another Job Scheduler has just begun to work on this database; stop one of them',
    );
}

/** The machines of a cluster write under one name, which keeps a program without one away. */
export async function claimForCluster(ask: Ask, node: string): Promise<void> {
  await claimServer(ask, { journal: 'cluster', machine: `the cluster (${node})`, pid: process.pid }).catch(
    async (error: unknown) => {
      const { held } = await look(ask);
      // Another machine of the cluster was quicker: that is as good.
      if (held?.journal !== 'cluster') throw error;
    },
  );
}

/** Gives the claim back, so that another may begin at once. */
export async function releaseServer(ask: Ask, { journal }: Writer): Promise<void> {
  const { held } = await look(ask);
  if (held?.journal === journal) await ask(`DELETE FROM [dbo].[facts] WHERE [name] = N'${writerFact}'`);
}

/** What tells this database from every other, also after it was moved or renamed; made with `fresh` the first time. */
export async function identityOf(ask: Ask, fresh: string): Promise<string> {
  const find = () =>
    ask<{ value: string }>(`SELECT [value] FROM [dbo].[facts] WHERE [name] = N'${identityFact}'`);
  const [known] = await find();
  if (known) return known.value;
  await ask(`INSERT INTO [dbo].[facts] ([name], [value]) VALUES (N'${identityFact}', @value)`, (request) =>
    request.input('value', fresh),
  );
  return (await find())[0]?.value ?? fresh;
}
