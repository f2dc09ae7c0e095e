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
import { api, errorText } from '../lib/api';
import { notify } from '../ui/toasts';

/** Changes one's own password; one's other sessions end. */
export function PasswordDialog({ onClose }: { readonly onClose: () => void }) {
  const [current, setCurrent] = useState('');
  const [fresh, setFresh] = useState('');
  const [again, setAgain] = useState('');
  const [error, setError] = useState<string>();
  const [isBusy, setBusy] = useState(false);

  const save = async (event: FormEvent) => {
    event.preventDefault();
    if (fresh !== again) return setError('The two new passwords differ');
    setBusy(true);
    try {
      const { message } = await api.security.changePassword({
        body: { current_password: current, new_password: fresh },
      });
      notify({ kind: 'success', text: message });
      onClose();
    } catch (refusal) {
      setError(errorText(refusal));
    } finally {
      setBusy(false);
    }
  };

  return (
    <Dialog open onOpenChange={(_, data) => !data.open && onClose()}>
      <DialogSurface style={{ maxWidth: 440 }}>
        <form onSubmit={(event) => void save(event)} noValidate>
          <DialogBody>
            <DialogTitle>Change your password</DialogTitle>
            <DialogContent style={{ display: 'flex', flexDirection: 'column', gap: 14, paddingTop: 4 }}>
              <Field label="Current password">
                <Input
                  type="password"
                  autoComplete="current-password"
                  value={current}
                  onChange={(_, data) => setCurrent(data.value)}
                />
              </Field>
              <Field label="New password" hint="At least 12 characters; a few words make a good one">
                <Input
                  type="password"
                  autoComplete="new-password"
                  value={fresh}
                  onChange={(_, data) => setFresh(data.value)}
                />
              </Field>
              <Field label="New password once more" validationMessage={error}>
                <Input
                  type="password"
                  autoComplete="new-password"
                  value={again}
                  onChange={(_, data) => setAgain(data.value)}
                />
              </Field>
            </DialogContent>
            <DialogActions>
              <Button type="submit" appearance="primary" disabled={isBusy || current === '' || fresh === ''}>
                Change password
              </Button>
              <Button onClick={onClose}>Cancel</Button>
            </DialogActions>
          </DialogBody>
        </form>
      </DialogSurface>
    </Dialog>
  );
}
