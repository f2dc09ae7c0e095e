import { Button } from '@fluentui/react-components';
import { api } from '../../lib/api';
import { logOut, useMay } from '../../lib/session';
import { useLoaded } from '../../lib/use-loaded';
import { Card } from '../../ui/page';
import { EmptyState, ErrorState, SkeletonRows } from '../../ui/states';
import { TimeText } from '../../ui/time-text';
import { attempt } from '../../ui/toasts';
import { browserOf } from './browser-words';
import styles from './settings.module.css';

type Session = Awaited<ReturnType<typeof api.security.sessions>>['sessions'][number];

/** Open logins: one's own, everybody's for an admin; each can be ended. */
export function SessionsSection() {
  const isAdmin = useMay('admin');
  const { data, error, reload } = useLoaded(() => api.security.sessions({}));
  const end = async ({ session_id, name, is_own }: Session) => {
    if (is_own) return logOut();
    await attempt(
      () => api.security.endSession({ params: { session_id } }),
      () => ({ kind: 'success', text: `“${name}” is signed out there` }),
    );
    reload();
  };
  return (
    <Card
      title="Sessions"
      note={isAdmin ? 'who is logged in, and from where' : 'where you are logged in'}
      end={
        <Button size="small" onClick={reload}>
          Renew
        </Button>
      }
    >
      {error && !data ? (
        <ErrorState what="The sessions" error={error} onRetry={reload} isSmall />
      ) : !data ? (
        <SkeletonRows count={2} />
      ) : data.sessions.length === 0 ? (
        <EmptyState title="Nobody is logged in by browser" isSmall />
      ) : (
        <div className={styles.scroll}>
          <table className={styles.table}>
            <thead>
              <tr>
                <th scope="col">Who</th>
                <th scope="col">Browser</th>
                <th scope="col">Logged in</th>
                <th scope="col">Last seen</th>
                <th scope="col">
                  <span className="visually-hidden">Actions</span>
                </th>
              </tr>
            </thead>
            <tbody>
              {data.sessions.map((session) => (
                <tr key={session.session_id}>
                  <td>
                    <span className={styles.name} dir="auto">
                      {session.name}
                    </span>
                    {session.is_own && <span className={styles.you}>this one</span>}
                    <span className={styles.sub}>
                      {session.role}
                      {session.user_id === null ? ', by key' : ''}
                    </span>
                  </td>
                  <td title={session.agent}>
                    {browserOf(session.agent)}
                    <span className={styles.sub}>{session.origin}</span>
                  </td>
                  <td>
                    <TimeText instant={session.began} />
                  </td>
                  <td>
                    <TimeText instant={session.last_seen} />
                  </td>
                  <td className={styles.end}>
                    <Button
                      size="small"
                      aria-label={`Sign out ${session.name} from ${session.origin}`}
                      onClick={() => void end(session)}
                    >
                      {session.is_own ? 'Log out' : 'Sign out'}
                    </Button>
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
    </Card>
  );
}
