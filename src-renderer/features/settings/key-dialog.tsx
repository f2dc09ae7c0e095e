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
  Radio,
  RadioGroup,
  Select,
} from '@fluentui/react-components';
import { type FormEvent, useState } from 'react';
import type { Role } from '../../../src-shared/model/role';
import { api, errorText } from '../../lib/api';
import { CopyButton } from '../../ui/copy-button';
import { Notice } from '../../ui/notice';
import styles from './settings.module.css';

const roleWords: readonly (readonly [Role, string])[] = [
  ['viewer', 'Viewer: sees everything but connections and logs'],
  ['operator', 'Operator: also runs, stops and pauses'],
  ['editor', 'Editor: also changes jobs'],
  ['admin', 'Admin: also connections, keys and settings'],
];
const lifetimes = [
  ['30', '30 days'],
  ['90', '90 days'],
  ['365', 'One year'],
  ['', 'Never'],
] as const;

/** Makes a key and shows it: the only time it can be seen. */
export function KeyDialog({
  onCreated,
  onClose,
}: {
  readonly onCreated: () => void;
  readonly onClose: () => void;
}) {
  const [name, setName] = useState('');
  const [role, setRole] = useState<Role>('operator');
  const [days, setDays] = useState('365');
  const [error, setError] = useState<string>();
  const [isBusy, setBusy] = useState(false);
  const [key, setKey] = useState<string>();

  const create = async (event: FormEvent) => {
    event.preventDefault();
    if (name.trim() === '') return setError('Give it a name that tells what uses it');
    setBusy(true);
    try {
      const made = await api.security.createKey({
        body: { name: name.trim(), role, ...(days === '' ? {} : { expires_in_days: Number(days) }) },
      });
      setKey(made.key);
      onCreated();
    } catch (refusal) {
      setError(errorText(refusal));
    } finally {
      setBusy(false);
    }
  };

  return (
    // A key that was not copied is lost: a click beside the dialog must not close it.
    <Dialog open modalType="alert" onOpenChange={(_, data) => !data.open && key === undefined && onClose()}>
      <DialogSurface>
        {key === undefined ? (
          <form onSubmit={(event) => void create(event)} noValidate>
            <DialogBody>
              <DialogTitle>New API key</DialogTitle>
              <DialogContent className={styles.dialog}>
                <Field
                  label="Name"
                  required
                  validationMessage={error}
                  hint="What uses it, e.g. nightly backup"
                >
                  <Input value={name} maxLength={100} onChange={(_, data) => setName(data.value)} />
                </Field>
                <Field label="Role">
                  <RadioGroup value={role} onChange={(_, data) => setRole(data.value as Role)}>
                    {roleWords.map(([value, words]) => (
                      <Radio key={value} value={value} label={words} />
                    ))}
                  </RadioGroup>
                </Field>
                <Field label="Expires">
                  <Select value={days} onChange={(_, data) => setDays(data.value)}>
                    {lifetimes.map(([value, words]) => (
                      <option key={value} value={value}>
                        {words}
                      </option>
                    ))}
                  </Select>
                </Field>
              </DialogContent>
              <DialogActions>
                <Button type="submit" appearance="primary" disabled={isBusy}>
                  Create key
                </Button>
                <Button onClick={onClose}>Cancel</Button>
              </DialogActions>
            </DialogBody>
          </form>
        ) : (
          <DialogBody>
            <DialogTitle>The key “{name.trim()}”</DialogTitle>
            <DialogContent className={styles.dialog}>
              <Notice tone="warning">Copy it now: it is not shown again.</Notice>
              <div className={styles.secretLine}>
                <code className={styles.secret} data-testid="new-key">
                  {key}
                </code>
                <CopyButton text={key} size="medium" />
              </div>
              <p className={styles.soft}>
                Sent as the header <code>X-API-Key</code>, or as <code>Authorization: Bearer …</code>.
              </p>
            </DialogContent>
            <DialogActions>
              <Button appearance="primary" onClick={onClose}>
                I have copied it
              </Button>
            </DialogActions>
          </DialogBody>
        )}
      </DialogSurface>
    </Dialog>
  );
}
