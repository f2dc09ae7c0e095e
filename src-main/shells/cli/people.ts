import { InvalidArgumentError, Option } from 'commander';
import { AppError } from '../../../src-shared/errors';
import { Role } from '../../../src-shared/model/role';
import type { User } from '../../../src-shared/model/user';
import { isPositiveInteger } from './options';
import type { Registrar, Session } from './session';
import { localTime } from './words';

const roles = (flags = '--role <role>') =>
  new Option(flags, 'what they may: viewer, operator, editor, admin').choices(Role.options);

/** `night,etl`; none for `all`: commander takes a null for an option without a value. */
function tagList(text: string): readonly string[] {
  if (text === 'all') return [];
  const tags = text
    .split(',')
    .map((tag) => tag.trim())
    .filter(Boolean);
  if (tags.length === 0) throw new InvalidArgumentError('expected tags with commas between them, or all.');
  return tags;
}

/** What the API takes: null for all. */
const narrowed = <Name extends string>(name: Name, list: readonly string[] | undefined) =>
  (list === undefined ? {} : { [name]: list.length === 0 ? null : [...list] }) as Partial<
    Record<Name, string[] | null>
  >;

const tagsText = (tags: readonly string[] | null): string => tags?.join(', ') ?? 'all jobs';

interface NewKeyOptions {
  readonly role: Role;
  readonly tags?: readonly string[];
  readonly scopes?: readonly string[];
  readonly expiresInDays?: number;
}

function addKeyCommands({ program, run: action }: Registrar): void {
  const keys = program.command('keys').description('API keys of scripts and programs');
  keys
    .command('list')
    .description('keys with what they may and when they were last used; a key itself is never shown again')
    .option('--all', 'also those that are revoked or have expired')
    .action(
      action(async (session, { all }: { readonly all?: boolean }) => {
        const body = await session.api.security.listKeys({});
        const isOver = (one: (typeof body.keys)[number]) =>
          one.revoked_at !== null || (one.expires_at !== null && Date.parse(one.expires_at) <= Date.now());
        const shown = all ? body.keys : body.keys.filter((one) => !isOver(one));
        session.answer({ ...body, keys: shown }, () => {
          if (shown.length === 0) session.note('No keys.');
          else
            session.table(
              [
                { title: 'ID', text: (one) => one.key_id, paint: session.paint.strong },
                { title: 'NAME', text: (one) => one.name, canShrink: true },
                { title: 'ROLE', text: (one) => one.role },
                {
                  title: 'SCOPES',
                  text: (one) => one.scopes?.join(', ') ?? 'all of its role',
                  canShrink: true,
                },
                { title: 'TAGS', text: (one) => tagsText(one.tags), canShrink: true },
                {
                  title: 'ENDS',
                  text: (one) =>
                    one.revoked_at === null
                      ? localTime(one.expires_at)
                      : `revoked ${localTime(one.revoked_at)}`,
                },
                { title: 'LAST USED', text: (one) => localTime(one.last_used) },
              ],
              shown,
            );
        });
        return undefined;
      }),
    );
  keys
    .command('create')
    .argument('<name>', 'what it is for')
    .addOption(roles().makeOptionMandatory())
    .option('--tags <tags>', 'acts only on jobs with one of these: night,etl', tagList)
    .option('--scopes <scopes>', 'may call only these: jobs:read,executions:*', tagList)
    .option('--expires-in-days <number>', 'ends by itself', isPositiveInteger(3650))
    .description(
      'make a key; it is printed this once, alone on stdout: keys create ci --role viewer > ci.key',
    )
    .action(
      action(async (session, name: string, { role, tags, scopes, expiresInDays }: NewKeyOptions) => {
        const body = await session.api.security.createKey({
          body: {
            name,
            role,
            ...narrowed('tags', tags),
            ...narrowed('scopes', scopes),
            ...(expiresInDays === undefined ? {} : { expires_in_days: expiresInDays }),
          },
        });
        session.answer(body, ({ key, api_key }) => {
          session.print(key);
          session.note(`Key ${api_key.key_id} (${api_key.name}, ${api_key.role}); it is not shown again.`);
        });
        return undefined;
      }),
    );
  keys
    .command('revoke')
    .argument('<id>', 'id of the key, as the list shows it')
    .description('end a key at once')
    .action(
      action(async (session, key_id: string) => {
        const body = await session.api.security.revokeKey({ params: { key_id } });
        session.answer(body, ({ message }) => session.print(message));
        return undefined;
      }),
    );
}

/** The user of a login name; case makes no difference, as at the login. */
async function userOf(session: Session, name: string): Promise<User> {
  const { users } = await session.api.users.list({});
  const found = users.find((one) => one.login_name.toLowerCase() === name.toLowerCase());
  if (!found) throw new AppError('not_found', `There is no user "${name}"`);
  return found;
}

