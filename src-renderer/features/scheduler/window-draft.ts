import type {
  MaintenanceWindow,
  MaintenanceWindowContent,
} from '../../../src-shared/model/maintenance-window';
import { CronSchedule } from '../../../src-shared/model/schedule';
import { fromLocalField, toLocalField } from '../../lib/local-field';

export const weekdays = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'] as const;
export type Weekday = (typeof weekdays)[number];

/** A maintenance window as its form holds it. */
export interface WindowDraft {
  readonly reason: string;
  readonly tag: string;
  readonly kind: 'once' | 'weekly' | 'other';
  /** Of `once`: fields of the browser, in this computer's zone. */
  readonly starts: string;
  readonly ends: string;
  /** Of `weekly`. */
  readonly days: readonly Weekday[];
  readonly time: string;
  readonly timezone: string;
  readonly minutes: string;
}

const hourMs = 3_600_000;

export function newWindowDraft(now: number, timezone: string): WindowDraft {
  const next = Math.ceil(now / hourMs) * hourMs;
  return {
    reason: '',
    tag: '',
    kind: 'once',
    starts: toLocalField(next),
    ends: toLocalField(next + 2 * hourMs),
    days: ['sun'],
    time: '03:00',
    timezone,
    minutes: '120',
  };
}

const plainNumber = /^\d{1,2}$/;

/** Days and time when a schedule says no more than that; undefined for any other one. */
function weeklyOf(schedule: unknown): Pick<WindowDraft, 'days' | 'time' | 'timezone'> | undefined {
  const parsed = CronSchedule.safeParse(schedule);
  const params = parsed.data?.cron_params;
  if (!parsed.success || !params || parsed.data.expression !== undefined) return undefined;
  const { day_of_week = '', hour = '', minute = 0, timezone = parsed.data.timezone, ...more } = params;
  const days = day_of_week === '' ? [...weekdays] : String(day_of_week).toLowerCase().split(',');
  const isPlain =
    Object.keys(more).length === 0 &&
    plainNumber.test(String(hour)) &&
    plainNumber.test(String(minute)) &&
    days.every((day) => weekdays.includes(day as Weekday));
  const two = (value: string | number) => String(value).padStart(2, '0');
  return isPlain
    ? { days: days as Weekday[], time: `${two(hour)}:${two(minute)}`, timezone: timezone ?? '' }
    : undefined;
}

export function windowDraftOf(window: MaintenanceWindow, now: number, timezone: string): WindowDraft {
  const base = { ...newWindowDraft(now, timezone), reason: window.reason, tag: window.tag ?? '' };
  if (window.starts_at && window.ends_at) {
    const field = (text: string) => toLocalField(Date.parse(text));
    return { ...base, kind: 'once', starts: field(window.starts_at), ends: field(window.ends_at) };
  }
  const weekly = weeklyOf(window.schedule);
  const minutes = String(window.duration_minutes ?? 60);
  if (!weekly) return { ...base, kind: 'other', minutes };
  return { ...base, ...weekly, timezone: weekly.timezone || timezone, kind: 'weekly', minutes };
}

/** What is sent, or what is wrong with it. `other` keeps the schedule that the form can't show. */
export function contentOf(
  draft: WindowDraft,
  known: MaintenanceWindow | undefined,
): MaintenanceWindowContent | string {
  const shared = { reason: draft.reason.trim(), tag: draft.tag.trim() === '' ? null : draft.tag.trim() };
  if (shared.reason === '') return 'Say why: people will ask';
  if (draft.kind === 'once') {
    const starts_at = fromLocalField(draft.starts);
    const ends_at = fromLocalField(draft.ends);
    if (!starts_at || !ends_at) return 'Both a begin and an end are needed';
    if (ends_at <= starts_at) return 'The end must lie behind the begin';
    return { ...shared, starts_at, ends_at };
  }
  const duration_minutes = Number(draft.minutes);
  if (!Number.isInteger(duration_minutes) || duration_minutes < 1) return 'How many minutes is it open?';
  if (draft.kind === 'other')
    return { ...shared, schedule: known?.schedule as MaintenanceWindowContent['schedule'], duration_minutes };
  if (draft.days.length === 0) return 'On which days?';
  const [hour, minute] = draft.time.split(':').map(Number);
  if (hour === undefined || minute === undefined || Number.isNaN(hour + minute)) return 'At which time?';
  const ordered = weekdays.filter((day) => draft.days.includes(day));
  return {
    ...shared,
    duration_minutes,
    schedule: {
      type: 'cron',
      cron_params: {
        ...(ordered.length === weekdays.length ? {} : { day_of_week: ordered.join(',') }),
        hour,
        minute,
        timezone: draft.timezone,
      },
    },
  };
}
