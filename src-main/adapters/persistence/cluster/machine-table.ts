import { AppError } from '../../../../src-shared/errors';
import type { MachineState } from '../../../../src-shared/model/machine';
import type { Machine } from '../../../core/ports/cluster';
import type { Ask } from '../write-behind/server-tables';

/** A machine that was not heard of for so long may be given up by the others, by the server's clock. */
export const leaseSeconds = 15;
const table = '[dbo].[machines]';

/** What a program tells the others of itself. */
export interface Self {
  readonly node: string;
  /** Names this process; rows it owns carry it. */
  readonly instance: string;
  /** Of its data folder: the same folder takes over from its own earlier life at once. */
  readonly journal: string;
  readonly host: string;
  readonly pid: number;
  readonly version: string;
  readonly tags: readonly string[];
  readonly address: () => string | null;
}

/** A machine as the table has it, with how long its lease has been over (ms, below 0 while it holds). */
export interface KnownMachine extends Machine {
  readonly written: MachineState;
  readonly over: number;
}

interface MachineRow {
  readonly node: string;
  readonly fence: number;
  readonly state: string;
  readonly host: string;
  readonly version: string;
  readonly tags: string;
  readonly address: string | null;
  readonly running: number;
  readonly started: string;
  readonly seen: string;
  readonly over: number;
}

const lease = `[last_seen] = GETUTCDATE(), [lease_until] = DATEADD(second, ${leaseSeconds}, GETUTCDATE())`;
const instant = (text: string): number => Date.parse(`${text}Z`);

/**
 * Enters this program, under a number higher than any the machine had before. Throws `conflict` while another program
 * that is alive calls itself so.
 */
export async function enter(ask: Ask, self: Self): Promise<number> {
  const [row] = await ask<{ n: number }>(
    `UPDATE ${table} SET [instance] = @instance, [journal] = @journal, [fence] = [fence] + 1, [state] = N'alive',
       [host] = @host, [pid] = @pid, [version] = @version, [tags] = @tags, [address] = @address, [running] = 0,
       [started_date] = GETUTCDATE(), ${lease}
     WHERE [node] = @node AND ([journal] = @journal OR [state] <> N'alive' OR [lease_until] < GETUTCDATE());
     SELECT @@ROWCOUNT AS n`,
    (request) => bindSelf(request, self),
  );
  if (Number(row?.n) === 0) {
    const [held] = await ask<{ host: string; pid: number }>(
      `SELECT [host], [pid] FROM ${table} WHERE [node] = @node`,
      (request) => request.input('node', self.node),
    );
    if (held)
      throw new AppError(
        'conflict',
        `cluster.node: another program calls itself "${self.node}" (process ${held.pid} on ${held.host}) and is alive; give each machine a name of its own`,
      );
    await ask(
      `INSERT INTO ${table} ([node], [instance], [journal], [fence], [state], [host], [pid], [version], [tags], [address],
         [running], [started_date], [last_seen], [lease_until])
       VALUES (@node, @instance, @journal, 1, N'alive', @host, @pid, @version, @tags, @address, 0, GETUTCDATE(),
         GETUTCDATE(), DATEADD(second, ${leaseSeconds}, GETUTCDATE()))`,
      (request) => bindSelf(request, self),
    );
  }
  const [now] = await ask<{ fence: number; instance: string }>(
    `SELECT [fence], [instance] FROM ${table} WHERE [node] = @node`,
    (request) => request.input('node', self.node),
  );
  if (now?.instance !== self.instance)
    throw new AppError('conflict', `cluster.node: another program has just taken the name "${self.node}"`);
  return Number(now.fence);
}

function bindSelf(request: Parameters<NonNullable<Parameters<Ask>[1]>>[0], self: Self): void {
  request.input('node', self.node);
  request.input('instance', self.instance);
  request.input('journal', self.journal);
  request.input('host', self.host.slice(0, 255));
  request.input('pid', self.pid);
  request.input('version', self.version.slice(0, 40));
  request.input('tags', JSON.stringify(self.tags));
  request.input('address', self.address());
}

/** Renews the lease. False when the machine was given up, or somebody else goes by its name. */
export async function renew(ask: Ask, self: Self, fence: number, running: number): Promise<boolean> {
  const [row] = await ask<{ n: number }>(
    `UPDATE ${table} SET [running] = @running, [address] = @address, ${lease}
     WHERE [node] = @node AND [instance] = @instance AND [fence] = @fence AND [state] = N'alive';
     SELECT @@ROWCOUNT AS n`,
    (request) =>
      request
        .input('node', self.node)
        .input('instance', self.instance)
        .input('address', self.address())
        .input('fence', fence)
        .input('running', running),
  );
  return Number(row?.n) > 0;
}

/** All machines that were ever here, by name. */
export async function listMachines(ask: Ask): Promise<KnownMachine[]> {
  const rows = await ask<MachineRow>(
    `SELECT [node], [fence], [state], [host], [version], [tags], [address], [running],
       CONVERT(nvarchar(30), [started_date], 126) AS [started], CONVERT(nvarchar(30), [last_seen], 126) AS [seen],
       DATEDIFF(millisecond, [lease_until], GETUTCDATE()) AS [over]
     FROM ${table} WHERE [last_seen] > DATEADD(day, -20, GETUTCDATE()) ORDER BY [node]`,
  );
  return rows.map(({ started, seen, tags, state, ...row }) => {
    const written = state as MachineState;
    const over = Number(row.over);
    return {
      ...row,
      written,
      over,
      state: written === 'alive' && over > 0 ? 'silent' : written,
      tags: JSON.parse(tags) as string[],
      running: written === 'alive' ? Number(row.running) : 0,
      fence: Number(row.fence),
      started: instant(started),
      last_seen: instant(seen),
    };
  });
}

/** Gives up a machine whose lease is over: true for the one that did it. What it still holds is then anybody's. */
export async function giveUp(ask: Ask, node: string, fence: number): Promise<boolean> {
  const [row] = await ask<{ n: number }>(
    `UPDATE ${table} SET [state] = N'dead', [fence] = [fence] + 1, [running] = 0
     WHERE [node] = @node AND [fence] = @fence AND [state] = N'alive' AND [lease_until] < GETUTCDATE();
     SELECT @@ROWCOUNT AS n`,
    (request) => request.input('node', node).input('fence', fence),
  );
  return Number(row?.n) > 0;
}

/** This program ends in order: the others need not wait for its lease. */
export async function stepOut(ask: Ask, self: Self, fence: number): Promise<void> {
  await ask(
    `UPDATE ${table} SET [state] = N'stopped', [fence] = [fence] + 1, [running] = 0, [last_seen] = GETUTCDATE()
     WHERE [node] = @node AND [instance] = @instance AND [fence] = @fence`,
    (request) => request.input('node', self.node).input('instance', self.instance).input('fence', fence),
  );
}
