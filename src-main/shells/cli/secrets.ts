import { AppError } from '../../../src-shared/errors';
import type { Registrar } from './session';
import { localTime } from './words';

/** `secrets list, set, remove`. A value comes from a pipe or is typed unseen: arguments can be read by others. */
export function addSecretCommands({ program, run: action }: Registrar): void {
  const secrets = program.command('secrets').description('secrets that jobs use as {{ secrets.NAME }}');
  secrets
    .command('list')
    .description('names of secrets, and who uses them; values are never shown')
    .action(
      action(async (session) => {
        const body = await session.api.secrets.list({});
        session.answer(body, ({ secrets: all }) => {
          if (all.length === 0) session.note('No secrets.');
          else
            session.table(
              [
                { title: 'SECRET', text: (one) => one.name, paint: session.paint.strong },
                { title: 'CHANGED', text: (one) => localTime(one.modified_date) },
                { title: 'USED BY', text: (one) => one.used_by.join(', ') || '-', canShrink: true },
              ],
              all,
            );
        });
        return undefined;
      }),
    );
  secrets
    .command('set')
    .argument('<name>', 'name of the secret')
    .description('save a secret; its value is read from a pipe, or typed unseen')
    .action(
      action(async (session, name: string) => {
        const value = await session.terminal.readSecret(`Value of ${name} (not shown): `);
        if (value === '')
          throw new AppError('validation_failed', `The value of ${name} is empty; nothing was saved`);
        const body = await session.api.secrets.put({ params: { name }, body: { value } });
        session.answer(body, () => session.print(body.message));
        return undefined;
      }),
    );
  secrets
    .command('remove')
    .argument('<name>', 'name of the secret')
    .description('delete a secret that no job uses')
    .action(
      action(async (session, name: string) => {
        const body = await session.api.secrets.remove({ params: { name } });
        session.answer(body, () => session.print(body.message));
        return undefined;
      }),
    );
}
