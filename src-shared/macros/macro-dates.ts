import { asUtc, type CivilTime, civilIn } from '../civil-time';
import { timeZoneName } from '../schedule/time-zone-name';
import type { MacroShift } from './parse-macros';

const monthNames =
  'January February March April May June July August September October November December'.split(' ');
const dayNames = 'Sunday Monday Tuesday Wednesday Thursday Friday Saturday'.split(' ');
const pad = (value: number, width: number): string => String(value).padStart(width, '0');

function fromUtc(instant: number): CivilTime {
  const date = new Date(instant);
  return {
    year: date.getUTCFullYear(),
    month: date.getUTCMonth() + 1,
    day: date.getUTCDate(),
    hour: date.getUTCHours(),
    minute: date.getUTCMinutes(),
    second: date.getUTCSeconds(),
    millisecond: date.getUTCMilliseconds(),
  };
}

/** Minutes that clocks in `zone` are ahead of UTC. */
function offsetMinutes(instant: number, zone: string): number {
  return Math.round((asUtc(civilIn(instant, zone)) - instant) / 60_000);
}

/** The instant at which clocks in `zone` show this; in a gap the one as long behind it. */
export function instantOf(time: CivilTime, zone: string): number {
  const wanted = asUtc(time);
  const first = wanted - offsetMinutes(wanted, zone) * 60_000;
  return wanted - offsetMinutes(first, zone) * 60_000;
}

/** A calendar date; undefined when there is no such day. */
export function parseDate(text: string): CivilTime | undefined {
  const match = /^(\d{4})-(\d{2})-(\d{2})$/.exec(text);
  if (!match) return undefined;
  const [year, month, day] = match.slice(1).map(Number) as [number, number, number];
  const time: CivilTime = { year, month, day, hour: 0, minute: 0, second: 0, millisecond: 0 };
  const back = fromUtc(asUtc(time));
  return back.year === year && back.month === month && back.day === day ? time : undefined;
}

const lastDayOf = (year: number, month: number): number => new Date(Date.UTC(year, month, 0)).getUTCDate();

/** Moves a reading by calendar steps; the 31st moved into a shorter month is that month's last day. */
export function shifted(time: CivilTime, shifts: readonly MacroShift[]): CivilTime {
  let current = time;
  for (const { amount, unit } of shifts) {
    if (unit === 'month' || unit === 'year') {
      const months = current.year * 12 + current.month - 1 + amount * (unit === 'year' ? 12 : 1);
      const year = Math.floor(months / 12);
      const month = (((months % 12) + 12) % 12) + 1;
      current = { ...current, year, month, day: Math.min(current.day, lastDayOf(year, month)) };
      continue;
    }
    const milliseconds = {
      second: 1000,
      minute: 60_000,
      hour: 3_600_000,
      day: 86_400_000,
      week: 604_800_000,
    };
    current = fromUtc(asUtc(current) + amount * milliseconds[unit]);
  }
  return current;
}

const tokens = /'([^']*)'|yyyy|yy|MMMM|MMM|MM|M|dddd|ddd|dd|d|HH|H|mm|m|ss|s|fff|zzz|[A-Za-z]+/g;
const known = 'yyyy yy MMMM MMM MM M dddd ddd dd d HH H mm m ss s fff zzz';

/** Letters of a format that mean nothing; undefined when all are understood. */
export function formatProblem(format: string): string | undefined {
  for (const [token] of format.matchAll(tokens)) {
    if (token.startsWith("'") || known.split(' ').includes(token)) continue;
    return `"${token}" is not part of a date format; expected ${known}, or 'text' in quotes`;
  }
  return undefined;
}

export function zoneProblem(zone: string): string | undefined {
  return timeZoneName(zone) === undefined
    ? `"${zone}" is not a time zone; expected an IANA name such as America/New_York`
    : undefined;
}

/** Writes a reading by a format of .NET's letters: yyyy-MM-dd HH:mm:ss.fff, zzz for the offset. */
export function formatCivil(time: CivilTime, format: string, zone: string): string {
  const weekday = dayNames[new Date(asUtc(time)).getUTCDay()] ?? '';
  const month = monthNames[time.month - 1] ?? '';
  return format.replace(tokens, (token, quoted: string | undefined) => {
    if (quoted !== undefined) return quoted;
    switch (token) {
      case 'yyyy':
        return pad(time.year, 4);
      case 'yy':
        return pad(time.year % 100, 2);
      case 'MMMM':
        return month;
      case 'MMM':
        return month.slice(0, 3);
      case 'MM':
        return pad(time.month, 2);
      case 'M':
        return String(time.month);
      case 'dddd':
        return weekday;
      case 'ddd':
        return weekday.slice(0, 3);
      case 'dd':
        return pad(time.day, 2);
      case 'd':
        return String(time.day);
      case 'HH':
        return pad(time.hour, 2);
      case 'H':
        return String(time.hour);
      case 'mm':
        return pad(time.minute, 2);
      case 'm':
        return String(time.minute);
      case 'ss':
        return pad(time.second, 2);
      case 's':
        return String(time.second);
      case 'fff':
        return pad(time.millisecond, 3);
      case 'zzz': {
        const minutes = offsetMinutes(instantOf(time, zone), zone);
        const size = Math.abs(minutes);
        return `${minutes < 0 ? '-' : '+'}${pad(Math.floor(size / 60), 2)}:${pad(size % 60, 2)}`;
      }
      default:
        return token;
    }
  });
}
