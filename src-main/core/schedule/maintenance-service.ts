import { AppError } from '../../../src-shared/errors';
import {
  type MaintenanceWindow,
  MaintenanceWindowContent,
} from '../../../src-shared/model/maintenance-window';
import { parseSchedule } from '../../../src-shared/schedule/parse-schedule';
import type { EventBus } from '../events/event-bus';
import { refuseErrors } from '../jobs/job-record';
import type { Clock } from '../ports/clock';
import type { Logger } from '../ports/logger';
import type { Random } from '../ports/random';
import type { NamedRecord, NamedRepository } from '../ports/schedule-store';
import { type PreparedWindow, prepareWindow } from './maintenance-window';

/** Maintenance windows: stored, and prepared in memory. */
export interface MaintenanceService {
  load(): Promise<void>;
  list(): MaintenanceWindow[];
  create(content: MaintenanceWindowContent, by: string): Promise<MaintenanceWindow>;
  update(window_id: string, content: MaintenanceWindowContent): Promise<MaintenanceWindow>;
  remove(window_id: string): Promise<void>;
  /** All windows there are; a new list after every change. */
  readonly windows: readonly PreparedWindow[];
}

const iso = (instant: number): string => new Date(instant).toISOString();

export function createMaintenanceService(deps: {
  readonly maintenanceWindows: NamedRepository;
  readonly events: EventBus;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly random: Pick<Random, 'token'>;
  readonly defaultTimezone: string;
  /** Called after a window was made, changed or removed. */
  readonly onChange: () => Promise<void>;
}): MaintenanceService {
  const records = new Map<string, { record: NamedRecord; window: PreparedWindow }>();
  let windows: readonly PreparedWindow[] = [];

  const refresh = () => {
    windows = [...records.values()].map(({ window }) => window);
  };

  const prepare = (record: NamedRecord, content: MaintenanceWindowContent): PreparedWindow =>
    prepareWindow(record.id, content, { ...record, defaultTimezone: deps.defaultTimezone });

  const view = ({ record, window }: { record: NamedRecord; window: PreparedWindow }): MaintenanceWindow => {
    const now = deps.clock.now();
    const open = window.at(now);
    const opening = open ?? window.next(now);
    const { tag, schedule, ...content } = window.content;
    return {
      window_id: record.id,
      ...content,
      ...(schedule ? { schedule } : {}),
      tag: tag ?? null,
      text: window.text,
      open: open !== undefined,
      from: opening ? iso(opening.from) : null,
      to: opening ? iso(opening.to) : null,
      created_date: iso(record.created_date),
      modified_date: iso(record.modified_date),
      created_by: record.created_by,
    };
  };

  const check = (content: MaintenanceWindowContent) => {
    if (!content.schedule) return;
    refuseErrors(parseSchedule(content.schedule, 'schedule').issues);
  };

  const find = (window_id: string) => {
    const found = records.get(window_id);
    if (!found) throw new AppError('not_found', `There is no maintenance window "${window_id}"`);
    return found;
  };

  const changed = async (window_id: string) => {
    refresh();
    await deps.onChange();
    deps.events.publish('maintenance.changed', { window_id });
  };

  return {
    get windows() {
      return windows;
    },
    async load() {
      records.clear();
      for (const record of await deps.maintenanceWindows.list()) {
        try {
          const content = MaintenanceWindowContent.parse(JSON.parse(record.definition));
          records.set(record.id, { record, window: prepare(record, content) });
        } catch (error) {
          deps.logger.error(`the maintenance window "${record.id}" can't be read and holds nothing`, {
            error: String(error),
          });
        }
      }
      refresh();
    },
    list: () => [...records.values()].map(view),
    async create(content, by) {
      check(content);
      const now = deps.clock.now();
      const record: NamedRecord = {
        id: `mw_${deps.random
          .token(6)
          .replace(/[^A-Za-z0-9]/g, '')
          .slice(0, 8)}`,
        definition: JSON.stringify(content),
        created_date: now,
        modified_date: now,
        created_by: by.slice(0, 255),
      };
      if (!(await deps.maintenanceWindows.insert(record)))
        throw new AppError('conflict', 'The window could not be named; try again');
      const entry = { record, window: prepare(record, content) };
      records.set(record.id, entry);
      await changed(record.id);
      return view(entry);
    },
    async update(window_id, content) {
      check(content);
      const { record } = find(window_id);
      const next = { ...record, definition: JSON.stringify(content), modified_date: deps.clock.now() };
      await deps.maintenanceWindows.update(next);
      const entry = { record: next, window: prepare(next, content) };
      records.set(window_id, entry);
      await changed(window_id);
      return view(entry);
    },
    async remove(window_id) {
      find(window_id);
      await deps.maintenanceWindows.remove(window_id);
      records.delete(window_id);
      await changed(window_id);
    },
  };
}
