import type { JobDetail } from '../../../../src-shared/model/job';
import { useNow } from '../../../lib/clock';
import { formatNear, plural } from '../../../lib/time-text';
import { Card } from '../../../ui/page';
import type { Change } from '../document/changes';
import styles from './side-cards.module.css';

const mostShown = 8;

function ChangeText({ change }: { readonly change: Change }) {
  const { path, kind, before, after } = change;
  return (
    <>
      <code>{path || 'the job'}</code> {kind === 'added' && <>is new: {after}</>}
      {kind === 'removed' && (
        <>
          goes: <s>{before}</s>
        </>
      )}
      {kind === 'changed' && (
        <>
          <s>{before}</s> → {after}
        </>
      )}
    </>
  );
}

/** What saving does: when the job runs next, and which keys change. */
export function ChangesCard({
  job,
  changes,
  isTextChanged,
  errors,
  nextRun,
}: {
  readonly job: JobDetail | undefined;
  readonly changes: readonly Change[];
  readonly isTextChanged: boolean;
  readonly errors: number;
  /** When the text would run next: null for never, undefined while that is not known. */
  readonly nextRun: string | null | undefined;
}) {
  const now = useNow(60_000);
  const words = (instant: string | null) =>
    instant === null ? 'never' : formatNear(Date.parse(instant), now);
  const before = job?.next_run_time ?? null;
  const isMoved = job !== undefined && nextRun !== undefined && nextRun !== before;
  return (
    <Card title={job ? 'What Save will change' : 'What Save will create'}>
      <ul className={styles.list}>
        {errors > 0 && (
          <li className={styles.bad}>Nothing yet: {plural(errors, 'problem')} must be mended first.</li>
        )}
        {!job && nextRun !== undefined && errors === 0 && <li>First run {words(nextRun)}</li>}
        {isMoved && (
          <li>
            Next run moves from <b>{words(before)}</b> to <b>{words(nextRun)}</b>
          </li>
        )}
        {changes.slice(0, mostShown).map((change) => (
          <li key={change.path} dir="auto">
            <ChangeText change={change} />
          </li>
        ))}
        {changes.length > mostShown && <li>and {changes.length - mostShown} more (see Changes)</li>}
        {job && errors === 0 && changes.length === 0 && (
          <li className={styles.soft}>
            {isTextChanged ? 'Only comments, order or layout.' : 'Nothing: this is the saved text.'}
          </li>
        )}
      </ul>
    </Card>
  );
}
