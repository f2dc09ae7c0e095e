import { recipientListNames } from '../../../src-shared/model/notification';
import type { Job } from '../jobs/job';
import type { NotificationPorts } from '../ports/notifier';
import { audienceOf } from './audience';

/** The web addresses that enabled jobs name themselves, each once; names of the configuration are not among them. */
export function webhooksOfJobs(jobs: readonly Job[], ports: NotificationPorts): readonly string[] {
  const targets = jobs
    .filter((job) => job.record.enabled)
    .flatMap((job) => recipientListNames.flatMap((list) => audienceOf(job, list, ports).targets));
  return [
    ...new Set(
      targets.flatMap(({ channel, target }) =>
        channel === 'webhook' && /^https:\/\//i.test(target) ? [target] : [],
      ),
    ),
  ];
}
