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
} from '@fluentui/react-components';
import { type FormEvent, useState } from 'react';
import { api, errorText } from '../../lib/api';
import { serverNow } from '../../lib/clock';
import { fromLocalField, toLocalField } from '../../lib/local-field';
import { Notice } from '../../ui/notice';
import { notify } from '../../ui/toasts';
import styles from './dialogs.module.css';
import { useSchedulerPage } from './scheduler-page-store';

const hourMs = 3_600_000;

/** Holds all schedules: until somebody resumes, or until a time, which is a maintenance window of its own. */
export function PauseDialog({ onClose }: { readonly onClose: () => void }) {
  const [reason, setReason] = useState('');
  const [until, setUntil] = useState<'resumed' | 'time'>('resumed');
  const [end, setEnd] = useState(() => toLocalField(serverNow() + hourMs));
  const [error, setError] = useState<string>();

  const pause = async (event: FormEvent) => {
    event.preventDefault();
    try {
      if (until === 'resumed') {
        const { message } = await api.scheduler.pause({
          body: reason.trim() === '' ? {} : { reason: reason.trim() },
        });
        notify({ kind: 'info', text: message });
      } else {
        const ends_at = fromLocalField(end);
        if (!ends_at || Date.parse(ends_at) <= serverNow()) return setError('The end must lie in the future');
        const { window } = await api.calendars.createWindow({
          body: {
            reason: reason.trim() || 'Paused by hand',
            starts_at: new Date(serverNow()).toISOString(),
            ends_at,
          },
        });
        notify({ kind: 'info', text: `All jobs are held: ${window.text}` });
      }
      await useSchedulerPage.getState().load();
      await useSchedulerPage.getState().loadWindows();
      onClose();
    } catch (refusal) {
      setError(errorText(refusal));
    }
  };

  return (
    <Dialog open onOpenChange={(_, data) => !data.open && onClose()}>
      <DialogSurface>
        <form onSubmit={(event) => void pause(event)}>
          <DialogBody>
            <DialogTitle>Pause the scheduler</DialogTitle>
            <DialogContent className={styles.dialog}>
              <p>
                No job starts by its schedule meanwhile; what runs goes on. Afterwards each job catches up by
                its own rules (grace time, coalesce).
              </p>
              {error && <Notice tone="error">{error}</Notice>}
              <Field label="Reason" hint="Colleagues see it here and in the logs">
                <Input value={reason} maxLength={500} onChange={(_, { value }) => setReason(value)} />
              </Field>
              <Field label="Until">
                <RadioGroup value={until} onChange={(_, { value }) => setUntil(value as 'resumed' | 'time')}>
                  <Radio value="resumed" label="Somebody resumes it" />
                  <Radio value="time" label="A time, as a maintenance window for all jobs" />
                </RadioGroup>
              </Field>
              {until === 'time' && (
                <Field label="End">
                  <Input type="datetime-local" value={end} onChange={(_, { value }) => setEnd(value)} />
                </Field>
              )}
            </DialogContent>
            <DialogActions>
              <Button type="submit" appearance="primary">
                Pause
              </Button>
              <Button onClick={onClose}>Cancel</Button>
            </DialogActions>
          </DialogBody>
        </form>
      </DialogSurface>
    </Dialog>
  );
}
