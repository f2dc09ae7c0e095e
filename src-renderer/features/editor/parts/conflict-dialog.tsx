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
import type { JobDetail } from '../../../../src-shared/model/job';
import { Skeleton } from '../../../ui/states';
import { TimeText } from '../../../ui/time-text';
import { shownText } from '../document/shown-text';

const DiffView = lazy(async () => ({ default: (await import('../../../ui/monaco/diff-view')).DiffView }));

/** Somebody else saved the job meanwhile: both texts beside each other, and whose is to be kept. */
export function ConflictDialog({
  theirs,
  mine,
  onTakeTheirs,
  onKeepMine,
  onMerge,
}: {
  readonly theirs: JobDetail;
  readonly mine: string;
  readonly onTakeTheirs: () => void;
  readonly onKeepMine: () => void;
  readonly onMerge: () => void;
}) {
  return (
    <Dialog open modalType="alert">
      <DialogSurface style={{ maxWidth: 1100, width: '92vw' }}>
        <DialogBody>
          <DialogTitle>Somebody else changed this job</DialogTitle>
          <DialogContent>
            <p>
              It was saved <TimeText instant={theirs.modified_date} /> while you were editing. On the left is
              theirs, on the right is yours; nothing of yours has been saved or lost.
            </p>
            <div style={{ height: 'min(46vh, 420px)', marginTop: 12, border: '1px solid var(--line)' }}>
              <Suspense fallback={<Skeleton height="100%" />}>
                <DiffView label="Theirs and yours" before={shownText(theirs)} after={mine} />
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
          </DialogActions>
        </DialogBody>
      </DialogSurface>
    </Dialog>
  );
}
