import type { ParsedSchedule } from '../../../src-shared/schedule/parsed-schedule';
import { createTrigger } from './trigger';

export interface PreviewSlot {
  readonly scheduled_time: string;
  /** With the offset of its zone: `2026-03-08T03:00:00-04:00`. */
  readonly local_time: string;
  readonly note?: string;
}

function localIso(instant: number, offset: number): string {
  const sign = offset < 0 ? '-' : '+';
  const minutes = Math.floor(Math.abs(offset) / 60_000);
  const pad = (value: number) => String(value).padStart(2, '0');
  const text = new Date(instant + offset).toISOString().replace(/(\.000)?Z$/, '');
  return `${text}${sign}${pad(Math.floor(minutes / 60))}:${pad(minutes % 60)}`;
}

/** An instant as the API sends it: milliseconds only when there are any. */
function utcIso(instant: number): string {
  return new Date(instant).toISOString().replace('.000Z', 'Z');
}

/**
 * The next slots from `from`, itself included (spec/time.md, "Preview"). An interval without start_date is
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
    const local_time = localIso(slot, trigger.zoneOf(slot).offsetAt(slot));
    return { scheduled_time: utcIso(slot), local_time, ...(note ? { note } : {}) };
  });
}
