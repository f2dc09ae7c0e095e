import type { AppContract } from '../../../src-shared/contract/index';
import type { Handlers } from '../../../src-shared/contract/operation';
import type { Core } from '../../core/core';
import type { ApiContext } from '../invoke';
import { actorOf } from './common';

/** What somebody wrote of a thing, without its dates and users. */
function content<T extends { readonly modified_date: string }>(shown: T) {
  const { modified_date: _date, ...rest } = shown;
  return { ...rest, used_by: undefined, is_open: undefined, from: undefined, to: undefined };
}

/** Holiday sets and maintenance windows over the API. */
export function createCalendarHandlers(core: Core): Handlers<AppContract, ApiContext>['calendars'] {
  const { calendars, maintenance } = core;
  const windowOf = (window_id: string) => maintenance.list().find((one) => one.window_id === window_id);
  return {
    async list() {
      return { success: true, calendars: calendars.list() };
    },
    async get({ params }) {
      return { success: true, calendar: calendars.get(params.calendar_id) };
    },
    async create({ body: { calendar_id, ...body } }, context) {
      const calendar = await calendars.create(calendar_id, body, actorOf(context));
      context.change?.(calendar_id, undefined, content(calendar));
      return { success: true, calendar, message: `Holiday set "${calendar_id}" created` };
    },
    async update({ params, body }, context) {
      const before = calendars.get(params.calendar_id);
      const calendar = await calendars.update(params.calendar_id, body);
      context.change?.(params.calendar_id, content(before), content(calendar));
      return { success: true, calendar, message: `Holiday set "${params.calendar_id}" updated` };
    },
    async remove({ params }, context) {
      const before = calendars.get(params.calendar_id);
      await calendars.remove(params.calendar_id);
      context.change?.(params.calendar_id, content(before), undefined);
      return { success: true, message: `Holiday set "${params.calendar_id}" deleted` };
    },
    async import({ params, body }, context) {
      const { calendar, added, warnings } = await calendars.import(
        params.calendar_id,
        body,
        actorOf(context),
      );
      const verb = body.dry_run ? 'Nothing saved (dry run); would be added' : 'Added';
      return {
        success: true,
        dry_run: body.dry_run,
        calendar,
        added,
        warnings: [...warnings],
        message: `${verb}: ${added} ${added === 1 ? 'entry' : 'entries'}`,
      };
    },
    async listWindows() {
      return { success: true, windows: maintenance.list() };
    },
    async createWindow({ body }, context) {
      const window = await maintenance.create(body, actorOf(context));
      context.change?.(window.window_id, undefined, content(window));
      return { success: true, window, message: 'Maintenance window created' };
    },
    async updateWindow({ params, body }, context) {
      const before = windowOf(params.window_id);
      const window = await maintenance.update(params.window_id, body);
      context.change?.(params.window_id, before && content(before), content(window));
      return { success: true, window, message: 'Maintenance window updated' };
    },
    async removeWindow({ params }, context) {
      const before = windowOf(params.window_id);
      await maintenance.remove(params.window_id);
      context.change?.(params.window_id, before && content(before), undefined);
      return { success: true, message: 'Maintenance window deleted' };
    },
  };
}
