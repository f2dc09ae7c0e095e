import { recipientListNames } from '../../../src-shared/model/notification';
import type { Job } from '../jobs/job';
import type { NotificationPorts } from '../ports/notifier';
import { audienceOf } from './audience';

/** Channels that jobs name and that lead nowhere: what is wrong, and of how many targets of jobs. */
export function deadEnds(jobs: readonly Job[], ports: NotificationPorts): ReadonlyMap<string, number> {
  const problems = new Map<string, number>();
  for (const job of jobs) {
    const targets = new Map(
      recipientListNames.flatMap((list) =>
        audienceOf(job, list, ports).targets.map((one) => [`${one.channel} ${one.target}`, one] as const),
      ),
    );
    for (const { channel, target } of targets.values()) {
      const problem = ports.channels.find((one) => one.channel === channel)?.problem(target);
      if (problem) problems.set(problem, (problems.get(problem) ?? 0) + 1);
    }
  }
  return problems;
}
