import {
  Button,
  Dialog,
  DialogActions,
  DialogBody,
  DialogContent,
  DialogSurface,
  DialogTitle,
  Field,
  Input,
} from '@fluentui/react-components';
import { type FormEvent, useState } from 'react';
import type { User } from '../../../src-shared/model/user';
import type { Role } from '../../../src-shared/roles';
import { api, errorText } from '../../lib/api';
import { writeList } from '../../lib/list-text';
import { RightsFields, tagsOf } from './rights-fields';
import styles from './settings.module.css';
import { ToldSecret } from './told-secret';

/** Makes a user, whose password is made up and shown once, or changes what one may. */
export function UserDialog({
  user,
  onSaved,
  onClose,
}: {
  /** Undefined: a new one. */
  readonly user: User | undefined;
  readonly onSaved: () => void;
  readonly onClose: () => void;
}) {
  const [loginName, setLoginName] = useState(user?.login_name ?? '');
  const [displayName, setDisplayName] = useState(user?.display_name ?? '');
  const [role, setRole] = useState<Role>(user?.role ?? 'operator');
  const [tags, setTags] = useState(writeList(user?.tags ?? []));
  const [error, setError] = useState<string>();
  const [isBusy, setBusy] = useState(false);
  const [password, setPassword] = useState<string>();

  const save = async (event: FormEvent) => {
    event.preventDefault();
    const name = loginName.trim();
    if (name === '') return setError('What do they log in with?');
    const rights = { display_name: displayName.trim(), role, tags: tagsOf(tags) };
    setBusy(true);
    try {
      if (user) {
        await api.users.update({ params: { user_id: user.user_id }, body: rights });
        onSaved();
        onClose();
        return;
      }
      const made = await api.users.create({ body: { login_name: name, ...rights } });
      setPassword(made.password);
      onSaved();
    } catch (refusal) {
      setError(errorText(refusal));
    } finally {
      setBusy(false);
    }
  };

  return (
    <Dialog
      open
      modalType="alert"
      onOpenChange={(_, data) => !data.open && password === undefined && onClose()}
    >
      <DialogSurface>
        {password === undefined ? (
          <form onSubmit={(event) => void save(event)} noValidate>
            <DialogBody>
              <DialogTitle>{user ? `User “${user.login_name}”` : 'New user'}</DialogTitle>
              <DialogContent className={styles.dialog}>
                {!user && (
                  <Field label="User name" required validationMessage={error} hint="What they log in with">
                    <Input
                      value={loginName}
                      maxLength={100}
                      autoComplete="off"
                      onChange={(_, data) => setLoginName(data.value)}
                    />
                  </Field>
                )}
                <Field label="Full name" validationMessage={user ? error : undefined}>
                  <Input
                    value={displayName}
                    maxLength={255}
                    onChange={(_, data) => setDisplayName(data.value)}
                  />
                </Field>
                <RightsFields role={role} tags={tags} onRole={setRole} onTags={setTags} />
                {!user && (
                  <p className={styles.soft}>
                    A password is made up and shown once. They choose their own at the first login.
                  </p>
                )}
              </DialogContent>
              <DialogActions>
                <Button type="submit" appearance="primary" disabled={isBusy}>
                  {user ? 'Save' : 'Create user'}
                </Button>
                <Button onClick={onClose}>Cancel</Button>
              </DialogActions>
            </DialogBody>
          </form>
        ) : (
          <ToldSecret
            title={`The password of “${loginName.trim().toLowerCase()}”`}
            secret={password}
            testId="new-password"
            onClose={onClose}
          >
            It works until another is chosen, which is the first thing asked for at the login.
          </ToldSecret>
        )}
      </DialogSurface>
    </Dialog>
  );
}
