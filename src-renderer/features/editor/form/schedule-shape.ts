import { weekdayNames } from '../../../../src-shared/schedule/cron-field';
import { type Dict, isDict } from '../document/read-job-text';

/** What the schedule builder can show; `other` is for the text alone. */
export type ScheduleShape =
  | { readonly kind: 'none' }
  | { readonly kind: 'minutes'; readonly every: number }
  | { readonly kind: 'hourly'; readonly minute: number }
  | { readonly kind: 'daily'; readonly time: string }
  | { readonly kind: 'weekly'; readonly days: readonly string[]; readonly time: string }
  | { readonly kind: 'monthly'; readonly day: string; readonly time: string }
  | { readonly kind: 'interval'; readonly count: number; readonly unit: IntervalUnit }
  | { readonly kind: 'date'; readonly at: string }
  | { readonly kind: 'crontab'; readonly expression: string }
  | { readonly kind: 'other' };

export const intervalUnits = ['seconds', 'minutes', 'hours', 'days', 'weeks'] as const;
export type IntervalUnit = (typeof intervalUnits)[number];

const timeFields = new Set(['timezone', 'start_date', 'end_date', 'jitter']);
const pad = (value: number) => String(value).padStart(2, '0');

function wholeNumber(value: unknown): number | undefined {
  const number = typeof value === 'string' && /^\d+$/.test(value) ? Number(value) : value;
  return typeof number === 'number' && Number.isInteger(number) ? number : undefined;
}

/** `mon-fri` and `mon,wed` as the days they mean; undefined for anything cleverer. */
function daysOf(value: unknown): readonly string[] | undefined {
  const days: string[] = [];
  for (const part of String(value).toLowerCase().split(',')) {
    const [from = '', to = from] = part.trim().split('-');
    const indexOf = (name: string) => (/^\d$/.test(name) ? Number(name) : weekdayNames.indexOf(name));
    const [first, last] = [indexOf(from), indexOf(to)];
    if (first < 0 || last < first || last > 6) return undefined;
    days.push(...weekdayNames.slice(first, last + 1));
  }
  return days;
}

function cronShape(params: Dict): ScheduleShape {
  const fields = Object.fromEntries(Object.entries(params).filter(([key]) => !timeFields.has(key)));
  const names = Object.keys(fields).filter((key) => !(key === 'second' && wholeNumber(fields[key]) === 0));
  const has = (...wanted: readonly string[]) =>
    names.length === wanted.length && wanted.every((name) => names.includes(name));
  const minute = 'minute' in fields ? wholeNumber(fields.minute) : 0;
  const hour = wholeNumber(fields.hour);
  const time = hour === undefined || minute === undefined ? undefined : `${pad(hour)}:${pad(minute)}`;
  const withTime = (...before: readonly string[]) =>
    time !== undefined && (has(...before, 'hour', 'minute') || has(...before, 'hour'));
  const step = /^\*(?:\/(\d+))?$/.exec(String(fields.minute ?? ''));
  if (has('minute') && step) return { kind: 'minutes', every: Number(step[1] ?? 1) };
  if (has('minute') && minute !== undefined) return { kind: 'hourly', minute };
  if (withTime() && time) return { kind: 'daily', time };
  const days = daysOf(fields.day_of_week);
  if (withTime('day_of_week') && time && days) return { kind: 'weekly', days, time };
  const day = String(fields.day);
  if (withTime('day') && time && /^(\d+|last)$/.test(day)) return { kind: 'monthly', day, time };
  return { kind: 'other' };
}

/** How the builder shows a `schedule:`. */
export function shapeOf(schedule: unknown): ScheduleShape {
  if (schedule === undefined || schedule === null) return { kind: 'none' };
  if (!isDict(schedule)) return { kind: 'other' };
  if (schedule.type === 'date') return { kind: 'date', at: String(schedule.run_date ?? '') };
  if (schedule.type === 'interval') {
    const params = isDict(schedule.interval_params) ? schedule.interval_params : {};
    const given = intervalUnits.filter((unit) => params[unit] !== undefined);
    const [unit] = given;
    const count = unit && params[unit];
    if (given.length !== 1 || unit === undefined || typeof count !== 'number') return { kind: 'other' };
    return { kind: 'interval', count, unit };
  }
  if (schedule.type !== 'cron') return { kind: 'other' };
  if (typeof schedule.expression === 'string') return { kind: 'crontab', expression: schedule.expression };
  return isDict(schedule.cron_params) ? cronShape(schedule.cron_params) : { kind: 'other' };
}

