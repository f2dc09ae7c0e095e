import type { Schedule } from '../../../src-shared/model/schedule';
import { parseSchedule } from '../../../src-shared/schedule/parse-schedule';
import type { ParsedSpec } from '../../../src-shared/schedule/parsed-schedule';
import { createTrigger } from './trigger';

/** Dates, and what has an end or names its years; everything else goes on for ever. */
function canEnd(spec: ParsedSpec): boolean {
  return (
    spec.kind === 'date' ||
    spec.end !== undefined ||
    (spec.kind === 'cron' && spec.fields.year.values !== undefined)
  );
}

/** Whether a schedule has a run after an instant (epoch ms). One that can't be read is not judged: true. */
export function hasRunAhead(schedule: Schedule, now: number, defaultTimezone: string): boolean {
  const { parsed } = parseSchedule(schedule, 'schedule');
  if (!parsed?.specs.every(canEnd)) return true;
  return createTrigger(parsed, { defaultTimezone, anchor: now }).next(now) !== undefined;
}
