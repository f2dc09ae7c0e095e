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
} from '@fluentui/react-components';
import { useState } from 'react';
import type { Calendar } from '../../../src-shared/model/calendar';
import { api, errorText } from '../../lib/api';
import { plural } from '../../lib/time-text';
import { Notice } from '../../ui/notice';
import { notify } from '../../ui/toasts';
import { daysText } from './calendar-text';
import styles from './dialogs.module.css';

type Preview = Awaited<ReturnType<typeof api.calendars.import>>;

const mostBytes = 2 * 1024 * 1024;

/** Brings an iCalendar file in: shows what it would add before anything is saved. */
export function ImportDialog({
  calendars,
  onDone,
  onClose,
}: {
  readonly calendars: readonly Calendar[];
  readonly onDone: () => void;
  readonly onClose: () => void;
}) {
  const [id, setId] = useState('');
  const [ical, setIcal] = useState('');
  const [replace, setReplace] = useState(false);
  const [preview, setPreview] = useState<Preview>();
  const [error, setError] = useState<string>();
  const exists = calendars.some((one) => one.calendar_id === id.trim());

  const call = async (dry_run: boolean) => {
    setError(undefined);
    if (ical === '') return setError('Choose a file');
    if (id.trim() === '') return setError('Which calendar? Give its id, or a new one');
    try {
      const answer = await api.calendars.import({
        params: { calendar_id: id.trim() },
        body: { ical, replace, dry_run },
      });
      if (dry_run) return setPreview(answer);
      notify({ kind: 'success', text: answer.message });
      onDone();
      onClose();
    } catch (refusal) {
      setPreview(undefined);
      setError(errorText(refusal));
    }
  };

  const choose = async (file: File | undefined) => {
    setPreview(undefined);
    if (!file) return;
    if (file.size > mostBytes) return setError(`${file.name} is larger than 2 MB`);
    setError(undefined);
    setIcal(await file.text());
    if (id === '')
      setId(
        file.name
          .replace(/\.[^.]*$/, '')
          .replace(/[^A-Za-z0-9_.-]+/g, '_')
          .replace(/^[^A-Za-z0-9]+/, '')
          .slice(0, 50),
      );
  };

  return (
    <Dialog open onOpenChange={(_, data) => !data.open && onClose()}>
      <DialogSurface>
        <DialogBody>
          <DialogTitle>Import an iCalendar file</DialogTitle>
          <DialogContent className={styles.dialog}>
            {error && <Notice tone="error">{error}</Notice>}
            <Field label="File (.ics)">
              <input
                type="file"
                accept=".ics,text/calendar"
                onChange={(event) => void choose(event.target.files?.[0])}
              />
            </Field>
            <Field label="Into the calendar" hint={exists ? 'It is there already' : 'A new one is made'}>
              <Input
                value={id}
                list="calendar-ids"
                maxLength={50}
                onChange={(_, { value }) => {
                  setPreview(undefined);
                  setId(value);
                }}
              />
              <datalist id="calendar-ids">
                {calendars.map(({ calendar_id, name }) => (
                  <option key={calendar_id} value={calendar_id}>
                    {name}
                  </option>
                ))}
              </datalist>
            </Field>
            {exists && (
              <Checkbox
                label="Drop what it held before"
                checked={replace}
                onChange={(_, { checked }) => {
                  setPreview(undefined);
                  setReplace(checked === true);
                }}
              />
            )}
            {preview && (
              <>
                <p>
                  <b>{plural(preview.added, 'entry', 'entries')}</b> would be added
                  {preview.calendar.used_by.length > 0 &&
                    `; used by ${preview.calendar.used_by.join(', ')}, whose plans follow at once`}
                  .
                </p>
                {preview.warnings.map((warning) => (
                  <Notice key={warning} tone="warning">
                    {warning}
                  </Notice>
                ))}
                {/* biome-ignore lint/a11y/noNoninteractiveTabindex: long lists are scrolled by keyboard */}
                <pre className={styles.preview} tabIndex={0} dir="auto">
                  {daysText(preview.calendar) || 'No whole days in it.'}
                </pre>
              </>
            )}
          </DialogContent>
          <DialogActions>
            {preview ? (
              <Button appearance="primary" onClick={() => void call(false)}>
                Import
              </Button>
            ) : (
              <Button appearance="primary" onClick={() => void call(true)}>
                Preview
              </Button>
            )}
            <Button onClick={onClose}>Cancel</Button>
          </DialogActions>
        </DialogBody>
      </DialogSurface>
    </Dialog>
  );
}
