import type { AppContract } from '../../../src-shared/contract/index';
import type { Handlers } from '../../../src-shared/contract/operation';
import type { User } from '../../../src-shared/model/user';
import type { UserRecord } from '../../core/ports/store';
import type { Users } from '../../core/security/users';
import type { ApiContext } from '../invoke';
import { actorOf } from './common';

const iso = (instant: number) => new Date(instant).toISOString();

function view({ password_hash: _hash, ...user }: UserRecord): User {
  return {
    ...user,
    tags: user.tags && [...user.tags],
    password_date: iso(user.password_date),
    created_date: iso(user.created_date),
    modified_date: iso(user.modified_date),
    last_login: user.last_login === null ? null : iso(user.last_login),
  };
}

/** What the audit is told of a user. */
function rights({ login_name, display_name, role, tags, enabled }: UserRecord) {
  return { login_name, display_name, role, tags, enabled };
}

const passwordNote = (told: { readonly password?: string }) =>
  told.password === undefined ? '' : '; the password is shown this once';

/** Users over the API. */
export function createUserHandlers(users: Users): Handlers<AppContract, ApiContext>['users'] {
  return {
    async list() {
      const all = await users.list();
      return { success: true, users: all.map(view), total: all.length };
    },
    async get({ params }) {
      return { success: true, user: view(await users.get(params.user_id)) };
    },
    async create({ body }, context) {
      const { display_name = '', tags = null, ...rest } = body;
      const input = { ...rest, display_name, tags, enabled: true };
      const { user, ...told } = await users.create(input, actorOf(context));
      context.change?.(user.user_id, undefined, rights(user));
      return {
        success: true,
        user: view(user),
        ...told,
        message: `User "${user.login_name}" created${passwordNote(told)}`,
      };
    },
    async update({ params, body }, context) {
      const before = await users.get(params.user_id);
      const user = await users.update(params.user_id, body);
      context.change?.(user.user_id, rights(before), rights(user));
      return { success: true, user: view(user), message: `User "${user.login_name}" changed` };
    },
    async setPassword({ params, body }, context) {
      const { user, ...told } = await users.setPassword(params.user_id, body.password);
      context.note?.(`the password of ${user.login_name} was set; their sessions ended`);
      return {
        success: true,
        user: view(user),
        ...told,
        message: `Password of "${user.login_name}" set${passwordNote(told)}`,
      };
    },
    async remove({ params }, context) {
      const user = await users.get(params.user_id);
      await users.remove(params.user_id);
      context.change?.(user.user_id, rights(user), undefined);
      return { success: true, message: `User "${user.login_name}" deleted` };
    },
  };
}
