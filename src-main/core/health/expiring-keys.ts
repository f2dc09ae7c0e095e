import type { Finding } from '../../../src-shared/model/doctor';
import type { ApiKeyRecord } from '../ports/security-store';

const dayMs = 86_400_000;
const warnedMs = 14 * dayMs;
/** One that ended longer ago is missed by nobody any more. */
const rememberedMs = 7 * dayMs;

/** API keys that are used and end soon, or have just ended: whatever calls with them will be refused. */
export function expiringKeys(keys: readonly ApiKeyRecord[], now: number): Finding[] {
  return keys.flatMap(({ name, expires_at, revoked_at, last_used }): Finding[] => {
    if (expires_at === null || revoked_at !== null || last_used === null) return [];
    if (expires_at > now + warnedMs || expires_at < now - rememberedMs) return [];
    const days = Math.ceil((expires_at - now) / dayMs);
    const when = expires_at <= now ? 'has expired' : `expires in ${days} ${days === 1 ? 'day' : 'days'}`;
    return [
      {
        kind: 'key',
        severity: expires_at <= now ? 'error' : 'warning',
        message: `The API key "${name}" ${when}`,
        fix: 'make a new one under Settings, API keys, and give it to whatever uses this one',
      },
    ];
  });
}
