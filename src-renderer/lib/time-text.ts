import { display } from './display';

/** Instants in words: near ones relative, far ones absolute (the viewer's locale and zone). */

const minuteMs = 60_000;
const hourMs = 3_600_000;
const dayMs = 86_400_000;

/** The zone in which this browser shows times: the computer's own unless the person chose another. */
export const viewerZone =
  display.zone === 'local' ? Intl.DateTimeFormat().resolvedOptions().timeZone : display.zone;

const formats = new Map<string, Intl.DateTimeFormat>();
/** Making a format costs a hundred times what using it does. */
function format(options: Intl.DateTimeFormatOptions): Intl.DateTimeFormat {
  const key = JSON.stringify(options);
  const known = formats.get(key) ?? new Intl.DateTimeFormat(undefined, options);
  formats.set(key, known);
  return known;
}

const clockOptions = { hour: '2-digit', minute: '2-digit', hourCycle: display.clock } as const;

/** 14:30 */
export function formatClock(instant: number, zone = viewerZone): string {
  return format({ ...clockOptions, timeZone: zone }).format(instant);
}

/** 14:30:05 */
export function formatClockSeconds(instant: number, zone = viewerZone): string {
  return format({ ...clockOptions, second: '2-digit', timeZone: zone }).format(instant);
}

/** 14:30:05.120 */
export function formatClockMillis(instant: number): string {
  return `${formatClockSeconds(instant)}.${String(Math.floor(instant) % 1000).padStart(3, '0')}`;
}

/** The calendar date of an instant in a zone, as midnight UTC of that date. */
function dateIn(instant: number, zone: string): Date {
  const parts: Record<string, number> = {};
  const options = { year: 'numeric', month: 'numeric', day: 'numeric', calendar: 'iso8601' } as const;
  for (const { type, value } of format({ ...options, timeZone: zone }).formatToParts(instant))
    parts[type] = Number(value);
  return new Date(Date.UTC(parts.year ?? 1970, (parts.month ?? 1) - 1, parts.day ?? 1));
}

/** Fri 27 Nov, with the year when it is another one. */
export function formatDay(instant: number, now: number, zone = viewerZone): string {
  const isSameYear = dateIn(instant, zone).getUTCFullYear() === dateIn(now, zone).getUTCFullYear();
  return format({
    weekday: 'short',
    day: 'numeric',
    month: 'short',
    ...(isSameYear ? {} : { year: 'numeric' }),
    timeZone: zone,
  }).format(instant);
}

/** Fri 27: a day of this week where there is little room. In parts, as some languages would turn them round. */
export function formatWeekday(instant: number, zone = viewerZone): string {
  const weekday = format({ weekday: 'short', timeZone: zone }).format(instant);
  return `${weekday} ${dateIn(instant, zone).getUTCDate()}`;
}

/** Days between the calendar dates of two instants, in the viewer's zone. */
function daysApart(instant: number, now: number): number {
  return Math.round((dateIn(instant, viewerZone).getTime() - dateIn(now, viewerZone).getTime()) / dayMs);
}

/** "today 14:30" is 14:30; then tomorrow, yesterday, and dates. */
export function formatAbsolute(instant: number, now: number): string {
  const days = daysApart(instant, now);
  const clock = formatClock(instant);
  if (days === 0) return clock;
  if (days === 1) return `tomorrow ${clock}`;
  if (days === -1) return `yesterday ${clock}`;
  return `${formatDay(instant, now)} ${clock}`;
}

function span(ms: number): string {
  if (ms < minuteMs) return `${Math.floor(ms / 1000)} s`;
  if (ms < hourMs) return `${Math.floor(ms / minuteMs)} min`;
  const minutes = Math.floor((ms % hourMs) / minuteMs);
  const hours = Math.floor(ms / hourMs);
  return minutes === 0 ? `${hours} h` : `${hours} h ${String(minutes).padStart(2, '0')} min`;
}

/** From here on an instant is told by the clock and not by its distance. */
const farMs = 6 * hourMs;

/** How often the words of `formatNear` must be looked at again: seconds near by, minutes far away. */
export function renewNearMs(instant: number, now: number): number {
  const size = Math.abs(instant - now);
  if (size < minuteMs + 5000) return 1000;
  return size < farMs ? 5000 : minuteMs;
}

/** Whether `formatNear` tells the distance, "in 42 s", rather than the clock. */
export const isNear = (instant: number, now: number): boolean => Math.abs(instant - now) < farMs;

