import type { ParsedSchedule } from '../../../src-shared/schedule/parsed-schedule';
import { briefIso, localIso } from './local-time';
import { createTrigger } from './trigger';

export interface PreviewSlot {
  readonly scheduled_time: string;
  /** With the offset of its zone: `2026-03-08T03:00:00-04:00`. */
  readonly local_time: string;
  /** That zone's name: the times of one schedule may be of several. */
  readonly timezone: string;
  readonly note?: string;
}

/**
 * The next slots from `from`, itself included (docs/schedules.md). An interval without start_date is
 * previewed as if saved at `from`.
 */
export function previewSchedule(
  schedule: ParsedSchedule,
  {
    from,
    count,
    defaultTimezone,
  }: { readonly from: number; readonly count: number; readonly defaultTimezone: string },
): PreviewSlot[] {
  const trigger = createTrigger(schedule, { defaultTimezone, anchor: from });
  return trigger.between(from - 1, Number.POSITIVE_INFINITY, count).map((slot) => {
    const note = trigger.note(slot);
    const zone = trigger.zoneOf(slot);
    const local_time = localIso(slot, zone);
    return { scheduled_time: briefIso(slot), local_time, timezone: zone.name, ...(note ? { note } : {}) };
  });
}
