import {
  Button,
  Checkbox,
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
import type { MaintenanceWindow } from '../../../src-shared/model/maintenance-window';
import { api, errorText } from '../../lib/api';
import { serverNow } from '../../lib/clock';
import { Notice } from '../../ui/notice';
import { notify } from '../../ui/toasts';
import dialogs from './dialogs.module.css';
import styles from './scheduler.module.css';
import { useSchedulerPage } from './scheduler-page-store';
import { contentOf, newWindowDraft, type WindowDraft, weekdays, windowDraftOf } from './window-draft';

const zones = Intl.supportedValuesOf('timeZone');
const dayWords = { mon: 'Mon', tue: 'Tue', wed: 'Wed', thu: 'Thu', fri: 'Fri', sat: 'Sat', sun: 'Sun' };

function WeeklyFields({
  draft,
  change,
}: {
  readonly draft: WindowDraft;
  readonly change: (part: Partial<WindowDraft>) => void;
}) {
  return (
    <>
      <fieldset className={dialogs.days}>
        <legend>Days</legend>
        {weekdays.map((day) => (
          <Checkbox
            key={day}
            label={dayWords[day]}
            checked={draft.days.includes(day)}
            onChange={() =>
              change({
                days: draft.days.includes(day)
                  ? draft.days.filter((one) => one !== day)
                  : [...draft.days, day],
              })
            }
          />
        ))}
      </fieldset>
      <div className={dialogs.pair}>
        <Field label="From">
          <Input type="time" value={draft.time} onChange={(_, { value }) => change({ time: value })} />
        </Field>
        <Field label="Time zone">
          <Select value={draft.timezone} onChange={(_, { value }) => change({ timezone: value })}>
            {[...new Set([draft.timezone, 'UTC', ...zones])].map((zone) => (
              <option key={zone} value={zone}>
                {zone}
              </option>
            ))}
          </Select>
        </Field>
      </div>
    </>
  );
}

/** Makes or changes a maintenance window. */
export function WindowDialog({
  window,
  onSaved,
  onClose,
}: {
  readonly window: MaintenanceWindow | undefined;
  readonly onSaved: () => void;
  readonly onClose: () => void;
}) {
  const timezone = useSchedulerPage((state) => state.status?.timezone ?? 'UTC');
  const [draft, setDraft] = useState<WindowDraft>(() =>
    window ? windowDraftOf(window, serverNow(), timezone) : newWindowDraft(serverNow(), timezone),
  );
  const [error, setError] = useState<string>();
  const change = (part: Partial<WindowDraft>) => {
    setError(undefined);
    setDraft((current) => ({ ...current, ...part }));
  };
  const save = async (event: FormEvent) => {
    event.preventDefault();
    const body = contentOf(draft, window);
    if (typeof body === 'string') return setError(body);
    try {
      const saved = window
        ? await api.calendars.updateWindow({ params: { window_id: window.window_id }, body })
        : await api.calendars.createWindow({ body });
      notify({ kind: 'success', text: `${saved.window.reason}: ${saved.window.text}` });
      onSaved();
      onClose();
    } catch (refusal) {
      setError(errorText(refusal));
    }
  };
  return (
    <Dialog open onOpenChange={(_, data) => !data.open && onClose()}>
      <DialogSurface>
        <form onSubmit={(event) => void save(event)} noValidate>
          <DialogBody>
            <DialogTitle>{window ? 'Change the window' : 'New maintenance window'}</DialogTitle>
            <DialogContent className={dialogs.dialog}>
              {error && <Notice tone="error">{error}</Notice>}
              <Field label="Reason" required>
                <Input
                  value={draft.reason}
                  maxLength={500}
                  onChange={(_, { value }) => change({ reason: value })}
                />
              </Field>
              <Field label="Only jobs with the tag" hint="empty: all jobs">
                <Input value={draft.tag} maxLength={50} onChange={(_, { value }) => change({ tag: value })} />
              </Field>
              <Field label="When">
                <RadioGroup
                  layout="horizontal"
                  value={draft.kind}
                  onChange={(_, { value }) => change({ kind: value as WindowDraft['kind'] })}
                >
                  <Radio value="once" label="Once" />
                  <Radio value="weekly" label="Every week" />
                  {window?.schedule !== undefined && draft.kind === 'other' && (
                    <Radio value="other" label="As it is" />
                  )}
                </RadioGroup>
              </Field>
              {draft.kind === 'once' && (
                <div className={dialogs.pair}>
                  <Field label="From">
                    <Input
                      type="datetime-local"
                      value={draft.starts}
                      onChange={(_, { value }) => change({ starts: value })}
                    />
                  </Field>
                  <Field label="To">
                    <Input
                      type="datetime-local"
                      value={draft.ends}
                      onChange={(_, { value }) => change({ ends: value })}
                    />
                  </Field>
                </div>
              )}
              {draft.kind === 'weekly' && <WeeklyFields draft={draft} change={change} />}
              {draft.kind === 'other' && <p className={styles.soft}>{window?.text}</p>}
              {draft.kind !== 'once' && (
                <Field label="Open for (minutes)">
                  <Input
                    type="number"
                    value={draft.minutes}
                    onChange={(_, { value }) => change({ minutes: value })}
                  />
                </Field>
              )}
            </DialogContent>
            <DialogActions>
              <Button type="submit" appearance="primary">
                Save
              </Button>
              <Button onClick={onClose}>Cancel</Button>
            </DialogActions>
          </DialogBody>
        </form>
      </DialogSurface>
    </Dialog>
  );
}
