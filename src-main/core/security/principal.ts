import type { Role } from '../../../src-shared/roles';

/** Who calls. `local` is the desktop window, the command line on the machine itself, or --no-auth. */
export interface Principal {
  readonly kind: 'key' | 'session' | 'local';
  /** The key's id; sessions carry the id of the key they came from, so that revoking it ends them. */
  readonly key_id: string | null;
  /** Who logged in with a name and a password. */
  readonly user_id?: string;
  /** The public name of the login, to list and end it by. */
  readonly session_id?: string;
  readonly name: string;
  readonly role: Role;
  /** Acts only on jobs with one of these tags; absent for all jobs. */
  readonly tags?: readonly string[];
  /** May call only what these name (see scopes.ts); absent for all that the role may. */
  readonly scopes?: readonly string[];
  /** The password was given by somebody else: nothing else goes before another is chosen. */
  readonly must_change?: boolean;
}

/** A call's circumstances, for rights and the audit. */
export interface CallContext {
  readonly principal: Principal;
  /** From where: an address, `ipc`, `start-up`. */
  readonly origin: string;
}

/** `key:abc (nightly)`, `user:u1 (anna)`: how a caller stands in audit rows and in `created_by`. */
export function actorName({ kind, key_id, user_id, name }: Principal): string {
  if (user_id) return `user:${user_id} (${name})`;
  return key_id ? `${kind}:${key_id} (${name})` : name;
}
