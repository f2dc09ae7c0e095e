import {
  Button,
  Dialog,
  DialogSurface,
  Menu,
  MenuItem,
  MenuList,
  MenuPopover,
  MenuTrigger,
} from '@fluentui/react-components';
import { MoreHorizontalRegular } from '@fluentui/react-icons/svg/more-horizontal';
import { useState } from 'react';
import type { User } from '../../../src-shared/model/user';
import { api } from '../../lib/api';
import { useSession } from '../../lib/session';
import { useLoaded } from '../../lib/use-loaded';
import { confirm } from '../../ui/confirm';
import { Card } from '../../ui/page';
import { EmptyState, ErrorState, SkeletonRows } from '../../ui/states';
import { TimeText } from '../../ui/time-text';
import { attempt } from '../../ui/toasts';
import { TagWords } from './rights-fields';
import styles from './settings.module.css';
import { ToldSecret } from './told-secret';
import { UserDialog } from './user-dialog';

interface Told {
  readonly user: User;
  readonly password: string;
}

function stateOf({ enabled, must_change, last_login }: User): string {
  if (!enabled) return '○ Switched off';
  if (last_login === null) return '◇ Has not logged in yet';
  return must_change ? '◇ Has to choose a password' : '✓ Active';
}

function UserRow({
  user,
  onEdit,
  onTold,
  onChanged,
}: {
  readonly user: User;
  readonly onEdit: () => void;
  readonly onTold: (told: Told) => void;
  readonly onChanged: () => void;
}) {
  const ownId = useSession((session) => session.user_id);
  const { login_name } = user;
  const params = { user_id: user.user_id };

  const setEnabled = async (enabled: boolean) => {
    const isSure =
      enabled ||
      (await confirm({
        title: `Switch off “${login_name}”?`,
        text: 'They are signed out at once and can’t log in until they are switched on again.',
        action: 'Switch off',
        isDangerous: true,
      }));
    if (!isSure) return;
    await attempt(
      () => api.users.update({ params, body: { enabled } }),
      () => ({ kind: 'success', text: `“${login_name}” is switched ${enabled ? 'on' : 'off'}` }),
    );
    onChanged();
  };
  const resetPassword = async () => {
    const isSure = await confirm({
      title: `A new password for “${login_name}”?`,
      text: 'Their password stops working and they are signed out at once. The new one is shown to you, this once.',
      action: 'Make a new password',
      isDangerous: true,
    });
    if (!isSure) return;
    const reset = await attempt(() => api.users.setPassword({ params }));
    if (reset?.password) onTold({ user, password: reset.password });
    onChanged();
  };
  const remove = async () => {
    const isSure = await confirm({
      title: `Delete the user “${login_name}”?`,
      text: 'They are signed out at once. What they did stays in the audit and in the versions of jobs.',
      action: 'Delete',
      isDangerous: true,
    });
    if (!isSure) return;
    await attempt(
      () => api.users.remove({ params }),
      () => ({ kind: 'success', text: `“${login_name}” is deleted` }),
    );
    onChanged();
  };

  return (
    <tr data-off={user.enabled ? undefined : true}>
      <td>
        <span className={styles.name} dir="auto">
          {login_name}
        </span>
        {user.user_id === ownId && <span className={styles.you}>you</span>}
        <span className={styles.sub} dir="auto">
          {user.display_name}
        </span>
      </td>
      <td>
        {user.role}
        <span className={styles.sub}>
          <TagWords tags={user.tags} />
        </span>
      </td>
      <td>{stateOf(user)}</td>
      <td>
        <TimeText instant={user.last_login} none="never" />
      </td>
      <td className={styles.end}>
        <span className={styles.buttons}>
          <Button size="small" aria-label={`Edit ${login_name}`} onClick={onEdit}>
            Edit…
          </Button>
          <Menu>
            <MenuTrigger disableButtonEnhancement>
              <Button
                size="small"
                appearance="subtle"
                icon={<MoreHorizontalRegular />}
                aria-label={`More for ${login_name}`}
              />
            </MenuTrigger>
            <MenuPopover>
              <MenuList>
                <MenuItem onClick={() => void resetPassword()}>New password…</MenuItem>
                <MenuItem onClick={() => void setEnabled(!user.enabled)}>
                  {user.enabled ? 'Switch off…' : 'Switch on'}
                </MenuItem>
                <MenuItem onClick={() => void remove()}>Delete…</MenuItem>
              </MenuList>
            </MenuPopover>
          </Menu>
        </span>
      </td>
    </tr>
  );
}

/** People who log in with a name and a password. */
export function UsersSection() {
  const { data, error, reload } = useLoaded(() => api.users.list({}));
  const [edited, setEdited] = useState<User | 'new'>();
  const [told, setTold] = useState<Told>();
  return (
    <Card
      title="Users"
      note="people who log in with a name and a password"
      end={
        <Button appearance="primary" size="small" onClick={() => setEdited('new')}>
          New user…
        </Button>
      }
    >
      {error && !data ? (
        <ErrorState what="The users" error={error} onRetry={reload} isSmall />
      ) : !data ? (
        <SkeletonRows count={3} />
      ) : data.users.length === 0 ? (
        <EmptyState title="There are no users yet" isSmall>
          Until there are, people log in with an API key. With users the audit tells who did what.
        </EmptyState>
      ) : (
        <div className={styles.scroll}>
          <table className={styles.table}>
            <thead>
              <tr>
                <th scope="col">User</th>
                <th scope="col">Role</th>
                <th scope="col">State</th>
                <th scope="col">Last login</th>
                <th scope="col">
                  <span className="visually-hidden">Actions</span>
                </th>
              </tr>
            </thead>
            <tbody>
              {data.users.map((user) => (
                <UserRow
                  key={user.user_id}
                  user={user}
                  onEdit={() => setEdited(user)}
                  onTold={setTold}
                  onChanged={reload}
                />
              ))}
            </tbody>
          </table>
        </div>
      )}
      {edited && (
        <UserDialog
          user={edited === 'new' ? undefined : edited}
          onSaved={reload}
          onClose={() => setEdited(undefined)}
        />
      )}
      {told && (
        <Dialog open modalType="alert">
          <DialogSurface>
            <ToldSecret
              title={`The new password of “${told.user.login_name}”`}
              secret={told.password}
              testId="new-password"
              onClose={() => setTold(undefined)}
            >
              It works until another is chosen, which is the first thing asked for at the login.
            </ToldSecret>
          </DialogSurface>
        </Dialog>
      )}
    </Card>
  );
}
