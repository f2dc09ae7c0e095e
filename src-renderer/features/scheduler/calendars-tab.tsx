import { Button } from '@fluentui/react-components';
import { useState } from 'react';
import type { Calendar } from '../../../src-shared/model/calendar';
import { api } from '../../lib/api';
import { useMay } from '../../lib/session';
import { useLoaded } from '../../lib/use-loaded';
import { confirm } from '../../ui/confirm';
import { Card } from '../../ui/page';
import { EmptyState, ErrorState, SkeletonRows } from '../../ui/states';
import { attempt } from '../../ui/toasts';
import { CalendarDialog } from './calendar-dialog';
import { contentText } from './calendar-text';
import { ImportDialog } from './import-dialog';
import styles from './scheduler.module.css';
import { useSchedulerPage } from './scheduler-page-store';

/** Holiday sets: days on which jobs that name them do not run. */
export function CalendarsTab() {
  const version = useSchedulerPage((state) => state.planVersion);
  const mayChange = useMay('editor');
  const { data, error, reload } = useLoaded(() => api.calendars.list({}), String(version));
  const [edited, setEdited] = useState<Calendar | 'new'>();
  const [isImporting, setImporting] = useState(false);
  const remove = async (calendar: Calendar) => {
    const isSure = await confirm({
      title: `Delete the calendar “${calendar.name}”?`,
      text: 'Its days can’t be brought back.',
      action: 'Delete',
      isDangerous: true,
    });
    if (!isSure) return;
    await attempt(
      () => api.calendars.remove({ params: { calendar_id: calendar.calendar_id } }),
      ({ message }) => ({ kind: 'success', text: message }),
    );
    reload();
  };
  return (
    <Card
      title="Holiday calendars"
      note={
        <>
          jobs name them in <code>exclude:</code>
        </>
      }
      end={
        mayChange ? (
          <span className={styles.buttons}>
            <Button size="small" onClick={() => setImporting(true)}>
              Import iCalendar…
            </Button>
            <Button size="small" onClick={() => setEdited('new')}>
              New calendar…
            </Button>
          </span>
        ) : (
          'Editors change them'
        )
      }
    >
      {error && !data ? (
        <ErrorState what="The calendars" error={error} onRetry={reload} isSmall />
      ) : !data ? (
        <SkeletonRows count={3} />
      ) : data.calendars.length === 0 ? (
        <EmptyState title="There is no holiday calendar" isSmall>
          A calendar holds days on which jobs rest. It can be written here or imported from an .ics file.
        </EmptyState>
      ) : (
        <div className={styles.scroll}>
          <table className={styles.table}>
            <thead>
              <tr>
                <th scope="col">Calendar</th>
                <th scope="col">Holds</th>
                <th scope="col">Used by</th>
                <th scope="col">
                  <span className="visually-hidden">Actions</span>
                </th>
              </tr>
            </thead>
            <tbody>
              {data.calendars.map((calendar) => (
                <tr key={calendar.calendar_id}>
                  <td>
                    <span className={styles.runName} dir="auto">
                      {calendar.name}
                    </span>
                    <span className={styles.sub}>{calendar.calendar_id}</span>
                  </td>
                  <td>{contentText(calendar)}</td>
                  <td title={calendar.used_by.join('\n')}>{calendar.used_by.join(', ') || 'no job'}</td>
                  <td className={styles.end}>
                    {mayChange && (
                      <span className={styles.buttons}>
                        <Button
                          size="small"
                          aria-label={`Change ${calendar.name}`}
                          onClick={() => setEdited(calendar)}
                        >
                          Change…
                        </Button>
                        <Button
                          size="small"
                          aria-label={`Delete ${calendar.name}`}
                          disabled={calendar.used_by.length > 0}
                          title={
                            calendar.used_by.length > 0 ? `Used by ${calendar.used_by.join(', ')}` : undefined
                          }
                          onClick={() => void remove(calendar)}
                        >
                          Delete…
                        </Button>
                      </span>
                    )}
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
      {edited && (
        <CalendarDialog
          calendar={edited === 'new' ? undefined : edited}
          onSaved={reload}
          onClose={() => setEdited(undefined)}
        />
      )}
      {isImporting && (
        <ImportDialog calendars={data?.calendars ?? []} onDone={reload} onClose={() => setImporting(false)} />
      )}
    </Card>
  );
}
