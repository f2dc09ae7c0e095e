import { AppError } from '../../../src-shared/errors';
import { ChannelName, type Recipient } from '../../../src-shared/model/notification';
import { exitCode } from './exit-codes';
import type { Registrar } from './session';

/** `email a@b.cc,d@e.ff` as a recipient is written in a job. */
export function recipientOf(channel: string, target: string | undefined): Recipient {
  const known = ChannelName.safeParse(channel);
  if (!known.success)
    throw new AppError(
      'validation_failed',
      `channel is "${channel}"; expected one of ${ChannelName.options.join(', ')}`,
    );
  const isLocal = known.data === 'desktop' || known.data === 'event_log';
  if (!isLocal && !target)
    throw new AppError('validation_failed', `${channel} needs a target: an address, or a name`);
  const addresses = target?.split(/[,;]\s*/) ?? [];
  const value = isLocal ? true : known.data === 'email' && addresses.length > 1 ? addresses : target;
  return { [known.data]: value } as unknown as Recipient;
}

/** `notifications list, test, retry`. */
export function addNotificationCommands({ program, run: action }: Registrar): void {
  const notifications = program.command('notifications').description('who was told, and tests of channels');
  notifications
    .command('list')
    .option('--job <id>', 'of one job')
    .description('the outbox, newest first')
    .action(
      action(async (session, { job }: { readonly job?: string }) => {
        const query = { limit: 50, ...(job === undefined ? {} : { job_id: job }) };
        const body = await session.api.notifications.outbox({ query });
        session.answer(body, ({ notifications: all }) => {
          if (all.length === 0) session.note('Nobody has been told of anything.');
          else
            session.table(
              [
                { title: 'STATE', text: (one) => one.state, paint: session.paint.status },
                { title: 'ID', text: (one) => one.notification_id },
                { title: 'TO', text: (one) => `${one.channel} ${one.target}`.trim(), canShrink: true },
                { title: 'MESSAGE', text: (one) => one.title, canShrink: true },
                { title: 'TRIES', text: (one) => String(one.attempts), isRight: true },
                { title: 'NOTE', text: (one) => one.note ?? '', canShrink: true },
              ],
              all,
            );
        });
        return undefined;
      }),
    );
  notifications
    .command('test')
    .argument('<channel>', ChannelName.options.join(', '))
    .argument('[target]', 'an address, several separated by commas, or a name of the configuration')
    .option('--job <id>', 'the message names this job')
    .description('send a test message now')
    .action(
      action(async (session, channel: string, target: string | undefined, options: { job?: string }) => {
        const recipient = recipientOf(channel, target);
        const body = { recipient, ...(options.job === undefined ? {} : { job_id: options.job }) };
        const tested = await session.api.notifications.test({ body });
        session.answer(tested, ({ success, message }) =>
          session.print(`${success ? session.paint.good('ok') : session.paint.bad('failed')}: ${message}`),
        );
        return tested.success ? exitCode.ok : exitCode.failed;
      }),
    );
  notifications
    .command('retry')
    .argument('<id>', 'id of a notification')
    .description('send one that waits, or was given up, now')
    .action(
      action(async (session, notification_id: string) => {
        const body = await session.api.notifications.retry({ params: { notification_id } });
        session.answer(body, ({ message }) => session.print(message));
        return undefined;
      }),
    );
}
