import { openOwner } from '../../../core/ports/cluster';
import type { ExecutionRecord, NewExecution } from '../../../core/ports/store';
import { toRow } from '../execution-repository';
import type { ServerPool } from '../sqlserver/connect';
import type { Row } from '../write-behind/local-rows';
import { type Ask, bindValue, bracketed, fetchRows, type ServerTable } from '../write-behind/server-tables';

/** Who asks, and under which number of its lease. */
export interface Holder {
  readonly node: string;
  readonly instance: string;
  readonly fence: number;
}

/** A slot that has a row on the server. */
interface Held {
  readonly execution_id: number;
  readonly machine: string | null;
  readonly owner: string | null;
}

const slotOf = (job_id: unknown, slot_key: unknown): string => `${job_id} ${slot_key}`;
const text = (value: string): string => `N'${value.replaceAll("'", "''")}'`;
/** The machine still holds its lease under this number. */
const holds = `EXISTS (SELECT 1 FROM [dbo].[machines] WHERE [node] = @node AND [fence] = @fence AND [state] = N'alive')`;
const mostSlots = 200;
const mostOrphans = 500;
/** Of a row that is nobody's yet. */
export const openFence = -1;

/** Rows of executions written straight to the server, each only if it is free. */
export interface SlotClaims {
  /** The slots of these that have a row already. */
  held(rows: readonly NewExecution[]): Promise<ReadonlyMap<string, Held>>;
  /** The insert is the claim: false when the slot has a row, or the lease is lost. Never throws for a taken slot. */
  insert(row: NewExecution, execution_id: number, holder: Holder): Promise<boolean>;
  exists(execution_id: number): Promise<boolean>;
  /** A waiting row begins to run, if it is the holder's and still waits; again, if the answer was lost. */
  begin(row: ExecutionRecord, holder: Holder): Promise<boolean>;
  /** A waiting row of a machine that is gone becomes the holder's, if nobody was quicker. */
  take(row: Row, holder: Holder): Promise<boolean>;
  /** A row of a machine that is gone ends; false when somebody else has done it. */
  end(
    execution_id: number,
    fence: number,
    patch: { readonly at: string; readonly seconds: number; readonly message: string },
  ): Promise<boolean>;
  /** Rows of this process that have not begun. */
  ofProcess(holder: Holder): Promise<number[]>;
  /** A row of this process may be taken by any machine, unless it has begun, be it at this very moment. */
  free(execution_id: number, holder: Holder): Promise<boolean>;
  /** Unfinished rows of machines that were given up or have stopped, with the number that machine has now. */
  orphans(): Promise<
    readonly (Row & { readonly now_fence: number; readonly seen: string; readonly gone: string })[]
  >;
}

export const slotText = (row: Pick<NewExecution, 'job_id' | 'slot_key'>): string =>
  slotOf(row.job_id, row.slot_key);

