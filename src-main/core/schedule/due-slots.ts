import type { NewExecution } from '../ports/store';
import type { RunRequest } from '../run/run-request';
import { decideMisfire, type Passed } from './misfire';
import { type Absence, isWanted, missReason, type ReasonDetails } from './miss-reason';
import { startDeadline } from './start-deadline';
import type { TimetableEntry } from './timetable';

/** A row for slots that will not run, and the row of just before that it goes on with, if it does. */
export interface PassedRow {
  readonly row: NewExecution;
  readonly passed: Passed;
}

/** What a due job comes to at one wake. */
export interface Due {
  readonly entry: TimetableEntry;
  /** The last slot this accounts for. */
  readonly cursor: number;
  readonly requests: readonly RunRequest[];
  readonly passed: readonly PassedRow[];
}

const iso = (instant: number): string => new Date(instant).toISOString();

/** The row that accounts for slots that did not run. */
export function passedRow(
  entry: Pick<TimetableEntry, 'job'>,
  passed: Passed,
  absence: Absence | undefined,
  details: ReasonDetails,
  now: number,
): NewExecution {
  const { job } = entry;
  const { cause } = passed;
  const isExcluded = cause.kind === 'excluded';
  return {
    job_id: job.record.job_id,
    job_name: job.record.name,
    status: isExcluded || isWanted(absence) ? 'skipped' : 'missed',
    trigger: 'schedule',
    scheduled_time: passed.first,
    scheduled_until: passed.count > 1 ? passed.last : null,
    start_time: now,
    end_time: now,
    duration_seconds: 0,
    error_message: missReason(passed, absence, details),
    retry_count: 0,
    max_retries: job.effective.max_retries,
    slot_key: iso(passed.first),
    owner: null,
    metadata: {
      count: passed.count,
      first_scheduled_time: iso(passed.first),
      last_scheduled_time: iso(passed.last),
      cause: cause.kind,
      ...(isExcluded ? { calendar_id: cause.exclusion.calendar_id } : {}),
      ...(absence && !isExcluded ? { reason: absence.kind } : {}),
    },
  };
}

/** The parts of a job's rules that reasons name. */
export function reasonDetails(
  { job }: Pick<TimetableEntry, 'job'>,
  coalescedInto: number | undefined,
): ReasonDetails {
  const { misfire_grace_time, catch_up_window, max_catch_up, not_after } = job.effective;
  return {
    graceSeconds: misfire_grace_time,
    catchUpSeconds: catch_up_window,
    mostRuns: max_catch_up,
    notAfter: not_after,
    coalescedInto,
  };
}

/**
 * Applies holiday sets, misfire and coalescing to the slots of one job between its cursor and now. `fraction`
 * gives a number in [0, 1) that places a start within the jitter.
 */
export function dueSlots(entry: TimetableEntry, now: number, fraction: () => number): Due {
  const { job, trigger, absence, exclusion } = entry;
  const { misfire_grace_time, coalesce, catch_up_window, max_catch_up, not_after } = job.effective;
  const deadline =
    not_after === null ? undefined : (slot: number) => startDeadline(slot, not_after, trigger.zoneOf(slot));
  const decision = decideMisfire({
    trigger,
    cursor: entry.cursor,
    now,
    graceSeconds: misfire_grace_time,
    coalesce,
    catchUpSeconds: catch_up_window,
    mostRuns: max_catch_up,
    exclusion,
    deadline,
  });
  const details = reasonDetails(entry, coalesce ? decision.run.at(-1) : undefined);
  const isSeries = decision.run.length > 1;
  return {
    entry,
    cursor: Math.max(decision.cursor, entry.cursor),
    requests: decision.run.map((scheduled_time) => {
      const movedFrom = entry.movedFrom?.(scheduled_time) ?? [];
      return {
        job,
        trigger: 'schedule',
        scheduled_time,
        retry_count: 0,
        first_execution_id: null,
        requested_by: null,
        delay_ms: Math.floor(trigger.jitterSeconds * 1000 * (trigger.jitterSeconds > 0 ? fraction() : 0)),
        // Slots caught up one by one wait for each other, whatever `overlap` says of ordinary ones.
        ...(isSeries ? { waits: true } : {}),
        ...(deadline ? { not_after: deadline(scheduled_time) } : {}),
        ...(movedFrom.length > 0 ? { metadata: { moved_from: movedFrom.map(iso) } } : {}),
      };
    }),
    passed: decision.passed.map((passed) => ({
      passed,
      row: passedRow(entry, passed, absence, details, now),
    })),
  };
}
