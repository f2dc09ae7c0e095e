import type { Clock } from '../ports/clock';
import type { Random } from '../ports/random';
import type { Principal } from './principal';

const idleMs = 8 * 3_600_000;
const longestMs = 7 * 86_400_000;
const loginMs = 15 * 60_000;

/** Where a login came from. */
export interface LoginPlace {
  readonly origin: string;
  /** The browser, in its own words. */
  readonly agent: string;
}

/** One login, as it may be shown. */
export interface SessionView extends LoginPlace {
  readonly session_id: string;
  readonly principal: Principal;
  readonly began: number;
  readonly last_seen: number;
  /** When it ends by itself, whatever is done. */
  readonly ends: number;
}

/** Logins of browsers. They live in memory: a restart ends them, and no token of one lies on a disk. */
export interface Sessions {
  /** A one-time token for the link that is printed at start; good for 15 minutes. */
  createLoginToken(principal: Principal): string;
  /** Ends the token and begins a session; undefined for one that was used, has expired or never was. */
  redeem(token: string, place?: LoginPlace): string | undefined;
  begin(principal: Principal, place?: LoginPlace): string;
  authenticate(id: string): Promise<Principal | undefined>;
  end(id: string): void;
  /** All that are open, newest first. */
  list(): SessionView[];
  /** By its public name; false when there is none. */
  endById(session_id: string): boolean;
  isOpen(session_id: string): boolean;
  endOfKey(key_id: string): void;
  /** But for one, when it is named. */
  endOfUser(user_id: string, but?: string): void;
}

interface Session extends LoginPlace {
  readonly session_id: string;
  principal: Principal;
  readonly began: number;
  lastSeen: number;
}

const nowhere: LoginPlace = { origin: 'unknown', agent: '' };
const mostSessions = 10_000;

export function createSessions(deps: {
  readonly random: Random;
  readonly clock: Clock;
  /** The principal as it may act now; undefined when its key or user may not any more. */
  readonly current: (principal: Principal) => Promise<Principal | undefined>;
  readonly onEnded?: (session_id: string) => void;
}): Sessions {
  const { random, clock } = deps;
  /** By digest, as with keys: a look into memory shows no token that could be used. */
  const tokens = new Map<string, { readonly principal: Principal; readonly expires: number }>();
  const sessions = new Map<string, Session>();

  const isOver = ({ lastSeen, began }: Session) => {
    const now = clock.now();
    return now - lastSeen > idleMs || now - began > longestMs;
  };
  const drop = (digest: string) => {
    const session = sessions.get(digest);
    if (!session || !sessions.delete(digest)) return;
    deps.onEnded?.(session.session_id);
  };
  const dropWhere = (matches: (session: Session) => boolean): number => {
    const found = [...sessions].filter(([, session]) => matches(session));
    for (const [digest] of found) drop(digest);
    return found.length;
  };

  const begin = (principal: Principal, place = nowhere): string => {
    dropWhere(isOver);
    if (sessions.size >= mostSessions) drop(sessions.keys().next().value ?? '');
    const id = random.token(32);
    const session_id = `s_${random.token(9).replace(/[_-]/g, 'x')}`;
    const now = clock.now();
    sessions.set(random.digest(id), {
      session_id,
      principal: { ...principal, kind: 'session', session_id },
      began: now,
      lastSeen: now,
      origin: place.origin,
      agent: place.agent.slice(0, 300),
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
    redeem(token, place) {
      const digest = random.digest(token);
      const known = tokens.get(digest);
      tokens.delete(digest);
      return known && known.expires > clock.now() ? begin(known.principal, place) : undefined;
    },
    async authenticate(id) {
      const digest = random.digest(id);
      const session = sessions.get(digest);
      if (!session) return undefined;
      const known = isOver(session) ? undefined : await deps.current(session.principal);
      if (!known || !sessions.has(digest)) {
        drop(digest);
        return undefined;
      }
      session.lastSeen = clock.now();
      session.principal = { ...known, kind: 'session', session_id: session.session_id };
      return session.principal;
    },
    end: (id) => drop(random.digest(id)),
    list: () =>
      [...sessions.values()]
        .filter((session) => !isOver(session))
        .map(({ session_id, principal, began, lastSeen, origin, agent }) => ({
          session_id,
          principal,
          began,
          last_seen: lastSeen,
          ends: began + longestMs,
          origin,
          agent,
        }))
        .reverse(),
    endById: (session_id) => dropWhere((session) => session.session_id === session_id) > 0,
    isOpen: (session_id) =>
      [...sessions.values()].some((session) => session.session_id === session_id && !isOver(session)),
    endOfKey(key_id) {
      dropWhere(({ principal }) => principal.key_id === key_id);
    },
    endOfUser(user_id, but) {
      dropWhere(({ principal, session_id }) => principal.user_id === user_id && session_id !== but);
    },
  };
}
