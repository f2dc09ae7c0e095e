import type { AppContract } from '../../../src-shared/contract/index';
import type { Handlers } from '../../../src-shared/contract/operation';
import type { Core } from '../../core/core';
import type { ApiContext } from '../invoke';
import { actorOf } from './common';

/** Holiday sets and maintenance windows over the API. */
export function createCalendarHandlers(core: Core): Handlers<AppContract, ApiContext>['calendars'] {
  const { calendars, maintenance } = core;
  return {
    async list() {
      return { success: true, calendars: calendars.list() };
    },
    async get({ params }) {
      return { success: true, calendar: calendars.get(params.calendar_id) };
    },
    async create({ body: { calendar_id, ...content } }, context) {
      const calendar = await calendars.create(calendar_id, content, actorOf(context));
      return { success: true, calendar, message: `Holiday set "${calendar_id}" created` };
    },
    async update({ params, body }) {
      const calendar = await calendars.update(params.calendar_id, body);
      return { success: true, calendar, message: `Holiday set "${params.calendar_id}" updated` };
    },
    async remove({ params }) {
      await calendars.remove(params.calendar_id);
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
      return { success: true, window, message: 'Maintenance window created' };
    },
    async updateWindow({ params, body }) {
      const window = await maintenance.update(params.window_id, body);
      return { success: true, window, message: 'Maintenance window updated' };
    },
    async removeWindow({ params }) {
      await maintenance.remove(params.window_id);
      return { success: true, message: 'Maintenance window deleted' };
    },
  };
}
