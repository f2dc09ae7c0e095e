import type { AppContract } from '../../../src-shared/contract/index';
import type { Handlers } from '../../../src-shared/contract/operation';
import { AppError } from '../../../src-shared/errors';
import { parseSchedule } from '../../../src-shared/schedule/parse-schedule';
import { describeParsedSchedule } from '../../../src-shared/schedule/schedule-words';
import { machineView } from '../../core/cluster/machine-view';
import type { Core } from '../../core/core';
import { refuseErrors } from '../../core/jobs/job-record';
import { previewSchedule } from '../../core/schedule/preview';
import type { ApiContext } from '../invoke';
import { actorOf } from './common';

/** The scheduler over the API. Asking for the state it is in already is answered kindly. */
export function createSchedulerHandlers(core: Core): Handlers<AppContract, ApiContext>['scheduler'] {
  const { scheduler, registry, queue } = core;
  const acted = (message: string) => ({ success: true as const, status: scheduler.state, message });
  const by = (context: ApiContext, reason: string | undefined) =>
    reason ? `${actorOf(context)}: ${reason}` : actorOf(context);

  const needScheduler = () => {
    if (core.settings.schedules) return;
    throw new AppError(
      'unavailable',
      'This process only serves pages (--mode web); no scheduler runs on this data',
    );
  };

  return {
    async status() {
      const queued = queue.status();
      const earliest = scheduler.earliest();
      const jobs = registry.all();
      return {
        success: true,
        status: scheduler.state,
        state: scheduler.state,
        running: scheduler.state === 'running',
        timezone: core.settings.jobDefaults.timezone,
        since: new Date(scheduler.since).toISOString(),
        changed_by: scheduler.changedBy,
        total_jobs: jobs.length,
        enabled_jobs: jobs.filter((job) => job.record.enabled).length,
        scheduled_jobs: scheduler.plannedJobs,
        running_executions: queued.running,
        pending_executions: queued.pending,
        thread_pool_size: core.settings.threadPoolSize,
        next_run_time: earliest ? new Date(earliest.at).toISOString() : null,
        next_job_id: earliest?.job_id ?? null,
        next_job_name: earliest ? (registry.get(earliest.job_id)?.record.name ?? null) : null,
        instance: core.settings.instance,
        uptime_seconds: Math.round((core.clock.now() - core.startedAt) / 1000),
      };
    },
    async start({ body }, context) {
      needScheduler();
      if (scheduler.state === 'paused') throw new AppError('conflict', 'The scheduler is paused; resume it');
      const was = scheduler.state;
      await scheduler.start(by(context, body.reason));
      return acted(was === 'running' ? 'Scheduler is running already' : 'Scheduler started');
    },
    async stop({ body }, context) {
      needScheduler();
      const was = scheduler.state;
      await scheduler.stop(by(context, body.reason));
      return acted(
        was === 'stopped' ? 'Scheduler is stopped already' : 'Scheduler stopped; running jobs go on',
      );
    },
    async pause({ body }, context) {
      needScheduler();
      if (scheduler.state === 'stopped')
        throw new AppError('conflict', 'The scheduler is stopped; start it first');
      const was = scheduler.state;
      await scheduler.pause(by(context, body.reason));
      return acted(was === 'paused' ? 'Scheduler is paused already' : 'Scheduler paused; running jobs go on');
    },
    async resume({ body }, context) {
      needScheduler();
      if (scheduler.state === 'stopped')
        throw new AppError('conflict', 'The scheduler is stopped; start it instead');
      const was = scheduler.state;
      await scheduler.resume(by(context, body.reason));
      return acted(was === 'running' ? 'Scheduler is running already' : 'Scheduler resumed');
    },
    async machines() {
      const { cluster } = core;
      if (!cluster) return { success: true, is_clustered: false, away: null, machines: [] };
      const away = cluster.away;
      const machines = away ? undefined : await cluster.machines().catch(() => undefined);
      const reason = away
        ? `The database that the machines share is away: ${away.reason}. Only jobs that runs_on binds to "${cluster.node}" go on here; the others wait`
        : machines
          ? null
          : 'The database that the machines share does not answer';
      return {
        success: true,
        is_clustered: true,
        away: reason,
        machines: (machines ?? []).map((one) => machineView(one, cluster.node)),
      };
    },
    async preview({ body }) {
      const { issues, parsed } = parseSchedule(body.schedule, 'schedule');
      refuseErrors(issues);
      if (!parsed) throw new AppError('validation_failed', 'schedule: can not be read');
      const defaultTimezone = core.settings.jobDefaults.timezone;
      const slots = previewSchedule(parsed, {
        from: body.from ?? core.clock.now(),
        count: body.count,
        defaultTimezone,
      });
      const schedule_text = describeParsedSchedule(parsed, defaultTimezone);
      return { success: true, schedule_text, slots: slots.map((slot) => ({ ...slot })) };
    },
  };
}
