import { Button, Select } from '@fluentui/react-components';
import { lazy, Suspense, useState } from 'react';
import { Link } from 'react-router';
import type { JobDetail } from '../../../../src-shared/model/job';
import type { JobVersion } from '../../../../src-shared/model/job-version';
import { api } from '../../../lib/api';
import { useMay } from '../../../lib/session';
import { plural } from '../../../lib/time-text';
import { useUrlText } from '../../../lib/url-state';
import { useLoaded } from '../../../lib/use-loaded';
import { Card } from '../../../ui/page';
import { EmptyState, ErrorState, Skeleton, SkeletonRows } from '../../../ui/states';
import { TimeText } from '../../../ui/time-text';
import { restoreVersion } from './restore-version';
import { savedHow, savedWho, textOfVersion } from './version-words';
import styles from './versions-tab.module.css';

const DiffView = lazy(async () => ({
  default: (await import('../../../ui/monaco/diff-view')).DiffView,
}));
const pageSize = 50;

function VersionRow({
  version,
  isChosen,
  onChoose,
}: {
  readonly version: JobVersion;
  readonly isChosen: boolean;
  readonly onChoose: () => void;
}) {
  return (
    <li>
      <button type="button" className={styles.version} aria-pressed={isChosen} onClick={onChoose}>
        <span className={styles.number}>{version.version}</span>
        <span className={styles.what}>
          <span>
            <b>{savedHow(version)}</b>
            {version.is_current && <span className={styles.current}>now</span>}
          </span>
          <span className={styles.soft} dir="auto" title={`${version.saved_by}\nfrom ${version.origin}`}>
            {savedWho(version)}
          </span>
        </span>
        <span className={styles.when}>
          <TimeText instant={version.saved_date} />
        </span>
      </button>
    </li>
  );
}

/** Two versions beside each other; restoring the right one's counterpart is one click and a question away. */
function Comparison({
  job,
  before,
  after,
}: {
  readonly job: JobDetail;
  readonly before: number | undefined;
  readonly after: number;
}) {
  const { data, error, reload } = useLoaded(async () => {
    const read = (version: number) => api.jobs.version({ params: { job_id: job.job_id, version } });
    const [left, right] = await Promise.all([before === undefined ? undefined : read(before), read(after)]);
    return { left: left ? textOfVersion(left) : '', right: textOfVersion(right) };
  }, `${job.job_id} ${before} ${after}`);
  if (error) return <ErrorState what="The versions" error={error} onRetry={reload} isSmall />;
  if (!data) return <Skeleton height="100%" />;
  if (data.left === data.right)
    return (
      <EmptyState title="Their texts are the same" isSmall>
        The later one was saved without a change.
      </EmptyState>
    );
  return (
    <Suspense fallback={<Skeleton height="100%" />}>
      <DiffView
        label={before === undefined ? `Version ${after}` : `Version ${before} and version ${after}`}
        before={data.left}
        after={data.right}
      />
    </Suspense>
  );
}

/** Every saved definition: who, when, from where; compared side by side, and restored. */
export function VersionsTab({ job }: { readonly job: JobDetail }) {
  const mayEdit = useMay('editor');
  const [limit, setLimit] = useState(pageSize);
  const { data, error, reload } = useLoaded(
    () => api.jobs.versions({ params: { job_id: job.job_id }, query: { limit } }),
    `${job.job_id} ${job.modified_date} ${limit}`,
  );
  const [chosenText, setChosen] = useUrlText('version');
  const [withText, setWith] = useUrlText('with');

  if (error && !data)
    return (
      <Card title="Versions">
        <ErrorState what="The versions" error={error} onRetry={reload} isSmall />
      </Card>
    );
  if (!data)
    return (
      <Card title="Versions">
        <SkeletonRows count={6} rowHeight={52} />
      </Card>
    );
  const { versions, total } = data;
  const newest = versions[0];
  const chosen = Number(chosenText) || newest?.version || 1;
  const chosenRow = versions.find((one) => one.version === chosen);
  const other = Number(withText) || chosen - 1;
  const [before, after] = other > chosen ? [chosen, other] : [other, chosen];
  const choose = (version: number) => setChosen(version === newest?.version ? '' : String(version));

  return (
    <div className={styles.layout}>
      <Card title="Versions" note={plural(total, 'saved definition')}>
        <ul className={styles.list}>
          {versions.map((version) => (
            <VersionRow
              key={version.version}
              version={version}
              isChosen={version.version === chosen}
              onChoose={() => choose(version.version)}
            />
          ))}
        </ul>
        {versions.length < total && (
          <div className={styles.foot}>
            <Button size="small" appearance="subtle" onClick={() => setLimit(Math.min(1000, limit * 4))}>
              Show older
            </Button>
          </div>
        )}
      </Card>
      <Card
        title={before < 1 ? `Version ${after}` : `Version ${before} → ${after}`}
        className={styles.comparison}
        end={
          <span className={styles.actions}>
            <Select
              size="small"
              aria-label="Compare with"
              value={withText}
              onChange={(_, { value }) => setWith(value)}
            >
              <option value="">with the one before</option>
              {versions
                .filter((one) => one.version !== chosen)
                .map((one) => (
                  <option key={one.version} value={one.version}>
                    with version {one.version}
                    {one.is_current ? ' (now)' : ''}
                  </option>
                ))}
            </Select>
            {mayEdit && chosenRow && !chosenRow.is_current && (
              <Button size="small" onClick={() => void restoreVersion(job, chosenRow).then(reload)}>
                Restore version {chosen}…
              </Button>
            )}
          </span>
        }
      >
        <div className={styles.diff}>
          <Comparison job={job} before={before < 1 ? undefined : before} after={after} />
        </div>
        {!mayEdit && (
          <p className={styles.note}>
            Without the right to edit you see the definitions without their texts and passwords.
          </p>
        )}
        {chosenRow?.restored_from && (
          <p className={styles.note}>
            Restored from{' '}
            <Link
              to={`/jobs/${encodeURIComponent(job.job_id)}?tab=versions&version=${chosenRow.restored_from}`}
            >
              version {chosenRow.restored_from}
            </Link>
          </p>
        )}
      </Card>
    </div>
  );
}
