import { Button } from '@fluentui/react-components';
import type { JobSummary } from '../../../src-shared/model/job';
import { useMay } from '../../lib/session';
import { formatNumber } from '../../lib/time-text';
import { actOnJobs, type BulkAction, exportJobs } from './job-actions';
import styles from './jobs-page.module.css';

/** What can be done with the selected jobs; floats above the table while there are any. */
export function SelectionBar({
  selected,
  onClear,
}: {
  readonly selected: readonly JobSummary[];
  readonly onClear: () => void;
}) {
  const mayRun = useMay('operator');
  const mayEdit = useMay('editor');
  if (selected.length === 0) return null;
  const act = (action: BulkAction) =>
    void actOnJobs(action, selected).then((isDone) => {
      if (isDone && action === 'delete') onClear();
    });
  return (
    <div className={styles.selection} role="toolbar" aria-label="Selected jobs">
      <b role="status">{formatNumber(selected.length)} selected</b>
      {mayRun && (
        <>
          <Button onClick={() => act('run')}>Run</Button>
          <Button onClick={() => act('enable')}>Enable</Button>
          <Button onClick={() => act('disable')}>Disable</Button>
        </>
      )}
      {mayEdit && (
        <>
          <Button onClick={() => void exportJobs(selected.map((job) => job.job_id))}>Export</Button>
          <Button className={styles.danger} onClick={() => act('delete')}>
            Delete…
          </Button>
        </>
      )}
      <Button appearance="subtle" aria-label="Clear the selection" onClick={onClear}>
        ✕
      </Button>
    </div>
  );
}
