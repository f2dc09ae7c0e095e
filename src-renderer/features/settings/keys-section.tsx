import { Button } from '@fluentui/react-components';
import { useState } from 'react';
import { api } from '../../lib/api';
import { useNow } from '../../lib/clock';
import { useSession } from '../../lib/session';
import { useLoaded } from '../../lib/use-loaded';
import { confirm } from '../../ui/confirm';
import { Card } from '../../ui/page';
import { EmptyState, ErrorState, SkeletonRows } from '../../ui/states';
import { TimeText } from '../../ui/time-text';
import { attempt } from '../../ui/toasts';
import { KeyDialog } from './key-dialog';
import { TagWords } from './rights-fields';
import styles from './settings.module.css';

type ApiKey = Awaited<ReturnType<typeof api.security.listKeys>>['keys'][number];

function stateOf(key: ApiKey, now: number): { readonly word: string; readonly isValid: boolean } {
  if (key.revoked_at !== null) return { word: 'Revoked', isValid: false };
  if (key.expires_at !== null && Date.parse(key.expires_at) <= now)
    return { word: 'Expired', isValid: false };
  return { word: 'Valid', isValid: true };
}

function KeyRow({ apiKey, onChanged }: { readonly apiKey: ApiKey; readonly onChanged: () => void }) {
  const now = useNow(60_000);
  const ownName = useSession((session) => session.name);
  const { word, isValid } = stateOf(apiKey, now);
  const revoke = async () => {
    const isSure = await confirm({
      title: `Revoke the key “${apiKey.name}”?`,
      text: (
        <>
          Whatever uses it gets “401 Unauthorized” from now on, and windows that were opened with it are
          signed out. This can’t be undone.
          {apiKey.name === ownName && <b> You may be logged in with this key yourself.</b>}
        </>
      ),
      action: 'Revoke',
      isDangerous: true,
    });
    if (!isSure) return;
    await attempt(
      () => api.security.revokeKey({ params: { key_id: apiKey.key_id } }),
      () => ({ kind: 'success', text: `The key “${apiKey.name}” is revoked` }),
    );
    onChanged();
  };
  return (
    <tr data-off={isValid ? undefined : true}>
      <td>
        <span className={styles.name} dir="auto">
          {apiKey.name}
        </span>
        <span className={styles.sub}>{apiKey.prefix}…</span>
      </td>
      <td>
        {apiKey.role}
        <span className={styles.sub}>
          <TagWords tags={apiKey.tags} />
        </span>
        {apiKey.scopes && <span className={styles.sub}>{apiKey.scopes.join(', ')}</span>}
      </td>
      <td>
        {isValid ? '✓ ' : '○ '}
        {word}
        {apiKey.revoked_at && (
          <span className={styles.sub}>
            <TimeText instant={apiKey.revoked_at} />
          </span>
        )}
      </td>
      <td title={apiKey.created_by ? `made by ${apiKey.created_by}` : undefined}>
        <TimeText instant={apiKey.created_date} absolute />
      </td>
      <td>
        <TimeText instant={apiKey.last_used} none="never" />
        <span className={styles.sub}>{apiKey.last_used_from}</span>
      </td>
      <td>
        <TimeText instant={apiKey.expires_at} absolute none="never" />
      </td>
      <td className={styles.end}>
        {isValid && (
          <Button size="small" aria-label={`Revoke ${apiKey.name}`} onClick={() => void revoke()}>
            Revoke…
          </Button>
        )}
      </td>
    </tr>
  );
}

/** Keys for scripts, programs and people: made, told once, revoked. */
export function KeysSection() {
  const { data, error, reload } = useLoaded(() => api.security.listKeys({}));
  const [isCreating, setCreating] = useState(false);
  const [hasOld, setOld] = useState(false);
  const now = useNow(60_000);
  const keys = data?.keys.toSorted((a, b) => (a.created_date < b.created_date ? 1 : -1));
  const valid = keys?.filter((key) => stateOf(key, now).isValid) ?? [];
  const old = (keys?.length ?? 0) - valid.length;
  const shown = hasOld ? keys : valid;
  return (
    <Card
      title="API keys"
      note="for scripts, programs and logging in here"
      end={
        <Button appearance="primary" size="small" onClick={() => setCreating(true)}>
          New key…
        </Button>
      }
    >
      {error && !keys ? (
        <ErrorState what="The keys" error={error} onRetry={reload} isSmall />
      ) : !shown ? (
        <SkeletonRows count={3} />
      ) : shown.length === 0 ? (
        <EmptyState title="There is no valid key" isSmall>
          A key lets a script or a person call the API with one role.
        </EmptyState>
      ) : (
        <div className={styles.scroll}>
          <table className={styles.table}>
            <thead>
              <tr>
                <th scope="col">Name</th>
                <th scope="col">Role</th>
                <th scope="col">State</th>
                <th scope="col">Created</th>
                <th scope="col">Last used</th>
                <th scope="col">Expires</th>
                <th scope="col">
                  <span className="visually-hidden">Actions</span>
                </th>
              </tr>
            </thead>
            <tbody>
              {shown.map((key) => (
                <KeyRow key={key.key_id} apiKey={key} onChanged={reload} />
              ))}
            </tbody>
          </table>
        </div>
      )}
      {old > 0 && (
        <div className={styles.foot}>
          <Button size="small" appearance="subtle" onClick={() => setOld(!hasOld)}>
            {hasOld ? 'Hide' : 'Show'} {old} revoked or expired
          </Button>
        </div>
      )}
      {isCreating && <KeyDialog onCreated={reload} onClose={() => setCreating(false)} />}
    </Card>
  );
}
