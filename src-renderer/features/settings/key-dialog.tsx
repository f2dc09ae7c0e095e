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
  Select,
} from '@fluentui/react-components';
import { type FormEvent, useState } from 'react';
import type { Role } from '../../../src-shared/roles';
import { api, errorText } from '../../lib/api';
import { RightsFields, tagsOf } from './rights-fields';
import { ScopeFields } from './scope-fields';
import styles from './settings.module.css';
import { ToldSecret } from './told-secret';

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
  const [tags, setTags] = useState('');
  const [scopes, setScopes] = useState<readonly string[] | null>(null);
  const [days, setDays] = useState('365');
  const [error, setError] = useState<string>();
  const [isBusy, setBusy] = useState(false);
  const [key, setKey] = useState<string>();

  const create = async (event: FormEvent) => {
    event.preventDefault();
    if (scopes?.length === 0) return setError('Allow it at least one part, or all that its role may');
    if (name.trim() === '') return setError('Give it a name that tells what uses it');
    setBusy(true);
    try {
      const made = await api.security.createKey({
        body: {
          name: name.trim(),
          role,
          tags: tagsOf(tags),
          scopes: scopes && [...scopes],
          ...(days === '' ? {} : { expires_in_days: Number(days) }),
        },
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
                <RightsFields role={role} tags={tags} onRole={setRole} onTags={setTags} />
                <ScopeFields scopes={scopes} onChange={setScopes} />
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
          <ToldSecret title={`The key “${name.trim()}”`} secret={key} testId="new-key" onClose={onClose}>
            Sent as the header <code>X-API-Key</code>, or as <code>Authorization: Bearer …</code>.
          </ToldSecret>
        )}
      </DialogSurface>
    </Dialog>
  );
}
