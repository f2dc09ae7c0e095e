import type { Change } from '../write-behind/changes';
import type { ServerTable } from '../write-behind/server-tables';

export const historyTable = 'job_execution_history_V2';

/** What each machine keeps for itself, in its journal alone. */
const own: ReadonlySet<string> = new Set([
  'audit_log',
  'schedule_gaps',
  'notification_outbox',
  'job_troubles',
]);

/** Facts that hold for all machines: the pause, and which jobs of a file were deleted. */
export const isSharedFact = (name: unknown): boolean =>
  name === 'scheduler.paused' || String(name).startsWith('deleted:');

/** Whether a change of the journal is for the server. */
export function isSharedChange({ table, key }: Change): boolean {
  return table !== 'facts' || isSharedFact(key[0]);
}

/**
 * The tables of a cluster, with the rules by which rows are written over: an execution only by the machine whose it
 * is, under the newest number of its lease; a place in the timetable keeps the anchor that was there first.
 */
export function sharedTables(tables: ReadonlyMap<string, ServerTable>): Map<string, ServerTable> {
  const shared = new Map<string, ServerTable>();
  for (const [name, table] of tables) {
    if (own.has(name)) continue;
    if (name === historyTable) {
      const types = new Map([...table.types].filter(([column]) => column !== 'changed_date'));
      shared.set(name, {
        ...table,
        types,
        stamp: 'changed_date',
        // What has begun on the server does not wait again because an older state of it is on its way there.
        keeps: (column, value) =>
          column === 'status'
            ? `CASE WHEN [status] = N'running' AND ${value} = N'pending' THEN [status] ELSE ${value} END`
            : undefined,
        isOurs: (bind) =>
          `([machine] IS NULL OR ([machine] = ${bind('machine')} AND ([fence] IS NULL OR [fence] <= ${bind('fence')})))`,
      });
    } else if (name === 'schedule_state')
      shared.set(name, {
        ...table,
        keeps(column, value, bind) {
          if (column !== 'anchor' && column !== 'cursor') return undefined;
          const isSame = `[schedule_digest] = ${bind('schedule_digest')}`;
          const isAhead = column === 'cursor' ? ` AND [cursor] > CAST(${value} AS datetime2)` : '';
          return `CASE WHEN ${isSame}${isAhead} THEN [${column}] ELSE CAST(${value} AS datetime2) END`;
        },
      });
    else shared.set(name, table);
  }
  return shared;
}
