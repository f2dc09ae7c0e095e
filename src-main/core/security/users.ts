import { AppError } from '../../../src-shared/errors';
import type { Role } from '../../../src-shared/roles';
import type { Clock } from '../ports/clock';
import type { PasswordHasher } from '../ports/password-hasher';
import type { Random } from '../ports/random';
import type { UserRecord, UserRepository } from '../ports/store';
import { checkPassword } from './password-rules';
import type { Principal } from './principal';

export interface UserInput {
  readonly display_name: string;
  readonly role: Role;
  readonly tags: readonly string[] | null;
  readonly enabled: boolean;
}

/** People with a name and a password. */
export interface Users {
  list(): Promise<UserRecord[]>;
  get(user_id: string): Promise<UserRecord>;
  /**
   * Without a password one is made up and told, this once. Either way the person chooses another at the first login.
   * Throws `conflict` for a name that is taken, `validation_failed` for a weak password.
   */
  create(
    input: UserInput & { readonly login_name: string; readonly password?: string },
    by: string,
  ): Promise<{ readonly user: UserRecord; readonly password?: string }>;
  /** Throws `conflict` when nobody could administer afterwards. */
  update(user_id: string, changes: Partial<UserInput>): Promise<UserRecord>;
  /** Somebody else's password: made up when none is given; their sessions end. */
  setPassword(
    user_id: string,
    password: string | undefined,
  ): Promise<{ readonly user: UserRecord; readonly password?: string }>;
  /** One's own. Throws `unauthenticated` when the current one is wrong. */
  changePassword(user_id: string, current: string, next: string): Promise<void>;
  remove(user_id: string): Promise<void>;
  /** Who that is, if the password is right. Takes as long for a name that is not there. */
  login(login_name: string, password: string): Promise<Principal | undefined>;
  /** The user as they may act now; undefined when they may not any more. */
  principalOf(user_id: string): Promise<Principal | undefined>;
  /** People who could administer: enabled, admin, on all jobs. */
  countAdministrators(): Promise<number>;
}

function toPrincipal({ user_id, login_name, role, tags, must_change }: UserRecord): Principal {
  return {
    kind: 'session',
    key_id: null,
    user_id,
    name: login_name,
    role,
    ...(tags ? { tags } : {}),
    ...(must_change ? { must_change } : {}),
  };
}

const mostGuesses = 10;
const guessWindowMs = 5 * 60_000;

const isAdministrator = (user: UserRecord) => user.enabled && user.role === 'admin' && user.tags === null;

