import type { Schedule } from '../model/schedule';
import { parseSchedule } from './parse-schedule';
import type { ParsedCron, ParsedInterval, ParsedSchedule, ParsedSpec } from './parsed-schedule';
import type { ScheduleDate } from './schedule-date';
import { dayWords } from './words/day-words';
import { timeWords } from './words/time-words';

interface Sentence {
  readonly text: string;
  /** The zone matters to what the text says. */
  readonly zone: string | undefined;
  readonly tail: string;
}

const units = [
  ['week', 604_800_000],
  ['day', 86_400_000],
  ['hour', 3_600_000],
  ['minute', 60_000],
  ['second', 1000],
] as const;

const counted = (count: number, unit: string) => `${count} ${unit}${count === 1 ? '' : 's'}`;

function intervalText({ lengthMs }: ParsedInterval): string {
  for (const [unit, length] of units) {
    if (lengthMs % length !== 0) continue;
    const count = lengthMs / length;
    if (count === 1) return `Every ${unit}`;
    if (count <= 120) return `Every ${counted(count, unit)}`;
    break;
  }
  let left = lengthMs;
  const parts: string[] = [];
  for (const [unit, length] of units) {
    const count = unit === 'second' ? left / length : Math.floor(left / length);
    left -= count * length;
    if (count > 0) parts.push(counted(count, unit));
  }
  return `Every ${parts.join(' ')}`;
}

/** `2026-11-24`, with its time unless that is midnight. */
function dateText(date: ScheduleDate): string {
  const iso = new Date(date.kind === 'instant' ? date.epoch : date.local).toISOString();
  const time = iso.slice(11, 19).replace(/:00$/, '');
  const isMidnight = time === '00:00' && date.kind === 'local';
  return `${iso.slice(0, 10)}${isMidnight ? '' : ` ${time}`}${date.kind === 'instant' ? ' UTC' : ''}`;
}

function cronText(cron: ParsedCron): { text: string; needsZone: boolean } {
  const time = timeWords(cron);
  const day = dayWords(cron);
  if (time.kind === 'at') return { text: `${day.leading} at ${time.text}`, needsZone: true };
  return { text: `${time.text}${day.trailing}`, needsZone: !time.isAllDay || day.trailing !== '' };
}

function sentence(spec: ParsedSpec, defaultTimezone: string): Sentence {
  const { start, end, jitterSeconds } = spec;
  const bounds = `${start ? `, from ${dateText(start)}` : ''}${end ? `, until ${dateText(end)}` : ''}`;
  const jitter = jitterSeconds > 0 ? `, started up to ${counted(jitterSeconds, 'second')} later` : '';
  const isLocal = start?.kind === 'local' || end?.kind === 'local';
  const zone = spec.timezone ?? defaultTimezone;
  const told = (text: string, needsZone: boolean): Sentence => ({
    text,
    zone: needsZone || isLocal ? zone : undefined,
    tail: `${bounds}${jitter}`,
  });
  switch (spec.kind) {
    case 'cron': {
      const { text, needsZone } = cronText(spec);
      return told(text, needsZone);
    }
    case 'interval':
      return told(intervalText(spec), false);
    case 'date': {
      const iso = new Date(spec.at.kind === 'instant' ? spec.at.epoch : spec.at.local).toISOString();
      const time = iso.slice(11, 19).replace(/:00$/, '');
      const utc = spec.at.kind === 'instant' ? ' UTC' : '';
      return told(`Once on ${iso.slice(0, 10)} at ${time}${utc}`, spec.at.kind === 'local');
    }
  }
}

const lowerFirst = (text: string): string => text.charAt(0).toLowerCase() + text.slice(1);

/**
 * A checked schedule as an English sentence: `Every weekday at 08:30 (America/New_York)`. Several schedules are
 * joined by `; `, with the zone once when it is the same. What has no short form is told field by field.
 */
export function describeParsedSchedule({ specs }: ParsedSchedule, defaultTimezone: string): string {
  const sentences = specs.map((spec) => sentence(spec, defaultTimezone));
  const zones = new Set(sentences.map((one) => one.zone));
  const [shared] = zones.size === 1 ? zones : [];
  const isShared = shared !== undefined && sentences.length > 1 && sentences.every((one) => one.tail === '');
  const texts = sentences.map(({ text, zone, tail }, index) => {
    const whole = `${text}${zone && !isShared ? ` (${zone})` : ''}${tail}`;
    return index === 0 ? whole : lowerFirst(whole);
  });
  return `${texts.join('; ')}${isShared ? ` (${shared})` : ''}`;
}

/**
 * The `schedule:` of a job in words. No schedule: `No schedule`. One that can't be read says so, with the first
 * reason; it never throws.
 */
export function describeSchedule(schedule: Schedule | null | undefined, defaultTimezone: string): string {
  if (!schedule) return 'No schedule';
  const { parsed, issues } = parseSchedule(schedule, 'schedule');
  if (parsed) return describeParsedSchedule(parsed, defaultTimezone);
  return `Can't be read: ${issues.find((issue) => issue.severity === 'error')?.message ?? 'no reason known'}`;
}
