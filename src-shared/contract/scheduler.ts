import { z } from 'zod';
import { MachineView } from '../model/machine';
import { Schedule } from '../model/schedule';
import { SchedulerState, SchedulerStatus } from '../model/scheduler';
import { operation } from './operation';
import { ok, queryInstant } from './query';

const Acted = z.object({ success: ok, status: SchedulerState, message: z.string() });
const act = <const P extends string>(path: P, summary: string) =>
  operation({
    method: 'POST',
    path,
    role: 'operator',
    tag: 'Scheduler',
    summary,
    body: z.strictObject({ reason: z.string().max(500).optional() }),
    bodyOptional: true,
    response: Acted,
    errors: ['conflict', 'unavailable'],
  });

export const scheduler = {
  status: operation({
    method: 'GET',
    path: '/api/scheduler/status',
    role: 'viewer',
    tag: 'Scheduler',
    summary: 'Get scheduler status',
    response: SchedulerStatus.extend({ success: ok, status: SchedulerState }),
    errors: [],
  }),
  start: act('/api/scheduler/start', 'Start the scheduler'),
  stop: act('/api/scheduler/stop', 'Stop scheduling; what runs goes on to its end'),
  pause: act('/api/scheduler/pause', 'Hold all schedules until resumed'),
  resume: act('/api/scheduler/resume', 'Go on after a pause'),
  machines: operation({
    method: 'GET',
    path: '/api/machines',
    role: 'viewer',
    tag: 'Scheduler',
    summary: 'The machines that share the jobs, and how each of them stands',
    response: z.object({
      success: ok,
      is_clustered: z.boolean().describe('false: this program works alone, and the list is empty'),
      away: z
        .string()
        .nullable()
        .describe(
          'why the list can not be had, and runs that others may begin too wait; null while all is well',
        ),
      machines: z.array(MachineView),
    }),
    errors: [],
  }),
  preview: operation({
    method: 'POST',
    path: '/api/schedule/preview',
    role: 'viewer',
    tag: 'Scheduler',
    summary: 'When a schedule would fire; computes and starts nothing',
    isReadOnly: true,
    body: z.strictObject({
      schedule: Schedule,
      from: queryInstant.optional(),
      count: z.number().int().min(1).max(1000).default(10),
    }),
    response: z.object({
      success: ok,
      schedule_text: z.string().describe('the schedule in words'),
      slots: z.array(
        z.object({
          scheduled_time: z.string(),
          local_time: z.string(),
          timezone: z.string().describe('the zone of local_time'),
          note: z.string().optional(),
        }),
      ),
    }),
    errors: ['validation_failed'],
  }),
};
