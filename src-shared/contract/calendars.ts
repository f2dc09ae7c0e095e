import { z } from 'zod';
import { Calendar, CalendarContent, CalendarId } from '../model/calendar';
import { MaintenanceWindow, MaintenanceWindowContent, WindowId } from '../model/maintenance-window';
import { operation } from './operation';
import { ok } from './query';

const params = z.strictObject({ calendar_id: CalendarId });
const windowParams = z.strictObject({ window_id: WindowId });
const Changed = z.object({ success: ok, calendar: Calendar, message: z.string() });
const WindowChanged = z.object({ success: ok, window: MaintenanceWindow, message: z.string() });

/** Holiday sets that jobs name in `exclude:`, and windows in which jobs are held. */
export const calendars = {
  list: operation({
    method: 'GET',
    path: '/api/calendars',
    role: 'viewer',
    tag: 'Calendars',
    summary: 'List holiday sets',
    response: z.object({ success: ok, calendars: z.array(Calendar) }),
    errors: [],
  }),
  get: operation({
    method: 'GET',
    path: '/api/calendars/:calendar_id',
    role: 'viewer',
    tag: 'Calendars',
    summary: 'Get a holiday set',
    params,
    response: z.object({ success: ok, calendar: Calendar }),
    errors: ['not_found'],
  }),
  create: operation({
    method: 'POST',
    path: '/api/calendars',
    role: 'editor',
    tag: 'Calendars',
    summary: 'Create a holiday set',
    body: CalendarContent.extend({ calendar_id: CalendarId }),
    status: 201,
    response: Changed,
    errors: ['validation_failed', 'conflict'],
  }),
  update: operation({
    method: 'PUT',
    path: '/api/calendars/:calendar_id',
    role: 'editor',
    tag: 'Calendars',
    summary: 'Replace what a holiday set holds; planned runs follow at once',
    params,
    body: CalendarContent,
    response: Changed,
    errors: ['validation_failed', 'not_found'],
  }),
  remove: operation({
    method: 'DELETE',
    path: '/api/calendars/:calendar_id',
    role: 'editor',
    tag: 'Calendars',
    summary: 'Delete a holiday set; refused while jobs name it',
    params,
    response: z.object({ success: ok, message: z.string() }),
    errors: ['not_found', 'conflict'],
  }),
  import: operation({
    method: 'POST',
    path: '/api/calendars/:calendar_id/import',
    role: 'editor',
    tag: 'Calendars',
    summary: 'Bring an iCalendar file (.ics) into a holiday set; creates the set when there is none',
    params,
    body: z.strictObject({
      ical: z.string().min(1),
      replace: z.boolean().default(false).describe('drop what the set held before'),
      name: z.string().min(1).max(255).optional(),
      dry_run: z.boolean().default(false),
    }),
    bodyLimit: 2 * 1024 * 1024,
    response: z.object({
      success: ok,
      dry_run: z.boolean(),
      calendar: Calendar,
      added: z.number().int(),
      warnings: z.array(z.string()),
      message: z.string(),
    }),
    errors: ['validation_failed', 'payload_too_large'],
  }),
  listWindows: operation({
    method: 'GET',
    path: '/api/maintenance-windows',
    role: 'viewer',
    tag: 'Calendars',
    summary: 'List maintenance windows',
    response: z.object({ success: ok, windows: z.array(MaintenanceWindow) }),
    errors: [],
  }),
  createWindow: operation({
    method: 'POST',
    path: '/api/maintenance-windows',
    role: 'operator',
    tag: 'Calendars',
    summary: 'Hold all jobs, or those of a tag, for a stretch of time, once or again and again',
    body: MaintenanceWindowContent,
    status: 201,
    response: WindowChanged,
    errors: ['validation_failed'],
  }),
  updateWindow: operation({
    method: 'PUT',
    path: '/api/maintenance-windows/:window_id',
    role: 'operator',
    tag: 'Calendars',
    summary: 'Change a maintenance window; held jobs follow at once',
    params: windowParams,
    body: MaintenanceWindowContent,
    response: WindowChanged,
    errors: ['validation_failed', 'not_found'],
  }),
  removeWindow: operation({
    method: 'DELETE',
    path: '/api/maintenance-windows/:window_id',
    role: 'operator',
    tag: 'Calendars',
    summary: 'Delete a maintenance window; what it holds goes on',
    params: windowParams,
    response: z.object({ success: ok, message: z.string() }),
    errors: ['not_found'],
  }),
};
