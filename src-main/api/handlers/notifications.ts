import type { AppContract } from '../../../src-shared/contract/index';
import type { Handlers } from '../../../src-shared/contract/operation';
import { AppError } from '../../../src-shared/errors';
import {
  type NotificationDefaults,
  type OutboxState,
  type Recipient,
  recipientListNames,
} from '../../../src-shared/model/notification';
import type { Core } from '../../core/core';
import { audienceOf, foldingOf } from '../../core/notifications/audience';
import { notRunGraceMs } from '../../core/notifications/expectations';
import { shownTarget } from '../../core/notifications/shown-target';
import { longAfterSeconds, shortBelowSeconds } from '../../core/statistics/learned-durations';
import type { ApiContext } from '../invoke';

const states = ['waiting', 'sending', 'sent', 'failed'] as const;

/** Web addresses of a list by their host alone: the rest of them can be a secret. */
function shownLists(lists: NotificationDefaults): NotificationDefaults {
  const shown = (recipient: Recipient): Recipient => {
    const [[channel, value] = ['', '']] = Object.entries(recipient);
    return typeof value === 'string'
      ? ({ [channel]: shownTarget({ target: value }) } as unknown as Recipient)
      : recipient;
  };
  return Object.fromEntries(
    Object.entries(lists).map(([key, value]) => [key, Array.isArray(value) ? value.map(shown) : value]),
  );
}

/** Notifications over the API. */
export function createNotificationHandlers(core: Core): Handlers<AppContract, ApiContext>['notifications'] {
  const parts = () => {
    const { notifications: service, notificationPorts: ports } = core;
    if (!service || !ports) throw new AppError('unavailable', 'This program sends no notifications');
    return { service, ports };
  };
  return {
    async channels() {
      const { ports } = parts();
      return {
        success: true,
        channels: ports.channels.map((one) => ({
          channel: one.channel,
          description: one.describe,
          problem: one.problem() ?? null,
        })),
        defaults: shownLists(ports.defaults),
        by_tag: Object.fromEntries(
          Object.entries(ports.by_tag).map(([tag, lists]) => [tag, shownLists(lists)]),
        ),
        heartbeat: ports.heartbeat
          ? { target: ports.heartbeat.describe, every_seconds: ports.heartbeat.everySeconds }
          : null,
      };
    },
    async outbox({ query: { state, job_id, limit, offset } }) {
      const { service } = parts();
      const filter = job_id === undefined ? {} : { job_id };
      const [list, found] = await Promise.all([
        service.list({ ...filter, ...(state?.length ? { state } : {}) }, { limit, offset }),
        service.counts(filter),
      ]);
      const counts = Object.fromEntries(states.map((one) => [one, found[one] ?? 0])) as Record<
        (typeof states)[number],
        number
      >;
      const wanted: readonly OutboxState[] = state?.length ? state : states;
      return {
        success: true,
        notifications: list,
        total: wanted.reduce<number>((sum, one) => sum + counts[one], 0),
        counts,
      };
    },
    async retry({ params }) {
      const notification = await parts().service.retry(params.notification_id);
      return { success: true, notification, message: 'It is sent now' };
    },
    async test({ body }) {
      const { service } = parts();
      const job = body.job_id === undefined ? undefined : core.jobs.get(body.job_id);
      const delivery = await service.test(body.recipient, job);
      return delivery.kind === 'sent'
        ? { success: true, message: delivery.note ? `Sent: ${delivery.note}` : 'The test message was sent' }
        : { success: false, message: delivery.error };
    },
    async job({ params }) {
      const { service, ports } = parts();
      const job = core.jobs.get(params.job_id);
      const { trouble } = service.watchOf(params.job_id);
      const folding = foldingOf(job, ports);
      const { must_finish_by, expect_success_every, long_running_after } = job.definition;
      const usual = await core.learned.week(job, core.clock.now());
      return {
        success: true,
        job_id: params.job_id,
        audiences: recipientListNames.map((list) => {
          const { targets, from } = audienceOf(job, list, ports);
          return {
            list,
            from: targets.length === 0 ? '' : from,
            targets: targets.map(({ channel, target }) => ({
              channel,
              target: shownTarget({ target }),
              problem: ports.channels.find((one) => one.channel === channel)?.problem(target) ?? null,
            })),
          };
        }),
        after_failures: folding.afterFailures,
        remind_every: folding.remindEverySeconds,
        trouble: trouble
          ? {
              failures: trouble.failures,
              since: new Date(trouble.since).toISOString(),
              error: trouble.error,
              last_told: trouble.lastTold === null ? null : new Date(trouble.lastTold).toISOString(),
            }
          : null,
        must_finish_by: must_finish_by ?? null,
        expect_success_every: expect_success_every ?? null,
        long_running_after: long_running_after ?? null,
        not_run_after: notRunGraceMs(job) / 1000,
        usual: usual.map((one) => ({
          weekday: one.weekday,
          samples: one.samples,
          p50_seconds: one.p50_seconds,
          p95_seconds: one.p95_seconds,
          long_after_seconds: long_running_after ?? longAfterSeconds(one),
          short_below_seconds: shortBelowSeconds(one),
          of_all_days: one.isOfAllDays,
        })),
      };
    },
  };
}