export function createSlotClaims(ask: Ask, { driver }: ServerPool, table: ServerTable): SlotClaims {
  const { full } = table;
  const affected = async (statement: string, bind: Parameters<Ask>[1]): Promise<boolean> => {
    const [row] = await ask<{ n: number }>(`${statement};\nSELECT @@ROWCOUNT AS n`, bind);
    return Number(row?.n) > 0;
  };

  const insert = async (columns: Record<string, unknown>, free: string, holder: Holder): Promise<boolean> => {
    const names = Object.keys(columns).filter((name) => table.types.has(name));
    const identity = (state: 'ON' | 'OFF') =>
      table.isIdentity ? `SET IDENTITY_INSERT ${full} ${state};\n` : '';
    try {
      const [row] = await ask<{ n: number }>(
        `${identity('ON')}INSERT INTO ${full} (${names.map(bracketed).join(', ')}, [changed_date])
         SELECT ${names.map((_, index) => `@p${index}`).join(', ')}, GETUTCDATE() WHERE ${free} AND ${holds};
         SELECT @@ROWCOUNT AS n;\n${identity('OFF')}`,
        (request) => {
          names.forEach((name, index) => {
            bindValue(request, driver.sql, `p${index}`, table.types.get(name) ?? 'nvarchar', columns[name]);
          });
          request.input('node', holder.node).input('fence', holder.fence);
          if (free.includes('@slot'))
            request.input('job', String(columns.job_id)).input('slot', String(columns.slot_key));
          else request.input('id', Number(columns.execution_id));
        },
      );
      return Number(row?.n) > 0;
    } catch (error) {
      const number = (error as { number?: number } | null)?.number;
      // Two at the same instant: the unique row lets one through.
      if (number === 2627 || number === 2601) return false;
      throw error;
    }
  };

  const ownColumns = (row: NewExecution, holder: Holder) => ({
    ...toRow(row),
    machine: holder.node,
    // Below every number a machine can have: free to be taken.
    fence: row.owner === openOwner ? openFence : holder.fence,
  });

  return {
    async held(rows) {
      const found = new Map<string, Held>();
      for (let at = 0; at < rows.length; at += mostSlots) {
        const part = rows.slice(at, at + mostSlots);
        const jobs = [...new Set(part.map((row) => text(row.job_id)))].join(', ');
        const slots = [...new Set(part.map((row) => text(row.slot_key ?? '')))].join(', ');
        const there = await ask<Held & { job_id: string; slot_key: string }>(
          `SELECT [execution_id], [job_id], [slot_key], [machine], [owner] FROM ${full}
           WHERE [slot_key] IN (${slots}) AND [job_id] IN (${jobs})`,
        );
        for (const { job_id, slot_key, ...held } of there)
          found.set(slotOf(job_id, slot_key), { ...held, execution_id: Number(held.execution_id) });
      }
      return found;
    },
    insert: (row, execution_id, holder) =>
      insert(
        { ...ownColumns(row, holder), execution_id },
        `NOT EXISTS (SELECT 1 FROM ${full} WHERE [job_id] = @job AND [slot_key] = @slot)`,
        holder,
      ),
    async exists(execution_id) {
      return (await ask(`SELECT 1 AS n FROM ${full} WHERE [execution_id] = ${execution_id}`)).length > 0;
    },
    async begin(row, holder) {
      const isBegun = await affected(
        `UPDATE ${full} SET [status] = N'running', [changed_date] = GETUTCDATE()
         WHERE [execution_id] = @id AND [machine] = @node AND [owner] = @owner
           AND [status] IN (N'pending', N'running') AND ${holds}`,
        (request) =>
          request
            .input('id', row.execution_id)
            .input('owner', row.owner)
            .input('node', holder.node)
            .input('fence', holder.fence),
      );
      if (isBegun) return true;
      // A retry or a chained run that has not been written behind yet: its row is made now.
      const { output: _none, return_code: _unknown, ...rest } = row;
      const fresh: NewExecution = { ...rest, status: 'running', slot_key: null };
      return insert(
        { ...ownColumns(fresh, holder), execution_id: row.execution_id },
        `NOT EXISTS (SELECT 1 FROM ${full} WHERE [execution_id] = @id)`,
        holder,
      );
    },
    take: (row, holder) =>
      affected(
        `UPDATE ${full} SET [machine] = @node, [fence] = @fence, [owner] = @instance, [changed_date] = GETUTCDATE()
         WHERE [execution_id] = @id AND [status] = N'pending' AND [machine] = @from AND [fence] = @old AND ${holds}`,
        (request) =>
          request
            .input('node', holder.node)
            .input('fence', holder.fence)
            .input('instance', holder.instance)
            .input('id', Number(row.execution_id))
            .input('from', String(row.machine))
            .input('old', Number(row.fence)),
      ),
    end: (execution_id, fence, { at, seconds, message }) =>
      affected(
        `UPDATE ${full} SET [status] = N'interrupted', [end_time] = @at, [duration_seconds] = @seconds,
           [error_message] = @message, [owner] = NULL, [fence] = @fence, [changed_date] = GETUTCDATE()
         WHERE [execution_id] = @id AND [status] IN (N'pending', N'running') AND [fence] < @fence`,
        (request) => {
          request.input('id', execution_id).input('fence', fence).input('message', message);
          bindValue(request, driver.sql, 'at', table.types.get('end_time') ?? 'datetime', at);
          bindValue(request, driver.sql, 'seconds', 'float', seconds);
        },
      ),
    async ofProcess(holder) {
      const rows = await ask<{ id: number }>(
        `SELECT [execution_id] AS [id] FROM ${full}
         WHERE [status] = N'pending' AND [machine] = @node AND [owner] = @instance`,
        (request) => request.input('node', holder.node).input('instance', holder.instance),
      );
      return rows.map(({ id }) => Number(id));
    },
    free: (execution_id, holder) =>
      affected(
        `UPDATE ${full} SET [fence] = ${openFence}, [owner] = N'${openOwner}', [changed_date] = GETUTCDATE()
         WHERE [execution_id] = @id AND [machine] = @node AND [owner] = @instance AND [status] = N'pending'`,
        (request) =>
          request.input('id', execution_id).input('node', holder.node).input('instance', holder.instance),
      ),
    async orphans() {
      const gone = await ask<{ execution_id: number; now_fence: number; seen: string; gone: string }>(
        `SELECT TOP (${mostOrphans}) e.[execution_id] AS [execution_id], m.[fence] AS [now_fence], m.[state] AS [gone],
           CONVERT(nvarchar(30), m.[last_seen], 126) AS [seen]
         FROM ${full} e JOIN [dbo].[machines] m ON m.[node] = e.[machine]
         WHERE e.[status] IN (N'pending', N'running') AND e.[fence] < m.[fence]
           AND (m.[state] IN (N'dead', N'stopped') OR e.[status] = N'pending')
         ORDER BY e.[execution_id]`,
      );
      if (gone.length === 0) return [];
      const facts = new Map(gone.map((one) => [Number(one.execution_id), one]));
      const rows: Row[] = [];
      const ids = [...facts.keys()];
      for (let at = 0; at < ids.length; at += mostSlots)
        rows.push(
          ...(await fetchRows(
            ask,
            table,
            `WHERE [execution_id] IN (${ids.slice(at, at + mostSlots).join(', ')})`,
          )),
        );
      rows.sort((a, b) => Number(a.execution_id) - Number(b.execution_id));
      return rows.map((row) => {
        const {
          now_fence,
          seen,
          gone: state,
        } = facts.get(Number(row.execution_id)) ?? { now_fence: 0, seen: '', gone: '' };
        return { ...row, now_fence: Number(now_fence), seen, gone: state };
      });
    },
  };
}
