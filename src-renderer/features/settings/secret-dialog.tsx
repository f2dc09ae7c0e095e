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
import { type Secret, SecretName, SecretValue } from '../../../src-shared/model/secret';
import { api, errorText } from '../../lib/api';
import { Notice } from '../../ui/notice';
import { notify } from '../../ui/toasts';
import styles from './settings.module.css';

/** Saves a secret: a new one, or another value of one that is there. */
export function SecretDialog({
  secret,
  taken,
  onSaved,
  onClose,
}: {
  readonly secret: Secret | undefined;
  readonly taken: readonly string[];
  readonly onSaved: () => void;
  readonly onClose: () => void;
}) {
  const [name, setName] = useState(secret?.name ?? '');
  const [value, setValue] = useState('');
  const [isTried, setTried] = useState(false);
  const [refusal, setRefusal] = useState<string>();
  const nameProblem =
    SecretName.safeParse(name).error?.issues[0]?.message ??
    (secret === undefined && taken.includes(name) ? 'there is a secret of that name already' : undefined);
  const valueProblem = SecretValue.safeParse(value).error?.issues[0]?.message;

  const save = async (event: FormEvent) => {
    event.preventDefault();
    setTried(true);
    if (nameProblem || valueProblem) return;
    try {
      const { message } = await api.secrets.put({ params: { name }, body: { value } });
      notify({ kind: 'success', text: message });
      onSaved();
      onClose();
    } catch (error) {
      setRefusal(errorText(error));
    }
  };

  return (
    <Dialog open onOpenChange={(_, data) => !data.open && onClose()}>
      <DialogSurface>
        <form onSubmit={(event) => void save(event)} noValidate autoComplete="off">
          <DialogBody>
            <DialogTitle>{secret ? `Another value for “${secret.name}”` : 'New secret'}</DialogTitle>
            <DialogContent className={styles.dialog}>
              {refusal && <Notice tone="error">{refusal}</Notice>}
              {!secret && (
                <Field
                  label="Name"
                  required
                  hint={
                    <>
                      Jobs write <code>{`{{ secrets.${name || 'name'} }}`}</code>
                    </>
                  }
                  validationMessage={isTried ? nameProblem : undefined}
                >
                  <Input value={name} maxLength={100} onChange={(_, data) => setName(data.value)} />
                </Field>
              )}
              <Field
                label="Value"
                required
                hint="It is stored encrypted and can’t be read back here"
                validationMessage={isTried ? valueProblem : undefined}
              >
                <Input
                  type="password"
                  autoComplete="new-password"
                  value={value}
                  onChange={(_, data) => setValue(data.value)}
                />
              </Field>
            </DialogContent>
            <DialogActions>
              <Button type="submit" appearance="primary">
                {secret ? 'Replace' : 'Save'}
              </Button>
              <Button onClick={onClose}>Cancel</Button>
            </DialogActions>
          </DialogBody>
        </form>
      </DialogSurface>
    </Dialog>
  );
}
