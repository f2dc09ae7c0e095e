import type { Schedule, ScheduleSpec } from '../../../src-shared/model/schedule';
import { parseSchedule } from '../../../src-shared/schedule/parse-schedule';
import { createTrigger } from './trigger';

/** Dates, and what has an end or names its years; everything else goes on for ever. Ten thousand are asked at a start. */
function canEnd(spec: ScheduleSpec): boolean {
  if (spec.type === 'date' || spec.end_date !== undefined) return true;
  if (spec.type === 'interval') return spec.interval_params.end_date !== undefined;
  return spec.cron_params?.end_date !== undefined || spec.cron_params?.year !== undefined;
}

/** Whether a schedule has a run after an instant (epoch ms). One that can't be read is not judged: true. */
export function hasRunAhead(schedule: Schedule, now: number, defaultTimezone: string): boolean {
  const specs = Array.isArray(schedule) ? schedule : [schedule];
  if (!specs.every(canEnd)) return true;
  const { parsed } = parseSchedule(schedule, 'schedule');
  if (!parsed) return true;
  return createTrigger(parsed, { defaultTimezone, anchor: now }).next(now) !== undefined;
}
