import type { Notifications } from '../model/notification';
import { recipientListNames, targetsOf } from '../model/notification';
import { emailProblem, readWebTarget } from '../notify/address-rules';

type Path = readonly (string | number)[];

/** What the configuration says of targets; absent where only the document is known. */
export interface KnownTargets {
  /** Hosts inside the network that may be sent to. */
  readonly allowedHosts: readonly string[];
  /** Why a name of a channel leads nowhere; undefined when it does not. */
  problemOf(channel: 'email' | 'slack' | 'teams' | 'webhook' | 'event_log', name: string): string | undefined;
}

export interface NotificationIssue {
  readonly path: Path;
  readonly message: string;
  readonly severity: 'error' | 'warning';
}

const isWebAddress = (text: string): boolean => /^[a-z][a-z0-9+.-]*:/i.test(text);

/**
 * Where a job's notifications would go: mail addresses that are none and web addresses that must not be sent to are
 * errors; a channel that is not set up yet is a warning.
 */
export function checkNotifications(
  notifications: Notifications | undefined,
  known: KnownTargets | undefined,
): readonly NotificationIssue[] {
  const issues: NotificationIssue[] = [];
  for (const list of recipientListNames) {
    for (const [index, recipient] of (notifications?.[list] ?? []).entries()) {
      const path = (channel: string): Path => ['notifications', list, index, channel];
      for (const { channel, target } of targetsOf([recipient])) {
        const shown = `notifications.${list}[${index}].${channel}`;
        const add = (message: string, severity: 'error' | 'warning' = 'error') =>
          issues.push({ path: path(channel), message: `${shown} ${message}`, severity });
        if (channel === 'email') {
          const addresses =
            'email' in recipient && Array.isArray(recipient.email) ? recipient.email : [target];
          for (const address of addresses) {
            const problem = emailProblem(address);
            if (problem) add(`is ${JSON.stringify(address.slice(0, 100))}, which ${problem}`);
          }
        } else if (channel !== 'desktop' && channel !== 'event_log' && isWebAddress(target)) {
          const read = known ? readWebTarget(target, known.allowedHosts) : readWebTarget(target, ['*']);
          // Without the configuration nobody knows which hosts are allowed: only the form can be judged.
          if (typeof read === 'string' && (known || !read.startsWith('leads to'))) add(read);
          continue;
        }
        const problem = channel === 'desktop' ? undefined : known?.problemOf(channel, target);
        if (problem)
          issues.push({ path: path(channel), message: `${shown}: ${problem}`, severity: 'warning' });
      }
    }
  }
  return issues;
}
