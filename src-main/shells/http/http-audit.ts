import type { Clock } from '../../core/ports/clock';
import type { AuditTrail } from '../../core/security/audit-trail';
import { actorName } from '../../core/security/principal';
import type { LoginListener } from './login';

export type RefusedListener = (request: {
  readonly method: string;
  readonly path: string;
  readonly origin: string;
  readonly reason: string;
}) => void;

/** What happens before the door of the operations, for the audit: refused writes, logins and their ends. */
export function createHttpAudit(
  audit: Pick<AuditTrail, 'append'>,
  clock: Clock,
): { readonly onRefused: RefusedListener; readonly onLogin: LoginListener } {
  return {
    onRefused({ method, path, origin, reason }) {
      if (method === 'GET' || method === 'HEAD') return;
      void audit
        .append({
          time: clock.now(),
          actor: 'nobody',
          origin,
          action: 'http.refused',
          subject: `${method} ${path}`.slice(0, 200),
          outcome: 'refused',
          details: JSON.stringify({ reason }),
        })
        // A store that is away is told of elsewhere; the request was refused all the same.
        .catch(() => undefined);
    },
    onLogin({ action, principal, name, origin, outcome, reason }) {
      void audit
        .append({
          time: clock.now(),
          actor: principal ? actorName(principal) : 'nobody',
          origin,
          action: `security.${action}`,
          subject: name.slice(0, 200),
          outcome,
          details: reason === undefined ? null : JSON.stringify({ reason }),
        })
        .catch(() => undefined);
    },
  };
}
