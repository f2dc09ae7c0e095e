import type { Clock } from '../ports/clock';
import type { Random } from '../ports/random';
import type { Principal } from './principal';

const idleMs = 8 * 3_600_000;
const longestMs = 7 * 86_400_000;
const loginMs = 15 * 60_000;

/** Logins of browsers. They live in memory: a restart ends them, and no token of one lies on a disk. */
export interface Sessions {
  /** A one-time token for the link that is printed at start; good for 15 minutes. */
  createLoginToken(principal: Principal): string;
  /** Ends the token and begins a session; undefined for one that was used, has expired or never was. */
  redeem(token: string): string | undefined;
  begin(principal: Principal): string;
  authenticate(id: string): Promise<Principal | undefined>;
  end(id: string): void;
  endOfKey(key_id: string): void;
}

interface Session {
  readonly principal: Principal;
  readonly began: number;
  lastSeen: number;
}

export function createSessions(deps: {
  readonly random: Random;
  readonly clock: Clock;
  readonly isKeyValid: (key_id: string) => Promise<boolean>;
}): Sessions {
  const { random, clock } = deps;
  /** By digest, as with keys: a look into memory shows no token that could be used. */
  const tokens = new Map<string, { readonly principal: Principal; readonly expires: number }>();
  const sessions = new Map<string, Session>();

  const begin = (principal: Principal): string => {
    const id = random.token(32);
    const now = clock.now();
    sessions.set(random.digest(id), {
      principal: { ...principal, kind: 'session' },
      began: now,
      lastSeen: now,
    });
    return id;
  };

  return {
    begin,
    createLoginToken(principal) {
      const token = random.token(32);
      tokens.set(random.digest(token), { principal, expires: clock.now() + loginMs });
      return token;
    },
    redeem(token) {
      const digest = random.digest(token);
      const known = tokens.get(digest);
      tokens.delete(digest);
      return known && known.expires > clock.now() ? begin(known.principal) : undefined;
    },
    async authenticate(id) {
      const digest = random.digest(id);
      const session = sessions.get(digest);
      if (!session) return undefined;
      const now = clock.now();
      const isOver = now - session.lastSeen > idleMs || now - session.began > longestMs;
      const { key_id } = session.principal;
      if (isOver || (key_id !== null && !(await deps.isKeyValid(key_id)))) {
        sessions.delete(digest);
        return undefined;
      }
      session.lastSeen = now;
      return session.principal;
    },
    end(id) {
      sessions.delete(random.digest(id));
    },
    endOfKey(key_id) {
      for (const [digest, session] of sessions)
        if (session.principal.key_id === key_id) sessions.delete(digest);
    },
  };
}
