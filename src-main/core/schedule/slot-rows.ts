import { isTerminal } from '../../../src-shared/model/execution';
import { formatExecutionId } from '../../../src-shared/model/ids';
import type { Slot } from '../../../src-shared/model/slot';
import type { ExecutionRecord } from '../ports/store';
import { localIso, utcIso } from './local-time';
import type { Zone } from './zone';

/** All rows of one planned instant: its own, its retries, runs that caught it up. */
type Group = ExecutionRecord[];

const isPassed = (row: ExecutionRecord): boolean => row.status === 'missed' || row.status === 'skipped';

/** `moved_from` as it was written with the run. */
function movedFrom(row: ExecutionRecord): string | undefined {
  const moved = row.metadata.moved_from;
  return Array.isArray(moved) && typeof moved[0] === 'string' ? moved[0] : undefined;
}

function ranSlot(first: ExecutionRecord, newest: ExecutionRecord, base: Slot): Slot {
  const isWaiting = newest.status === 'pending';
  const start = first.status === 'pending' ? undefined : first.start_time;
  const reason =
    newest.status === 'success' || newest.error_message === null ? undefined : newest.error_message;
  return {
    ...base,
    fate: isTerminal(newest.status) ? 'ran' : isWaiting && start === undefined ? 'pending' : 'running',
    execution_id: formatExecutionId(newest.execution_id),
    status: newest.status,
    ...(start === undefined
      ? {}
      : {
          started_at: utcIso(start),
          lateness_seconds: Math.round(start - (first.scheduled_time ?? start)) / 1000,
        }),
    ...(newest.end_time === null ? {} : { ended_at: utcIso(newest.end_time) }),
    ...(reason ? { reason } : {}),
  };
}

function slotOf(group: Group, zoneOf: (instant: number) => Zone): Slot | undefined {
  const own = group.find((row) => row.trigger === 'schedule') ?? group[0];
  const newest = group.at(-1);
  if (!own || !newest || own.scheduled_time === null) return undefined;
  const count = Number(own.metadata.count ?? 1);
  if (count === 0 && group.length === 1) return undefined;
  const moved = movedFrom(own);
  const base: Slot = {
    scheduled_time: utcIso(own.scheduled_time),
    local_time: localIso(own.scheduled_time, zoneOf(own.scheduled_time)),
    fate: own.metadata.cause === 'shadow' ? 'shadow' : own.status === 'skipped' ? 'skipped' : 'missed',
    ...(moved ? { moved_from: moved } : {}),
  };
  const runs = group.filter((row) => !isPassed(row));
  const [firstRun] = runs;
  const lastRun = runs.at(-1);
  // A collapsed row stays what it is; a run that caught up one of its slots is shown for itself.
  if (firstRun && lastRun && count <= 1) {
    const wasPassed = isPassed(own);
    const slot = ranSlot(firstRun, lastRun, base);
    return wasPassed
      ? { ...slot, reason: `Caught up later; at first: ${own.error_message ?? own.status}` }
      : slot;
  }
  return {
    ...base,
    execution_id: formatExecutionId(own.execution_id),
    status: own.status,
    ...(own.error_message ? { reason: own.error_message } : {}),
    ...(count > 1
      ? {
          count,
          first_scheduled_time: String(own.metadata.first_scheduled_time ?? base.scheduled_time),
          last_scheduled_time: String(own.metadata.last_scheduled_time ?? base.scheduled_time),
        }
      : {}),
  };
}

/** History rows as slots, oldest first. Rows without a planned instant, such as runs by hand, are left out. */
export function slotsOfRows(rows: readonly ExecutionRecord[], zoneOf: (instant: number) => Zone): Slot[] {
  const groups = new Map<string, Group>();
  for (const row of [...rows].sort((a, b) => a.execution_id - b.execution_id)) {
    if (row.scheduled_time === null) continue;
    const isStretch = Number(row.metadata.count ?? 1) > 1;
    const key = isStretch ? `stretch ${row.execution_id}` : String(row.scheduled_time);
    const group = groups.get(key);
    if (group) group.push(row);
    else groups.set(key, [row]);
  }
  return [...groups.values()]
    .flatMap((group) => slotOf(group, zoneOf) ?? [])
    .sort((a, b) => (a.scheduled_time < b.scheduled_time ? -1 : a.scheduled_time > b.scheduled_time ? 1 : 0));
}
