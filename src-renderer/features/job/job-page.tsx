import { Button } from '@fluentui/react-components';
import { useState } from 'react';
import { useParams } from 'react-router';
import type { JobDetail } from '../../../src-shared/model/job';
import { api } from '../../lib/api';
import { useLive } from '../../lib/live';
import { useMay } from '../../lib/session';
import { Card, Page, PageHeader } from '../../ui/page';
import { ErrorState, SkeletonRows } from '../../ui/states';
import { attempt } from '../../ui/toasts';

/** /jobs/<id> */
export function JobPage() {
  const { job_id = '' } = useParams();
  const [job, setJob] = useState<JobDetail>();
  const [error, setError] = useState<unknown>();
  const mayRun = useMay('operator');
  const load = () => {
    api.jobs.get({ params: { job_id } }).then(
      (reply) => setJob(reply.job),
      (reason) => setError(reason),
    );
  };
  useLive({ load, apply: (event) => event.type === 'job.updated' && load() }, job_id);
  if (error && !job) return <ErrorState what={`Job "${job_id}"`} error={error} onRetry={load} />;
  if (!job) return <SkeletonRows count={6} />;
  const run = () =>
    attempt(
      () => api.jobs.run({ params: { job_id } }),
      ({ message }) => ({ kind: 'success', text: message }),
    );
  return (
    <Page title={job.name}>
      <PageHeader
        title={job.name}
        crumbs={[{ text: 'Jobs', to: '/jobs' }, { text: job.job_id }]}
        actions={
          mayRun && (
            <Button appearance="primary" onClick={() => void run()}>
              Run
            </Button>
          )
        }
      />
      <Card title="Definition">
        <pre style={{ padding: '0 16px 16px', overflow: 'auto' }}>{job.yaml}</pre>
      </Card>
    </Page>
  );
}