export function createUsers(deps: {
  readonly users: UserRepository;
  readonly hasher: PasswordHasher;
  readonly random: Random;
  readonly clock: Clock;
  /** Keys that could administer: they too keep the program from being locked. */
  readonly countAdminKeys: () => Promise<number>;
  /** The user may not go on as before: sessions and streams end or are asked anew. */
  readonly onChanged: (user_id: string, endsSessions: boolean) => void;
}): Users {
  const { users, hasher, random, clock } = deps;
  let byId: Promise<ReadonlyMap<string, UserRecord>> | undefined;
  let decoy: Promise<string> | undefined;

  /** All users in memory: they are asked for at every request, and change rarely. */
  const all = () => {
    byId ??= users.list().then((list) => new Map(list.map((user) => [user.user_id, user])));
    byId.catch(() => {
      byId = undefined;
    });
    return byId;
  };
  const get = async (user_id: string): Promise<UserRecord> => {
    const user = (await all()).get(user_id);
    if (!user) throw new AppError('not_found', `There is no user "${user_id}"`);
    return user;
  };
  const countAdministrators = async () => [...(await all()).values()].filter(isAdministrator).length;

  const write = async (next: UserRecord, endsSessions: boolean): Promise<UserRecord> => {
    const record = { ...next, modified_date: clock.now() };
    if (!(await users.update(record))) {
      byId = undefined;
      throw new AppError('not_found', `There is no user "${next.login_name}"`);
    }
    byId = undefined;
    deps.onChanged(record.user_id, endsSessions);
    return record;
  };

  /** Somebody must always be able to administer. */
  const refuseLastAdmin = async (user: UserRecord): Promise<void> => {
    if (!isAdministrator(user)) return;
    const others = (await countAdministrators()) - 1 + (await deps.countAdminKeys());
    if (others === 0)
      throw new AppError(
        'conflict',
        `"${user.login_name}" is the last who can administer; make another administrator first`,
      );
  };

  /** Whoever found an open window must not find the password by it. */
  const guesses = new Map<string, { readonly since: number; readonly count: number }>();
  const noteGuess = (user_id: string) => {
    const known = guesses.get(user_id);
    guesses.set(user_id, { since: known?.since ?? clock.now(), count: (known?.count ?? 0) + 1 });
  };
  const refuseGuessing = (user_id: string) => {
    const known = guesses.get(user_id);
    if (!known || known.count < mostGuesses) return;
    const left = Math.ceil((known.since + guessWindowMs - clock.now()) / 1000);
    if (left <= 0) guesses.delete(user_id);
    else
      throw new AppError('rate_limited', `Too many wrong passwords; try again in ${left} s`, {
        retryAfterSeconds: left,
      });
  };

  /** Letters and digits in groups: to be read out on the telephone. */
  const madeUp = (): string =>
    random
      .token(18)
      .replace(/[_-]/g, 'x')
      .replace(/(.{6})(?=.)/g, '$1-');

  const withPassword = async (login_name: string, given: string | undefined) => {
    const password = given ?? madeUp();
    if (given !== undefined) checkPassword(given, login_name);
    return {
      columns: {
        password_hash: await hasher.hash(password),
        password_date: clock.now(),
        must_change: true,
      },
      told: given === undefined ? { password } : {},
    };
  };

  return {
    list: async () => [...(await all()).values()],
    get,
    countAdministrators,
    async create({ login_name, password, ...input }, by) {
      const name = login_name.toLowerCase();
      const { columns, told } = await withPassword(name, password);
      const now = clock.now();
      const user: UserRecord = {
        user_id: `u_${random.token(9).replace(/[_-]/g, 'x')}`,
        login_name: name,
        ...input,
        ...columns,
        created_date: now,
        created_by: by.slice(0, 255),
        modified_date: now,
        last_login: null,
      };
      if (!(await users.insert(user))) throw new AppError('conflict', `There is a user "${name}" already`);
      byId = undefined;
      return { user, ...told };
    },
    async update(user_id, changes) {
      const user = await get(user_id);
      const next = { ...user, ...changes };
      if (!isAdministrator(next)) await refuseLastAdmin(user);
      return write(next, !next.enabled);
    },
    async setPassword(user_id, password) {
      const user = await get(user_id);
      const { columns, told } = await withPassword(user.login_name, password);
      return { user: await write({ ...user, ...columns }, true), ...told };
    },
    async changePassword(user_id, current, next) {
      const user = await get(user_id);
      refuseGuessing(user_id);
      if (!(await hasher.verify(current, user.password_hash))) {
        noteGuess(user_id);
        throw new AppError('forbidden', 'The current password is not right');
      }
      guesses.delete(user_id);
      if (current === next) throw new AppError('validation_failed', 'The new password is the current one');
      checkPassword(next, user.login_name);
      const password_hash = await hasher.hash(next);
      await write({ ...user, password_hash, password_date: clock.now(), must_change: false }, false);
    },
    async remove(user_id) {
      const user = await get(user_id);
      await refuseLastAdmin(user);
      await users.remove(user_id);
      byId = undefined;
      deps.onChanged(user_id, true);
    },
    async login(login_name, password) {
      const name = login_name.trim().toLowerCase();
      const user = [...(await all()).values()].find((one) => one.login_name === name);
      decoy ??= hasher.hash(random.token(16));
      const isRight = await hasher.verify(password.slice(0, 1000), user?.password_hash ?? (await decoy));
      if (!user?.enabled || !isRight) return undefined;
      await users.noteLogin(user.user_id, clock.now());
      byId = undefined;
      return toPrincipal(user);
    },
    async principalOf(user_id) {
      const user = (await all()).get(user_id);
      return user?.enabled ? toPrincipal(user) : undefined;
    },
  };
}
