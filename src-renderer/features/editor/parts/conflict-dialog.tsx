import {
  Button,
  Dialog,
  DialogActions,
  DialogBody,
  DialogContent,
  DialogSurface,
  DialogTitle,
} from '@fluentui/react-components';
import { lazy, Suspense } from 'react';
import type { JobDifference } from '../../../../src-shared/model/job-difference';
import { actorWords } from '../../../lib/actor-words';
import { plural } from '../../../lib/time-text';
import { Skeleton } from '../../../ui/states';
import { TimeText } from '../../../ui/time-text';
import { shownText } from '../document/shown-text';
import type { Theirs } from '../editor-store';
import styles from './conflict.module.css';

const DiffView = lazy(async () => ({ default: (await import('../../../ui/monaco/diff-view')).DiffView }));

const lines = (text: string) => text.split('\n').map((line, index) => ({ key: `${index} ${line}`, line }));

/** What they did since this page began: their save line by line, or why that can't be told. */
function WhatTheyDid({ difference }: { readonly difference: JobDifference | undefined }) {
  if (!difference || difference.since_version === null)
    return <p className={styles.soft}>What it was when you began is not kept any more.</p>;
  const { changes, diff } = difference;
  return (
    <section aria-label="What they changed">
      <h3 className={styles.title}>
        What they changed since you began
        <span className={styles.soft}>
          {changes.length === 0 ? 'only comments or layout' : plural(changes.length, 'value')}
        </span>
      </h3>
      <pre className={styles.lines} dir="ltr">
        {lines(diff).map(({ key, line }) => (
          <span key={key} data-sign={line.slice(0, 1)}>
            {line}
          </span>
        ))}
      </pre>
    </section>
  );
}

/** Somebody else saved the job meanwhile: what they did, both texts beside each other, and whose is to be kept. */
export function ConflictDialog({
  theirs: { job, difference },
  mine,
  onClose,
  onTakeTheirs,
  onKeepMine,
  onMerge,
}: {
  readonly theirs: Theirs;
  readonly mine: string;
  readonly onClose: () => void;
  readonly onTakeTheirs: () => void;
  readonly onKeepMine: () => void;
  readonly onMerge: () => void;
}) {
  const who = actorWords(difference?.saved_by) || 'Somebody else';
  return (
    <Dialog open modalType="alert" onOpenChange={(_, { open }) => !open && onClose()}>
      <DialogSurface style={{ maxWidth: 1100, width: '92vw' }}>
        <DialogBody>
          <DialogTitle>Somebody else changed this job</DialogTitle>
          <DialogContent>
            <p>
              <b dir="auto">{who}</b> saved it <TimeText instant={job.modified_date} /> while you were
              editing. Nothing of yours has been saved or lost.
            </p>
            <WhatTheyDid difference={difference} />
            <h3 className={styles.title}>
              Theirs and yours
              <span className={styles.soft}>red is theirs alone, green is yours alone</span>
            </h3>
            <div className={styles.both}>
              <Suspense fallback={<Skeleton height="100%" />}>
                <DiffView label="Theirs and yours" before={shownText(job)} after={mine} />
              </Suspense>
            </div>
          </DialogContent>
          <DialogActions fluid>
            {/* The first one gets the focus: it must be the one that loses nothing. */}
            <Button appearance="primary" onClick={onMerge}>
              Merge by hand
            </Button>
            <Button onClick={onKeepMine}>Keep mine and save</Button>
            <Button onClick={onTakeTheirs}>Take theirs</Button>
            <Button appearance="subtle" onClick={onClose}>
              Go on editing
            </Button>
          </DialogActions>
        </DialogBody>
      </DialogSurface>
    </Dialog>
  );
}
