import { AppError } from '../../../../src-shared/errors';
import { issuesInWords } from '../../../../src-shared/job-document/zod-words';
import { type Calendar, CalendarContent } from '../../../../src-shared/model/calendar';
import type { EventBus } from '../../events/event-bus';
import type { JobRegistry } from '../../jobs/job-registry';
import type { CalendarReader } from '../../ports/calendar-reader';
import type { Clock } from '../../ports/clock';
import type { Logger } from '../../ports/logger';
import type { NamedRecord, NamedRepository } from '../../ports/schedule-store';
import { createCalendarMatcher } from './calendar-matcher';
import type { Matchers } from './exclusion';

/** Holiday sets: stored, and prepared in memory, because the timetable asks at every slot. */
export interface CalendarService {
  load(): Promise<void>;
  list(): Calendar[];
  get(calendar_id: string): Calendar;
  create(calendar_id: string, content: CalendarContent, by: string): Promise<Calendar>;
  update(calendar_id: string, content: CalendarContent): Promise<Calendar>;
  remove(calendar_id: string): Promise<void>;
  import(
    calendar_id: string,
    wanted: {
      readonly ical: string;
      readonly replace: boolean;
      readonly name?: string;
      readonly dry_run: boolean;
    },
    by: string,
  ): Promise<{ calendar: Calendar; added: number; warnings: readonly string[] }>;
  readonly matchers: Matchers;
  /** Ids of the sets there are. */
  readonly ids: Pick<ReadonlyMap<string, unknown>, 'has' | 'keys'>;
}

/** What a file and a set come to together can be more than a set may hold. */
function checkedContent(merged: unknown): CalendarContent {
  const { data, error } = CalendarContent.safeParse(merged);
  if (data) return data;
  const issues = issuesInWords(error.issues, merged, [], CalendarContent).map(({ issue }) => issue);
  throw new AppError('validation_failed', `ical does not fit into the set: ${issues[0]?.message}`, {
    issues,
  });
}

/** Recurring events are written out this far. */
const yearMs = 366 * 86_400_000;

export function createCalendarService(deps: {
  readonly calendars: NamedRepository;
  readonly registry: JobRegistry;
  readonly reader: CalendarReader;
  readonly events: EventBus;
  readonly clock: Clock;
  readonly logger: Logger;
  /** Called with the id after a set was made, changed or removed. */
  readonly onChange: (calendar_id: string) => Promise<void>;
}): CalendarService {
  const records = new Map<string, { record: NamedRecord; content: CalendarContent }>();
  const matchers = new Map<string, ReturnType<typeof createCalendarMatcher>>();

  const keep = (record: NamedRecord, content: CalendarContent) => {
    records.set(record.id, { record, content });
    matchers.set(record.id, createCalendarMatcher(content));
  };

  const usersOf = (calendar_id: string): string[] =>
    deps.registry
      .all()
      .filter((job) => job.definition.exclude?.includes(calendar_id))
      .map((job) => job.record.job_id);

  const viewOf = (record: NamedRecord, content: CalendarContent): Calendar => ({
    calendar_id: record.id,
    ...content,
    name: content.name ?? record.id,
    description: content.description ?? '',
    used_by: usersOf(record.id),
    created_date: new Date(record.created_date).toISOString(),
    modified_date: new Date(record.modified_date).toISOString(),
    created_by: record.created_by,
  });

  const find = (calendar_id: string) => {
    const found = records.get(calendar_id);
    if (!found) throw new AppError('not_found', `There is no holiday set "${calendar_id}"`);
    return found;
  };

  const changed = async (calendar_id: string) => {
    await deps.onChange(calendar_id);
    deps.events.publish('calendar.changed', { calendar_id });
  };

  const newRecord = (id: string, content: CalendarContent, by: string): NamedRecord => {
    const now = deps.clock.now();
    return {
      id,
      definition: JSON.stringify(content),
      created_date: now,
      modified_date: now,
      created_by: by.slice(0, 255),
    };
  };

  const service: CalendarService = {
    matchers,
    ids: matchers,
    async load() {
      records.clear();
      matchers.clear();
      for (const record of await deps.calendars.list()) {
        try {
          keep(record, CalendarContent.parse(JSON.parse(record.definition)));
        } catch (error) {
          deps.logger.error(`the holiday set "${record.id}" can't be read; jobs that name it are held`, {
            error: String(error),
          });
        }
      }
    },
    list: () => [...records.values()].map(({ record, content }) => viewOf(record, content)),
    get(calendar_id) {
      const { record, content } = find(calendar_id);
      return viewOf(record, content);
    },
    async create(calendar_id, content, by) {
      const record = newRecord(calendar_id, content, by);
      if (!(await deps.calendars.insert(record)))
        throw new AppError('conflict', `A holiday set "${calendar_id}" exists already`);
      keep(record, content);
      await changed(calendar_id);
      return viewOf(record, content);
    },
    async update(calendar_id, content) {
      const { record } = find(calendar_id);
      const next = { ...record, definition: JSON.stringify(content), modified_date: deps.clock.now() };
      if (!(await deps.calendars.update(next)))
        throw new AppError('not_found', `There is no holiday set "${calendar_id}"`);
      keep(next, content);
      await changed(calendar_id);
      return viewOf(next, content);
    },
    async remove(calendar_id) {
      find(calendar_id);
      const users = usersOf(calendar_id);
      if (users.length > 0) {
        const shown = users
          .slice(0, 5)
          .map((id) => `"${id}"`)
          .join(', ');
        throw new AppError(
          'conflict',
          `The holiday set "${calendar_id}" is named by ${users.length === 1 ? 'the job' : `${users.length} jobs:`} ${shown}${users.length > 5 ? ', …' : ''}; take it out of exclude first`,
        );
      }
      await deps.calendars.remove(calendar_id);
      records.delete(calendar_id);
      matchers.delete(calendar_id);
      await changed(calendar_id);
    },
    async import(calendar_id, { ical, replace, name, dry_run }, by) {
      const now = deps.clock.now();
      const read = deps.reader.readIcal(ical, { from: now - yearMs, until: now + 5 * yearMs });
      const known = records.get(calendar_id);
      const before: CalendarContent =
        known && !replace
          ? known.content
          : {
              dates: [],
              yearly: [],
              weekly: replace ? (known?.content.weekly ?? []) : [],
              spans: [],
              ...(known?.content.name ? { name: known.content.name } : {}),
              ...(known?.content.description ? { description: known.content.description } : {}),
            };
      const merged = (key: 'dates' | 'yearly' | 'spans') => {
        const seen = new Set(before[key].map((one) => JSON.stringify(one)));
        return [...before[key], ...read.content[key].filter((one) => !seen.has(JSON.stringify(one)))];
      };
      const title = name ?? before.name ?? read.name;
      const content = checkedContent({
        ...before,
        ...(title ? { name: title } : {}),
        dates: merged('dates'),
        yearly: merged('yearly'),
        spans: merged('spans'),
      });
      const sizeOf = (one: CalendarContent) => one.dates.length + one.yearly.length + one.spans.length;
      const added = sizeOf(content) - (replace ? 0 : sizeOf(before));
      if (added === 0 && read.warnings.length === 0 && sizeOf(content) === 0)
        throw new AppError('validation_failed', 'ical holds no events');
      const result = { added, warnings: read.warnings };
      if (dry_run)
        return { calendar: viewOf(known?.record ?? newRecord(calendar_id, content, by), content), ...result };
      const calendar = known
        ? await service.update(calendar_id, content)
        : await service.create(calendar_id, content, by);
      return { calendar, ...result };
    },
  };
  return service;
}
