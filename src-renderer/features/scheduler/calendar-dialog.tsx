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
  Textarea,
} from '@fluentui/react-components';
import { type FormEvent, useState } from 'react';
import type { Calendar } from '../../../src-shared/model/calendar';
import { api, errorText } from '../../lib/api';
import { Notice } from '../../ui/notice';
import { notify } from '../../ui/toasts';
import { daysText, readDays } from './calendar-text';
import dialogs from './dialogs.module.css';
import styles from './scheduler.module.css';

const isWeekend = ({ weekly }: Pick<Calendar, 'weekly'>) =>
  weekly.length === 1 &&
  weekly[0]?.from === undefined &&
  weekly[0]?.to === undefined &&
  [...(weekly[0]?.days ?? [])].sort().join() === 'sat,sun';

/** Makes or changes a holiday set; its days are lines of text. */
export function CalendarDialog({
  calendar,
  onSaved,
  onClose,
}: {
  readonly calendar: Calendar | undefined;
  readonly onSaved: () => void;
  readonly onClose: () => void;
}) {
  const [id, setId] = useState(calendar?.calendar_id ?? '');
  const [name, setName] = useState(calendar?.name ?? '');
  const [text, setText] = useState(calendar ? daysText(calendar) : '');
  const [hasWeekend, setWeekend] = useState(calendar ? isWeekend(calendar) : false);
  const [error, setError] = useState<string>();
  // Weekly rules that the box can't show stay as they are.
  const keepsWeekly = calendar !== undefined && calendar.weekly.length > 0 && !isWeekend(calendar);

  const save = async (event: FormEvent) => {
    event.preventDefault();
    const days = readDays(text);
    if (typeof days === 'string') return setError(days);
    if (id.trim() === '') return setError('Give it an id: jobs name it by that');
    const weekly = keepsWeekly ? calendar.weekly : hasWeekend ? [{ days: ['sat', 'sun'] as const }] : [];
    const body = {
      ...days,
      ...(name.trim() ? { name: name.trim() } : {}),
      ...(calendar?.description ? { description: calendar.description } : {}),
      weekly: weekly.map((one) => ({ ...one, days: [...one.days] })),
      spans: calendar?.spans ?? [],
    };
    try {
      const { message } = calendar
        ? await api.calendars.update({ params: { calendar_id: calendar.calendar_id }, body })
        : await api.calendars.create({ body: { ...body, calendar_id: id.trim() } });
      notify({ kind: 'success', text: message });
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
            <DialogTitle>{calendar ? `Change “${calendar.name}”` : 'New holiday calendar'}</DialogTitle>
            <DialogContent className={dialogs.dialog}>
              {error && <Notice tone="error">{error}</Notice>}
              {!calendar && (
                <Field label="Id" required hint="e.g. us_holidays">
                  <Input value={id} maxLength={50} onChange={(_, { value }) => setId(value)} />
                </Field>
              )}
              <Field label="Name">
                <Input value={name} maxLength={255} onChange={(_, { value }) => setName(value)} />
              </Field>
              <Field
                label="Days"
                hint="One a line: 2026-12-24, 2026-12-24..2026-12-26, or 12-25 for every year; a name may follow"
              >
                <Textarea
                  className={dialogs.daysText}
                  rows={9}
                  value={text}
                  onChange={(_, { value }) => {
                    setError(undefined);
                    setText(value);
                  }}
                />
              </Field>
              {keepsWeekly ? (
                <p className={styles.soft}>
                  Its weekly rules ({calendar.weekly.map(({ days }) => days.join(', ')).join('; ')}) stay.
                </p>
              ) : (
                <Checkbox
                  label="Every Saturday and Sunday"
                  checked={hasWeekend}
                  onChange={(_, { checked }) => setWeekend(checked === true)}
                />
              )}
              {calendar && calendar.spans.length > 0 && (
                <p className={styles.soft}>Its {calendar.spans.length} stretches of time stay.</p>
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
