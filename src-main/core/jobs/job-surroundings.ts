import type { DocumentSurroundings } from '../../../src-shared/job-document/check-job';
import { chainTargets } from '../../../src-shared/model/run-rules';
import type { Clock } from '../ports/clock';
import type { Host } from '../ports/host';
import type { NotificationPorts } from '../ports/notifier';
import { hasRunAhead } from '../schedule/run-ahead';
import type { JobRegistry } from './job-registry';

/** What a job definition may refer to in this program, as it stands at the moment it is asked. */
export function createSurroundings(deps: {
  readonly registry: JobRegistry;
  readonly hasSecret: (name: string) => boolean;
  readonly connections: () => Iterable<string>;
  readonly calendars: () => Iterable<string>;
  readonly notifications: NotificationPorts | undefined;
  readonly host: Pick<Host, 'platform'>;
  readonly clock: Clock;
  readonly timezone: string;
}): DocumentSurroundings {
  const { notifications } = deps;
  return {
    hasSecret: deps.hasSecret,
    platform: deps.host.platform,
    calendars: deps.calendars,
    connections: deps.connections,
    hasRunAhead: (schedule) => hasRunAhead(schedule, deps.clock.now(), deps.timezone),
    chainsOf(job_id) {
      const job = deps.registry.get(job_id);
      return job && chainTargets(job.definition);
    },
    ...(notifications
      ? {
          targets: {
            allowedHosts: notifications.allowedHosts,
            problemOf: (channel, name) =>
              notifications.channels.find((one) => one.channel === channel)?.problem(name),
          },
        }
      : {}),
  };
}
