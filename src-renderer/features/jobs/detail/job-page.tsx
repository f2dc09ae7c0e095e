import { useNavigate, useParams } from 'react-router';
import { isNotFound } from '../../../lib/api';
import { useLive } from '../../../lib/live';
import { formatNumber } from '../../../lib/time-text';
import { useUrlTab } from '../../../lib/url-state';
import { Page, PageHeader } from '../../../ui/page';
import { PageTabs, TabPanel } from '../../../ui/page-tabs';
import { EmptyState, ErrorState, Skeleton, SkeletonRows } from '../../../ui/states';
import { StatusPill } from '../../../ui/status-pill';
import { DuplicateDialog } from '../duplicate-dialog';
import { shownStatus } from '../job-filter';
import { BringBack } from './bring-back';
import { DefinitionTab } from './definition-tab';
import { ExecutionsTab } from './executions-tab';
import { JobActions } from './job-actions-bar';
import styles from './job-page.module.css';
import { useJob } from './job-store';
import { OverviewTab } from './overview-tab';
import { RunDialog } from './run-dialog';
import { SlotsTab } from './slots-tab';
import { VersionsTab } from './versions-tab';

const tabIds = ['overview', 'executions', 'slots', 'yaml', 'versions'] as const;
const tabNames = {
  overview: 'Overview',
  executions: 'Executions',
  slots: 'Planned and missed',
  yaml: 'YAML',
  versions: 'Versions',
};

/** /jobs/<id>: how it is doing, and why it did or did not run. */
export function JobPage() {
  const { job_id = '' } = useParams();
  const { job, job_id: shownId, error, isDeleted, totalRuns, load, apply } = useJob();
  const [tab, setTab] = useUrlTab(tabIds);
  const navigate = useNavigate();
  useLive({ load: () => void load(job_id), apply }, job_id);

  if (isDeleted || (isNotFound(error) && !job))
    return (
      <Page title={job_id}>
        <EmptyState
          title={isDeleted ? `“${job?.name ?? job_id}” was deleted` : `There is no job “${job_id}”`}
          actions={
            <>
              <button type="button" className={styles.linkButton} onClick={() => navigate('/jobs')}>
                All jobs
              </button>
              <BringBack job_id={job_id} onBack={() => void load(job_id)} />
              <button
                type="button"
                className={styles.linkButton}
                onClick={() => navigate(`/executions?job_id=${encodeURIComponent(job_id)}`)}
              >
                Its executions
              </button>
            </>
          }
        >
          {isDeleted
            ? 'What it did is still in the history.'
            : 'It may be misspelt, or was deleted: then what it did is still in the history.'}
        </EmptyState>
      </Page>
    );
  if (error && !job)
    return (
      <Page title={job_id}>
        <ErrorState what={`Job “${job_id}”`} error={error} onRetry={() => void load(job_id)} />
      </Page>
    );
  if (!job || shownId !== job_id)
    return (
      <Page title={job_id}>
        <Skeleton width={280} height={28} style={{ margin: '10px 0' }} />
        <SkeletonRows count={8} />
      </Page>
    );

  return (
    <Page title={job.name}>
      <PageHeader
        title={job.name}
        crumbs={[{ text: 'Jobs', to: '/jobs' }, { text: job.job_id }]}
        beside={
          <>
            <StatusPill status={shownStatus(job)} />
            {job.shadow && (
              <StatusPill status="shadow" title="Its planned runs are recorded, and nothing is started" />
            )}
          </>
        }
        note={
          <>
            {job.job_type}
            {job.tags.map((tag) => ` · #${tag}`)}
          </>
        }
        actions={<JobActions job={job} />}
      />
      {job.description !== '' && (
        <p className={styles.description} dir="auto">
          {job.description}
        </p>
      )}
      <PageTabs
        label="Parts of the job"
        className={styles.tabs}
        selected={tab}
        onSelect={setTab}
        tabs={tabIds.map((value) => ({
          value,
          text: (
            <>
              {tabNames[value]}
              {value === 'executions' && totalRuns > 0 && (
                <span className={styles.count}> {formatNumber(totalRuns)}</span>
              )}
            </>
          ),
        }))}
      />
      <TabPanel value={tab}>
        {tab === 'overview' && <OverviewTab job={job} />}
        {tab === 'executions' && <ExecutionsTab />}
        {tab === 'slots' && <SlotsTab job_id={job.job_id} />}
        {tab === 'yaml' && <DefinitionTab job={job} />}
        {tab === 'versions' && <VersionsTab job={job} />}
      </TabPanel>
      <DuplicateDialog />
      <RunDialog />
    </Page>
  );
}