function cronFields(shape: ScheduleShape): Dict {
  const at = (time: string) => {
    const [hour = 0, minute = 0] = time.split(':').map(Number);
    return { hour, minute };
  };
  switch (shape.kind) {
    case 'minutes':
      return { minute: shape.every === 1 ? '*' : `*/${shape.every}` };
    case 'hourly':
      return { minute: shape.minute };
    case 'daily':
      return at(shape.time);
    case 'weekly':
      return {
        day_of_week: weekdayNames.filter((name) => shape.days.includes(name)).join(','),
        ...at(shape.time),
      };
    case 'monthly':
      return { day: shape.day === 'last' ? 'last' : Number(shape.day), ...at(shape.time) };
    default:
      return {};
  }
}

/** The zone a schedule names, beside its params or inside. */
export function zoneIn(schedule: unknown): string {
  if (!isDict(schedule)) return '';
  const params = [schedule.cron_params, schedule.interval_params].find(isDict);
  const zone = params?.timezone ?? schedule.timezone;
  return typeof zone === 'string' ? zone : '';
}

/** Where the zone stands, or is to stand: [] for schedules that can't be changed here. */
export function zonePath(schedule: unknown): readonly string[] {
  if (!isDict(schedule)) return [];
  if (schedule.timezone !== undefined) return ['schedule', 'timezone'];
  if (schedule.type === 'cron' && isDict(schedule.cron_params))
    return ['schedule', 'cron_params', 'timezone'];
  if (schedule.type === 'interval' && isDict(schedule.interval_params))
    return ['schedule', 'interval_params', 'timezone'];
  return ['schedule', 'timezone'];
}

/** One change of the text: undefined takes the key away. */
export type PathEdit = readonly [path: readonly string[], value: unknown];

/**
 * What to change so that a schedule says what the builder shows: as few keys as can be, so that zone, dates and
 * comments stay. A change of kind keeps the zone.
 */
export function scheduleEdits(before: unknown, shape: ScheduleShape): readonly PathEdit[] {
  const zone = zoneIn(before);
  const withZone = (params: Dict): Dict => (zone === '' ? params : { ...params, timezone: zone });
  switch (shape.kind) {
    case 'none':
      return [[['schedule'], undefined]];
    case 'other':
      return [];
    case 'date':
      if (isDict(before) && before.type === 'date') return [[['schedule', 'run_date'], shape.at]];
      return [[['schedule'], withZone({ type: 'date', run_date: shape.at })]];
    case 'crontab':
      if (isDict(before) && typeof before.expression === 'string')
        return [[['schedule', 'expression'], shape.expression]];
      return [[['schedule'], withZone({ type: 'cron', expression: shape.expression })]];
    case 'interval': {
      const params = isDict(before) && before.type === 'interval' ? before.interval_params : undefined;
      if (!isDict(params))
        return [
          [['schedule'], { type: 'interval', interval_params: withZone({ [shape.unit]: shape.count }) }],
        ];
      const others = intervalUnits.filter((unit) => unit !== shape.unit && params[unit] !== undefined);
      return [
        [['schedule', 'interval_params', shape.unit], shape.count],
        ...others.map((unit): PathEdit => [['schedule', 'interval_params', unit], undefined]),
      ];
    }
    default: {
      const fields = cronFields(shape);
      const params = isDict(before) && before.type === 'cron' ? before.cron_params : undefined;
      if (!isDict(params)) return [[['schedule'], { type: 'cron', cron_params: withZone(fields) }]];
      const stale = Object.keys(params).filter((key) => !timeFields.has(key) && !(key in fields));
      return [
        ...Object.entries(fields)
          .filter(([key, value]) => params[key] !== value)
          .map(([key, value]): PathEdit => [['schedule', 'cron_params', key], value]),
        ...stale.map((key): PathEdit => [['schedule', 'cron_params', key], undefined]),
      ];
    }
  }
}