/** Undefined: one is made up by the program. Never an argument, which others could read. */
async function passwordFor(session: Session, name: string, isAsked: boolean | undefined) {
  if (!isAsked) return {};
  const password = await session.terminal.readSecret(
    `Password of ${name} (not shown): `,
    'The same once more: ',
  );
  return { password };
}

/** A password that was made up, alone on stdout. */
function tellPassword(session: Session, message: string, password: string | null | undefined): void {
  if (!password) {
    session.print(message);
    return;
  }
  session.print(password);
  session.note(`${message}; another one has to be chosen at the next login`);
}

interface UserOptions {
  readonly role?: Role;
  readonly tags?: readonly string[];
  readonly displayName?: string;
  readonly password?: boolean;
}

const fieldsOf = ({ tags, displayName }: UserOptions) => ({
  ...narrowed('tags', tags),
  ...(displayName === undefined ? {} : { display_name: displayName }),
});

function addUserCommands({ program, run: action }: Registrar): void {
  const users = program.command('users').description('people who log in with name and password');
  users
    .command('list')
    .description('users with their roles')
    .action(
      action(async (session) => {
        const body = await session.api.users.list({});
        session.answer(body, ({ users: all }) => {
          if (all.length === 0) session.note('No users.');
          else
            session.table(
              [
                { title: 'USER', text: (one) => one.login_name, paint: session.paint.strong },
                { title: 'NAME', text: (one) => one.display_name, canShrink: true },
                { title: 'ROLE', text: (one) => one.role },
                { title: 'TAGS', text: (one) => tagsText(one.tags), canShrink: true },
                { title: 'STATE', text: (one) => (one.enabled ? 'enabled' : 'disabled') },
                { title: 'LAST LOGIN', text: (one) => localTime(one.last_login) },
              ],
              all,
            );
        });
        return undefined;
      }),
    );
  const fields = (name: string, description: string) =>
    users
      .command(name)
      .argument('<user>', 'login name')
      .description(description)
      .option('--tags <tags>', 'acts only on jobs with one of these: night,etl; all: on every job', tagList)
      .option('--display-name <name>', 'as others see them');
  fields('create', 'make a user; without --password one is made up and printed, this once')
    .addOption(roles().makeOptionMandatory())
    .option('--password', 'ask for the first password, or read it from a pipe')
    .action(
      action(async (session, login_name: string, options: UserOptions & { readonly role: Role }) => {
        const given = await passwordFor(session, login_name, options.password);
        const body = await session.api.users.create({
          body: { login_name, role: options.role, ...fieldsOf(options), ...given },
        });
        session.answer(body, ({ message, password }) => tellPassword(session, message, password));
        return undefined;
      }),
    );
  fields('change', 'role, tags or name of a user')
    .addOption(roles())
    .action(
      action(async (session, name: string, options: UserOptions) => {
        const body = { ...fieldsOf(options), ...(options.role === undefined ? {} : { role: options.role }) };
        if (Object.keys(body).length === 0)
          throw new AppError(
            'validation_failed',
            'Nothing to change: expected --role, --tags or --display-name',
          );
        const { user_id } = await userOf(session, name);
        session.answer(await session.api.users.update({ params: { user_id }, body }), ({ message }) =>
          session.print(message),
        );
        return undefined;
      }),
    );
  const one = (
    name: string,
    description: string,
    work: (session: Session, user_id: string) => Promise<{ readonly message: string }>,
  ) =>
    users
      .command(name)
      .argument('<user>', 'login name')
      .description(description)
      .action(
        action(async (session, login_name: string) => {
          const body = await work(session, (await userOf(session, login_name)).user_id);
          session.answer(body, ({ message }) => session.print(message));
          return undefined;
        }),
      );
  one('enable', 'let a user in again', ({ api }, user_id) =>
    api.users.update({ params: { user_id }, body: { enabled: true } }),
  );
  one('disable', 'switch a user off; their sessions end at once', ({ api }, user_id) =>
    api.users.update({ params: { user_id }, body: { enabled: false } }),
  );
  one('remove', 'delete a user; their sessions end at once', ({ api }, user_id) =>
    api.users.remove({ params: { user_id } }),
  );
  users
    .command('password')
    .argument('<user>', 'login name')
    .description('set the password; without --password one is made up and printed, this once')
    .option('--password', 'ask for it, or read it from a pipe')
    .action(
      action(async (session, name: string, { password: isAsked }: UserOptions) => {
        const { user_id } = await userOf(session, name);
        const given = await passwordFor(session, name, isAsked);
        const body = await session.api.users.setPassword({ params: { user_id }, body: given });
        session.answer(body, ({ message, password }) => tellPassword(session, message, password));
        return undefined;
      }),
    );
}

/** `keys` and `users`: who may come in. */
export function addPeopleCommands(registrar: Registrar): void {
  addUserCommands(registrar);
  addKeyCommands(registrar);
}
