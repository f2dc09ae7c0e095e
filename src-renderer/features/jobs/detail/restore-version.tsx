import { etagOf } from '../../../../src-shared/job-etag';
import type { JobDetail } from '../../../../src-shared/model/job';
import type { JobVersion } from '../../../../src-shared/model/job-version';
import { api } from '../../../lib/api';
import { confirm } from '../../../ui/confirm';
import { attempt, notify } from '../../../ui/toasts';

/** Asks, restores as a new version, and offers to take it back. Refused when somebody saved meanwhile. */
export async function restoreVersion(job: JobDetail, version: JobVersion): Promise<void> {
  const { job_id } = job;
  const willTurn =
    version.enabled === job.enabled
      ? ''
      : version.enabled
        ? ' It will be enabled again.'
        : ' It will be disabled.';
  const isSure = await confirm({
    title: `Restore version ${version.version} of “${job.name}”?`,
    text: `The job becomes what it was then, as a new version.${willTurn} What runs now goes on as it began.`,
    action: `Restore version ${version.version}`,
  });
  if (!isSure) return;
  const restored = await attempt(() =>
    api.jobs.restore({
      params: { job_id, version: version.version },
      body: {},
      ifMatch: etagOf(job),
    }),
  );
  if (!restored) return;
  const before = restored.version - 1;
  notify({
    kind: 'success',
    text: `“${restored.job.name}” is as it was in version ${version.version}`,
    action: {
      text: 'Undo',
      run: () =>
        void attempt(
          () =>
            api.jobs.restore({
              params: { job_id, version: before },
              body: {},
              ifMatch: etagOf(restored.job),
            }),
          () => ({ kind: 'info', text: `Back to version ${before}` }),
        ),
    },
  });
}
