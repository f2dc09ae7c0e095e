import type { Role } from '../../../src-shared/model/role';

/** Who calls. `local` is the desktop window, the command line on the machine itself, or --no-auth. */
export interface Principal {
  readonly kind: 'key' | 'session' | 'local';
  /** The key's id; sessions carry the id of the key they came from, so that revoking it ends them. */
  readonly key_id: string | null;
  readonly name: string;
  readonly role: Role;
}

/** A call's circumstances, for rights and the audit. */
export interface CallContext {
  readonly principal: Principal;
  /** From where: an address, `ipc`, `start-up`. */
  readonly origin: string;
}

/** `key:abc (nightly)`: how a caller stands in audit rows and in `created_by`. */
export function actorName(principal: Principal): string {
  return principal.key_id ? `${principal.kind}:${principal.key_id} (${principal.name})` : principal.name;
}
