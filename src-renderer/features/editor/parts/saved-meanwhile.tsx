import { Button } from '@fluentui/react-components';
import { actorWords } from '../../../lib/actor-words';
import { TimeText } from '../../../ui/time-text';
import type { Theirs } from '../editor-store';
import styles from './conflict.module.css';

/** Somebody else saved the job that is being edited: said above the text, which nothing happens to. */
export function SavedMeanwhile({
  theirs: { job, difference },
  onCompare,
}: {
  readonly theirs: Theirs;
  readonly onCompare: () => void;
}) {
  return (
    <div className={styles.banner} role="status">
      <span>
        <b dir="auto">{actorWords(difference?.saved_by) || 'Somebody else'}</b> saved this job{' '}
        <TimeText instant={job.modified_date} />. Yours is not saved.
      </span>
      <Button size="small" onClick={onCompare}>
        See what changed
      </Button>
    </div>
  );
}
