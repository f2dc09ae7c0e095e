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
import { ChannelName } from '../../src-shared/model/notification';
import { api, errorText } from '../lib/api';
import { channelWords, needsTarget, recipientOf, targetHints } from '../lib/notification-words';
import { Notice } from './notice';

/** Sends a test message and shows what the receiver said. */
export function TestNotificationDialog({
  job_id,
  channel: firstChannel = 'email',
  target: firstTarget = '',
  onClose,
}: {
  readonly job_id?: string;
  readonly channel?: ChannelName;
  readonly target?: string;
  readonly onClose: () => void;
}) {
  const [channel, setChannel] = useState<ChannelName>(firstChannel);
  const [target, setTarget] = useState(firstTarget);
  const [answer, setAnswer] = useState<{ readonly success: boolean; readonly message: string }>();
  const [isBusy, setBusy] = useState(false);
  const isMissing = needsTarget(channel) && target.trim() === '';

  const send = async (event: FormEvent) => {
    event.preventDefault();
    if (isMissing) return;
    setBusy(true);
    setAnswer(undefined);
    try {
      const recipient = recipientOf(channel, target);
      setAnswer(await api.notifications.test({ body: { recipient, ...(job_id ? { job_id } : {}) } }));
    } catch (error) {
      setAnswer({ success: false, message: errorText(error) });
    } finally {
      setBusy(false);
    }
  };

  return (
    <Dialog open onOpenChange={(_, data) => !data.open && onClose()}>
      <DialogSurface>
        <form onSubmit={(event) => void send(event)} noValidate autoComplete="off">
          <DialogBody>
            <DialogTitle>Send a test message</DialogTitle>
            <DialogContent style={{ display: 'flex', flexDirection: 'column', gap: 14, paddingTop: 4 }}>
              <Field label="Channel">
                <Select
                  value={channel}
                  onChange={(_, data) => {
                    setChannel(data.value as ChannelName);
                    setAnswer(undefined);
                  }}
                >
                  {ChannelName.options.map((name) => (
                    <option key={name} value={name}>
                      {channelWords[name]}
                    </option>
                  ))}
                </Select>
              </Field>
              {needsTarget(channel) && (
                <Field label="To">
                  <Input
                    value={target}
                    placeholder={targetHints[channel]}
                    onChange={(_, data) => setTarget(data.value)}
                  />
                </Field>
              )}
              {answer && <Notice tone={answer.success ? 'success' : 'error'}>{answer.message}</Notice>}
            </DialogContent>
            <DialogActions>
              <Button type="submit" appearance="primary" disabled={isBusy || isMissing}>
                {isBusy ? 'Sending…' : 'Send'}
              </Button>
              <Button onClick={onClose}>Close</Button>
            </DialogActions>
          </DialogBody>
        </form>
      </DialogSurface>
    </Dialog>
  );
}
