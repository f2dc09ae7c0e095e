import { useState } from 'react';
import { Link } from 'react-router';
import type { ExecutionSummary } from '../../../src-shared/model/execution';
import { api } from '../../lib/api';
import { useLive } from '../../lib/live';
import { Card, Page, PageHeader } from '../../ui/page';
import { EmptyState, ErrorState, SkeletonRows } from '../../ui/states';
import { StatusPill } from '../../ui/status-pill';
import { TimeText } from '../../ui/time-text';

/** /: is anything wrong, and what runs next? */
export function DashboardPage() {
  const [rows, setRows] = useState<readonly ExecutionSummary[]>();
  const [error, setError] = useState<unknown>();
  const load = () => {
    api.executions.list({ query: { limit: 20 } }).then(
      (reply) => setRows(reply.executions),
      (reason) => setError(reason),
    );
  };
  useLive({ load, apply: (event) => event.type.startsWith('execution.') && load() });
  return (
    <Page title="Dashboard">
      <PageHeader title="Dashboard" />
      <Card title="Recent executions">
        {error && !rows ? (
          <ErrorState what="The executions" error={error} onRetry={load} isSmall />
        ) : !rows ? (
          <SkeletonRows count={6} />
        ) : rows.length === 0 ? (
          <EmptyState title="Nothing has run yet" isSmall />
        ) : (
          rows.map((row) => (
            <p key={row.execution_id} style={{ padding: '8px 16px' }}>
              <StatusPill status={row.status} /> <Link to={`/jobs/${row.job_id}`}>{row.job_name}</Link>{' '}
              <TimeText instant={row.start_time} />
            </p>
          ))
        )}
      </Card>
    </Page>
  );
}
