import { useEffect, useMemo } from 'react';
import { useParams, useSearchParams } from 'react-router';
import { isNotFound } from '../../lib/api';
import { useLive } from '../../lib/live';
import { useMay, useSession } from '../../lib/session';
import { Page } from '../../ui/page';
import { EmptyState, ErrorState, ForbiddenState, SkeletonRows } from '../../ui/states';
import { EditorDesk } from './editor-desk';
import { useEditor } from './editor-store';
import type { Target } from './open-target';
import { useTestRun } from './test-run-store';

/** /jobs/new (empty, `?template=`, `?copy=`) and /jobs/<id>/edit */
export function EditorPage() {
  const { job_id } = useParams();
  const [search] = useSearchParams();
  const template = search.get('template') ?? undefined;
  const copy = search.get('copy') ?? undefined;
  const target = useMemo<Target>(() => ({ job_id, template, copy }), [job_id, template, copy]);
  const isRoleKnown = useSession((session) => session.isKnown);
  const mayEdit = useMay('editor');
  const { open, opened, error, noteSaved } = useEditor();
  const closeTest = useTestRun((run) => run.close);

  useEffect(() => {
    void open(target);
    return closeTest;
  }, [open, target, closeTest]);
  useLive(
    {
      load: () => void noteSaved().catch(() => undefined),
      apply(event) {
        if (event.type === 'job.updated' && event.data.job_id === job_id)
          void noteSaved().catch(() => undefined);
      },
    },
    job_id,
  );

  const title = job_id === undefined ? 'New job' : `Edit ${opened?.job?.name ?? job_id}`;
  if (isRoleKnown && !mayEdit && job_id === undefined) {
    return (
      <Page title={title}>
        <ForbiddenState what="New jobs" />
      </Page>
    );
  }
  if (error !== undefined) {
    return (
      <Page title={title}>
        {isNotFound(error) ? (
          <EmptyState title={error instanceof Error ? error.message : 'There is no such job'}>
            It may have been deleted or renamed. <a href="/jobs">All jobs</a>
          </EmptyState>
        ) : (
          <ErrorState
            what={job_id === undefined ? 'The new job' : `Job "${job_id}"`}
            error={error}
            onRetry={() => void open(target)}
          />
        )}
      </Page>
    );
  }
  if (!opened || !isRoleKnown) {
    return (
      <Page title={title}>
        <SkeletonRows count={8} />
      </Page>
    );
  }
  return <EditorDesk title={title} opened={opened} mayEdit={mayEdit} />;
}
