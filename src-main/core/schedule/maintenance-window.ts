import type { MaintenanceWindowContent } from '../../../src-shared/model/maintenance-window';
import { parseSchedule } from '../../../src-shared/schedule/parse-schedule';
import { describeParsedSchedule } from '../../../src-shared/schedule/schedule-words';
import type { Job } from '../jobs/job';
import type { Rule } from './rule';
import { createTrigger } from './trigger';

/** One opening of a window. */
export interface Opening {
  readonly from: number;
  /** Exclusive. */
  readonly to: number;
}

/** A maintenance window, prepared for questions. */
export interface PreparedWindow {
  readonly window_id: string;
  readonly content: MaintenanceWindowContent;
  readonly created_by: string;
  readonly text: string;
  /** The opening that covers an instant. */
  at(instant: number): Opening | undefined;
  /** The first opening that begins after an instant. */
  next(after: number): Opening | undefined;
  concerns(tags: readonly string[] | undefined): boolean;
}

const shown = (instant: number): string =>
  `${new Date(instant).toISOString().slice(0, 16).replace('T', ' ')} UTC`;

function durationText(minutes: number): string {
  if (minutes % 1440 === 0) return minutes === 1440 ? '1 day' : `${minutes / 1440} days`;
  if (minutes % 60 === 0) return minutes === 60 ? '1 hour' : `${minutes / 60} hours`;
  return minutes === 1 ? '1 minute' : `${minutes} minutes`;
}

/** Prepares a checked window. A recurring one that opens again while it is open stays open. */
export function prepareWindow(
  window_id: string,
  content: MaintenanceWindowContent,
  options: { readonly defaultTimezone: string; readonly created_date: number; readonly created_by: string },
): PreparedWindow {
  const concerns = (tags: readonly string[] | undefined) =>
    !content.tag || (tags?.includes(content.tag) ?? false);
  const base = { window_id, content, concerns, created_by: options.created_by };
  const parsed = content.schedule ? parseSchedule(content.schedule, 'schedule').parsed : undefined;
  if (parsed) {
    const minutes = content.duration_minutes ?? 1;
    const length = minutes * 60_000;
    const trigger = createTrigger(parsed, {
      defaultTimezone: options.defaultTimezone,
      anchor: options.created_date,
    });
    const openingFrom = (start: number): Opening => {
      let to = start + length;
      for (let again = trigger.next(start); again !== undefined && again <= to; again = trigger.next(again)) {
        to = again + length;
        // A window that never closes again is told by its first month.
        if (to - start > 31 * 86_400_000) break;
      }
      return { from: start, to };
    };
    return {
      ...base,
      text: `${describeParsedSchedule(parsed, options.defaultTimezone)}, for ${durationText(minutes)}`,
      at(instant) {
        const start = trigger.previous(instant);
        return start === undefined || instant >= start + length ? undefined : openingFrom(start);
      },
      next(after) {
        const start = trigger.next(after);
        return start === undefined ? undefined : openingFrom(start);
      },
    };
  }
  const opening = { from: Date.parse(content.starts_at ?? ''), to: Date.parse(content.ends_at ?? '') };
  return {
    ...base,
    text: `Once, from ${shown(opening.from)} to ${shown(opening.to)}`,
    at: (instant) => (instant >= opening.from && instant < opening.to ? opening : undefined),
    next: (after) => (after < opening.from ? opening : undefined),
  };
}

/** A job is held by a window. */
export interface Hold extends Opening {
  readonly window: PreparedWindow;
}

/** The hold on a job with these tags at an instant; of several the one that ends last. */
export function holdAt(
  windows: readonly PreparedWindow[],
  tags: readonly string[] | undefined,
  instant: number,
): Hold | undefined {
  let held: Hold | undefined;
  for (const window of windows) {
    if (!window.concerns(tags)) continue;
    const opening = window.at(instant);
    if (opening && (!held || opening.to > held.to)) held = { ...opening, window };
  }
  return held;
}

/** What a hold does to a slot: its run waits for the end of the window (`runsLate`), or falls away. */
export function heldSlot(
  windows: readonly PreparedWindow[],
  job: Job,
  trigger: Pick<Rule, 'next'>,
  slot: number,
): { readonly hold: Hold; readonly runsLate: boolean } | undefined {
  const hold = windows.length === 0 ? undefined : holdAt(windows, job.definition.tags, slot);
  if (!hold) return undefined;
  const { misfire_grace_time, coalesce } = job.effective;
  const isInTime = misfire_grace_time === null || hold.to - slot <= misfire_grace_time * 1000;
  const isLast = (trigger.next(slot) ?? Number.POSITIVE_INFINITY) >= hold.to;
  return { hold, runsLate: isInTime && (isLast || !coalesce) };
}

/** A sentence for a history row. */
export function holdReason({ window, from, to }: Hold): string {
  const { reason, tag } = window.content;
  const whom = tag ? `jobs with the tag "${tag}"` : 'all jobs';
  return `A maintenance window (${reason}; by ${window.created_by}) held ${whom} from ${shown(from)} to ${shown(to)}`;
}