/** "in 42 s", "8 min ago", "in 1 h 08 min"; from six hours on the clock or the date. */
export function formatNear(instant: number, now: number): string {
  const distance = instant - now;
  const size = Math.abs(distance);
  if (!isNear(instant, now)) return formatAbsolute(instant, now);
  if (size < 1000) return 'now';
  return distance > 0 ? `in ${span(size)}` : `${span(size)} ago`;
}

const instantsInText = /\d{4}-\d\d-\d\d[T ]\d\d:\d\d(:\d\d(\.\d+)?)?(Z| UTC)/g;
/** A sentence of the program, its instants (`2026-11-29T20:00:00Z`, `2026-11-29 20:00 UTC`) as the viewer's clock shows them. */
export function withLocalTimes(text: string, now: number): string {
  return text.replace(instantsInText, (instant) => formatAbsolute(Date.parse(instant), now));
}

/** UTC+1, UTC-3:30 */
export function zoneOffsetText(instant: number, zone: string): string {
  try {
    const parts = format({ timeZone: zone, timeZoneName: 'shortOffset' }).formatToParts(instant);
    const name = parts.find((part) => part.type === 'timeZoneName')?.value ?? '';
    return name.replace('GMT', 'UTC');
  } catch {
    return zone;
  }
}

/** The whole instant with its zone: Tue, 24 Nov 2026, 14:30:00 (Europe/Berlin, UTC+1). */
export function formatFull(instant: number, zone = viewerZone): string {
  try {
    const text = format({
      weekday: 'short',
      day: 'numeric',
      month: 'short',
      year: 'numeric',
      ...clockOptions,
      second: '2-digit',
      timeZone: zone,
    }).format(instant);
    const offset = zoneOffsetText(instant, zone);
    return offset === zone ? `${text} (${zone})` : `${text} (${zone}, ${offset})`;
  } catch {
    return `${new Date(instant).toISOString()} (${zone})`;
  }
}

/** For hovering: the viewer's zone, and the job's when it is another. */
export function formatBothZones(instant: number, jobZone?: string | null): string {
  const own = formatFull(instant);
  return jobZone && jobZone !== viewerZone ? `${own}\n${formatFull(instant, jobZone)}` : own;
}

/** 0.6 s, 45.2 s, 4 min 51 s, 1 h 04 min, 2 d 3 h; seconds in. */
export function formatDuration(seconds: number | null | undefined): string {
  if (seconds === null || seconds === undefined || !Number.isFinite(seconds)) return '–';
  if (seconds < 0.01) return `${Math.max(0, Math.round(seconds * 1000))} ms`;
  if (seconds < 10) return `${Number(seconds.toFixed(seconds < 1 ? 2 : 1))} s`;
  if (seconds < 59.95) return `${seconds.toFixed(1)} s`;
  const whole = Math.round(seconds);
  const pad = (value: number) => String(value).padStart(2, '0');
  if (seconds < 3600 && seconds % 60 === 0) return `${seconds / 60} min`;
  if (whole < 3600) return `${Math.floor(whole / 60)} min ${pad(whole % 60)} s`;
  if (whole < 86_400) return `${Math.floor(whole / 3600)} h ${pad(Math.floor((whole % 3600) / 60))} min`;
  return `${Math.floor(whole / 86_400)} d ${Math.floor((whole % 86_400) / 3600)} h`;
}

/** The same, rounded to what matters at a glance: 22 min, 4 min, 41 s. */
export function formatRoughDuration(seconds: number | null | undefined): string {
  if (seconds === null || seconds === undefined) return '–';
  if (seconds >= 120 && seconds < 3600) return `${Math.round(seconds / 60)} min`;
  if (seconds >= 10 && seconds < 120) return `${Math.round(seconds)} s`;
  return formatDuration(seconds);
}

const numbers = new Intl.NumberFormat();
/** 12,345 in the viewer's way. */
export function formatNumber(value: number): string {
  return numbers.format(value);
}

/** "1 job", "3 jobs". */
export function plural(count: number, one: string, many = `${one}s`): string {
  return `${formatNumber(count)} ${count === 1 ? one : many}`;
}

const units = ['B', 'kB', 'MB', 'GB', 'TB'];
/** 18.4 kB */
export function formatBytes(bytes: number): string {
  let value = bytes;
  let unit = 0;
  while (value >= 1000 && unit < units.length - 1) {
    value /= 1000;
    unit += 1;
  }
  return `${unit === 0 ? value : value.toFixed(1)} ${units[unit]}`;
}
