import ICAL from 'ical.js';
import { AppError } from '../../../src-shared/errors';
import type { CalendarReader } from '../../core/ports/calendar-reader';

type Content = ReturnType<CalendarReader['readIcal']>['content'];

/** More than a holiday set needs, and far less than a hostile file can ask for. */
const mostEvents = 5000;
const mostOccurrences = 5000;
/** Looked at to find those within the range; a rule that goes on beyond is cut. */
const mostSteps = 50_000;

const two = (value: number) => String(value).padStart(2, '0');
const dateText = (time: ICAL.Time) =>
  `${String(time.year).padStart(4, '0')}-${two(time.month)}-${two(time.day)}`;

/** The last day of a whole-day event: DTEND is exclusive. */
function lastDay(start: ICAL.Time, end: ICAL.Time | null): string | undefined {
  if (!end || end.compare(start) <= 0) return undefined;
  const last = end.clone();
  last.adjust(-1, 0, 0, 0);
  return last.compare(start) > 0 ? dateText(last) : undefined;
}

/** `RRULE:FREQ=YEARLY` and nothing that narrows it beyond the date itself. */
function isPlainYearly(rule: ICAL.Recur, start: ICAL.Time): boolean {
  if (rule.freq !== 'YEARLY' || rule.interval !== 1 || rule.count !== null || rule.until !== null)
    return false;
  const parts = rule.parts as Record<string, readonly (number | string)[]>;
  return Object.entries(parts).every(
    ([name, values]) =>
      (name === 'BYMONTH' && values.length === 1 && Number(values[0]) === start.month) ||
      (name === 'BYMONTHDAY' && values.length === 1 && Number(values[0]) === start.day),
  );
}

function parse(text: string): ICAL.Component {
  try {
    const parsed: unknown = ICAL.parse(text);
    const root = Array.isArray(parsed) && Array.isArray(parsed[0]) ? parsed[0] : parsed;
    return new ICAL.Component(root as ConstructorParameters<typeof ICAL.Component>[0]);
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw new AppError('validation_failed', `ical is not an iCalendar text: ${why.slice(0, 200)}`);
  }
}

/** Reads iCalendar files with ical.js. */
export const icalReader: CalendarReader = {
  readIcal(text, { from, until }) {
    const root = parse(text);
    if (root.name !== 'vcalendar') {
      throw new AppError(
        'validation_failed',
        'ical is not an iCalendar text: it does not begin with BEGIN:VCALENDAR',
      );
    }
    const warnings: string[] = [];
    const content: {
      dates: Content['dates'][number][];
      yearly: Content['yearly'][number][];
      spans: Content['spans'][number][];
    } = { dates: [], yearly: [], spans: [] };
    for (const zone of root.getAllSubcomponents('vtimezone')) {
      const tzid = String(zone.getFirstPropertyValue('tzid') ?? '');
      if (tzid && !ICAL.TimezoneService.has(tzid)) ICAL.TimezoneService.register(zone);
    }
    const add = (start: ICAL.Time, end: ICAL.Time | null, name: string | undefined) => {
      if (content.dates.length + content.spans.length >= mostOccurrences) return;
      if (start.isDate) {
        const last = lastDay(start, end);
        content.dates.push({
          date: dateText(start),
          ...(last ? { until: last } : {}),
          ...(name ? { name } : {}),
        });
        return;
      }
      const first = start.toJSDate().getTime();
      const last = end ? end.toJSDate().getTime() : first;
      if (last <= first) return;
      content.spans.push({
        from: new Date(first).toISOString(),
        to: new Date(last).toISOString(),
        ...(name ? { name } : {}),
      });
    };
    const components = root.getAllSubcomponents('vevent');
    if (components.length > mostEvents)
      warnings.push(`only the first ${mostEvents} of ${components.length} events are read`);
    for (const component of components.slice(0, mostEvents)) {
      const event = new ICAL.Event(component);
      const name = (event.summary ?? '').replace(/\s+/g, ' ').trim().slice(0, 200) || undefined;
      const shown = name ?? event.uid ?? 'an event without a name';
      try {
        const { startDate, endDate } = event;
        if (!startDate) {
          warnings.push(`"${shown}" has no start and is left out`);
          continue;
        }
        const written = component.getFirstProperty('dtstart')?.jCal[3];
        // 30 February would silently become 2 March.
        if (typeof written === 'string' && !written.startsWith(dateText(startDate))) {
          warnings.push(`"${shown}" begins on ${written}, which is not a date that exists, and is left out`);
          continue;
        }
        if (component.getFirstPropertyValue('status') === 'CANCELLED') continue;
        const isFree = component.getFirstPropertyValue('transp') === 'TRANSPARENT' && !startDate.isDate;
        if (isFree) warnings.push(`"${shown}" is marked as free time and is taken in all the same`);
        if (!event.isRecurring()) {
          add(startDate, endDate, name);
          continue;
        }
        const rule = component.getFirstPropertyValue('rrule');
        const hasExceptions = component.hasProperty('exdate') || component.hasProperty('rdate');
        if (
          rule instanceof ICAL.Recur &&
          startDate.isDate &&
          !hasExceptions &&
          isPlainYearly(rule, startDate) &&
          !lastDay(startDate, endDate)
        ) {
          content.yearly.push({
            day: `${two(startDate.month)}-${two(startDate.day)}`,
            ...(name ? { name } : {}),
          });
          continue;
        }
        const iterator = event.iterator();
        let steps = 0;
        let isCut = false;
        for (let start = iterator.next(); start; start = iterator.next()) {
          steps += 1;
          const instant = start.toJSDate().getTime();
          if (instant > until) {
            isCut = true;
            break;
          }
          if (steps > mostSteps) {
            isCut = true;
            break;
          }
          if (instant < from) continue;
          const end = start.clone();
          end.addDuration(event.duration);
          add(start, end, name);
        }
        if (isCut)
          warnings.push(
            `"${shown}" goes on without end: read up to ${new Date(until).toISOString().slice(0, 10)}`,
          );
      } catch (error) {
        warnings.push(
          `"${shown}" can't be read (${error instanceof Error ? error.message.slice(0, 100) : 'unknown'})`,
        );
      }
    }
    const name = root.getFirstPropertyValue('x-wr-calname');
    return { name: typeof name === 'string' ? name.slice(0, 255) : undefined, content, warnings };
  },
};
