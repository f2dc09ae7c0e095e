import type { Notifications } from '../../../../src-shared/model/notification';
import { type AgentRow, numberOf, textOf } from './agent-rows';

/** notify_level_*: 0 never, 1 on success, 2 on failure, 3 whenever it ends. */
const listsOf = (level: number): readonly ('on_success' | 'on_failure')[] => {
  if (level === 1) return ['on_success'];
  if (level === 2) return ['on_failure'];
  return level === 3 ? ['on_success', 'on_failure'] : [];
};
const words = ['never', 'on success', 'on failure', 'whenever it ends'];

/** Whom Agent tells of a job, as `notifications`. */
export function agentNotifications(
  row: AgentRow,
  operators: ReadonlyMap<string, string>,
): {
  readonly notifications: Notifications | undefined;
  readonly maps: readonly string[];
  readonly unmapped: readonly string[];
} {
  const lists: { on_success?: Notifications['on_success']; on_failure?: Notifications['on_failure'] } = {};
  const maps: string[] = [];
  const unmapped: string[] = [];
  const mailLevel = numberOf(row, 'notify_level_email', 0);
  const operator = textOf(row, 'notify_email_operator_name');
  if (mailLevel > 0 && operator !== '') {
    const addresses = (operators.get(operator.toLowerCase()) ?? '')
      .split(/[;,]/)
      .map((one) => one.trim())
      .filter((one) => one.includes('@'));
    if (addresses.length === 0)
      unmapped.push(
        `Operator ${operator} is told ${words[mailLevel] ?? ''} by mail; the address is not in the file: add it to notifications`,
      );
    else {
      for (const list of listsOf(mailLevel))
        lists[list] = [{ email: addresses.length === 1 ? (addresses[0] ?? '') : addresses }];
      maps.push(
        `Operator ${operator} (${addresses.join(', ')}) is told ${words[mailLevel] ?? ''}: notifications`,
      );
    }
  }
  for (const list of listsOf(numberOf(row, 'notify_level_eventlog', 0)))
    lists[list] = [...(lists[list] ?? []), { event_log: true }];
  if (numberOf(row, 'notify_level_eventlog', 0) > 0)
    maps.push(
      `The event log is written ${words[numberOf(row, 'notify_level_eventlog', 0)] ?? ''}: notifications`,
    );
  for (const [key, name] of [
    ['notify_level_page', 'pager'],
    ['notify_level_netsend', 'net send'],
  ] as const)
    if (numberOf(row, key, 0) > 0) unmapped.push(`Somebody is told by ${name}; nothing here does that`);
  return { notifications: Object.keys(lists).length === 0 ? undefined : lists, maps, unmapped };
}
