import { Button } from '@fluentui/react-components';
import { useEffect, useState } from 'react';
import type { MaintenanceWindow } from '../../../src-shared/model/maintenance-window';
import { api } from '../../lib/api';
import { useMay } from '../../lib/session';
import { confirm } from '../../ui/confirm';
import { Card } from '../../ui/page';
import { EmptyState, SkeletonRows } from '../../ui/states';
import { TimeText } from '../../ui/time-text';
import { attempt } from '../../ui/toasts';
import styles from './scheduler.module.css';
import { useSchedulerPage } from './scheduler-page-store';
import { WindowDialog } from './window-dialog';

function Opening({ window }: { readonly window: MaintenanceWindow }) {
  if (window.open) {
    return (
      <>
        <b className={styles.open}>● open</b> until <TimeText instant={window.to} absolute />
      </>
    );
  }
  if (window.from === null) return <span className={styles.soft}>○ over</span>;
  return (
    <>
      next <TimeText instant={window.from} absolute />
    </>
  );
}

/** Stretches of time in which jobs are held, once or again and again. */
export function MaintenanceTab() {
  const { windows, loadWindows } = useSchedulerPage();
  const mayChange = useMay('operator');
  const [edited, setEdited] = useState<MaintenanceWindow | 'new'>();
  useEffect(() => void loadWindows(), [loadWindows]);
  const remove = async (window: MaintenanceWindow) => {
    const isSure = await confirm({
      title: `Delete the window “${window.reason}”?`,
      text: window.open
        ? 'It is open: the jobs it holds go on at once, by their own rules.'
        : 'It will not open again.',
      action: 'Delete',
      isDangerous: true,
    });
    if (!isSure) return;
    await attempt(
      () => api.calendars.removeWindow({ params: { window_id: window.window_id } }),
      () => ({ kind: 'success', text: `The window “${window.reason}” is deleted` }),
    );
    await loadWindows();
  };
  const newButton = mayChange && (
    <Button size="small" onClick={() => setEdited('new')}>
      New window…
    </Button>
  );
  return (
    <Card title="Maintenance windows" note="while one is open, its jobs are held" end={newButton}>
      {!windows ? (
        <SkeletonRows count={3} />
      ) : windows.length === 0 ? (
        <EmptyState title="There is no maintenance window" isSmall>
          A window holds all jobs, or those with a tag, for a night of updates or every Sunday morning. What
          comes due meanwhile is decided at its end.
        </EmptyState>
      ) : (
        <div className={styles.scroll}>
          <table className={styles.table}>
            <thead>
              <tr>
                <th scope="col">Reason</th>
                <th scope="col">Holds</th>
                <th scope="col">When</th>
                <th scope="col">Now</th>
                <th scope="col">
                  <span className="visually-hidden">Actions</span>
                </th>
              </tr>
            </thead>
            <tbody>
              {windows.map((window) => (
                <tr key={window.window_id}>
                  <td className={styles.runName} dir="auto">
                    {window.reason}
                  </td>
                  <td>{window.tag === null ? 'all jobs' : `tag ${window.tag}`}</td>
                  <td>{window.text}</td>
                  <td className={styles.when}>
                    <Opening window={window} />
                  </td>
                  <td className={styles.end}>
                    {mayChange && (
                      <span className={styles.buttons}>
                        <Button
                          size="small"
                          aria-label={`Change ${window.reason}`}
                          onClick={() => setEdited(window)}
                        >
                          Change…
                        </Button>
                        <Button
                          size="small"
                          aria-label={`Delete ${window.reason}`}
                          onClick={() => void remove(window)}
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
        <WindowDialog
          window={edited === 'new' ? undefined : edited}
          onSaved={() => void loadWindows()}
          onClose={() => setEdited(undefined)}
        />
      )}
    </Card>
  );
}
