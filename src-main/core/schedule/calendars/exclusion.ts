import type { Job } from '../../jobs/job';
import { weekday } from '../civil-date';
import type { Zone } from '../zone';
import type { CalendarMatcher } from './calendar-matcher';

/** Why a planned instant is left out. */
export interface Exclusion {
  readonly calendar_id: string;
  /** The entry of the set: `Christmas Day`. */
  readonly label: string;
}

/** What a job's `exclude:` comes to. */
export interface ExclusionRule {
  at(instant: number, zone: Zone): Exclusion | undefined;
  /** Monday to Friday, and not wholly covered by one of the sets. */
  isBusinessDay(day: number): boolean;
}

/** All holiday sets the program knows, prepared. */
export type Matchers = ReadonlyMap<string, CalendarMatcher>;

/** The rule of a job; undefined when it excludes nothing. Sets that do not exist exclude nothing (the job is held then). */
export function exclusionOf(job: Job, matchers: Matchers): ExclusionRule | undefined {
  const named = job.effective.exclude.flatMap((calendar_id) => {
    const matcher = matchers.get(calendar_id);
    return matcher ? [{ calendar_id, matcher }] : [];
  });
  if (named.length === 0) return undefined;
  return {
    at(instant, zone) {
      const local = instant + zone.offsetAt(instant);
      for (const { calendar_id, matcher } of named) {
        const label = matcher.match(instant, local);
        if (label !== undefined) return { calendar_id, label };
      }
      return undefined;
    },
    isBusinessDay: (day) => weekday(day) < 5 && !named.some(({ matcher }) => matcher.coversDay(day)),
  };
}

/** A sentence for a history row. */
export function exclusionReason({ calendar_id, label }: Exclusion): string {
  return `Excluded by the holiday set "${calendar_id}" (${label})`;
}
