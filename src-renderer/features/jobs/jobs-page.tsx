import { useState } from 'react';
import { useNavigate } from 'react-router';
import type { JobSummary } from '../../../src-shared/model/job';
import { useLive } from '../../lib/live';
import { formatDuration, plural } from '../../lib/time-text';
import { useUrlText } from '../../lib/url-state';
import { FilterBar, FilterText } from '../../ui/filter-bar';
import { Page, PageHeader } from '../../ui/page';
import { EmptyState, ErrorState, SkeletonRows } from '../../ui/states';
import { StatusPill } from '../../ui/status-pill';
import { TimeText } from '../../ui/time-text';
import { type Column, VirtualTable } from '../../ui/virtual-table';
import { useJobs } from './jobs-store';

const columns: readonly Column<JobSummary>[] = [
  { id: 'name', header: 'Name', width: 'minmax(200px, 2fr)', cell: (job) => <b>{job.name}</b> },
  {
    id: 'status',
    header: 'Last run',
    width: '120px',
    cell: (job) => <StatusPill status={job.enabled ? (job.last_execution?.status ?? 'never') : 'disabled'} />,
  },
  { id: 'type', header: 'Type', width: '110px', cell: (job) => job.job_type },
  { id: 'next', header: 'Next run', width: '180px', cell: (job) => <TimeText instant={job.next_run_time} /> },
  {
    id: 'duration',
    header: 'Duration',
    width: '120px',
    align: 'end',
    cell: (job) => formatDuration(job.last_execution?.duration_seconds),
  },
];

/** /jobs: every job, and how it is doing. */
export function JobsPage() {
  const { jobs, error, load, apply } = useJobs();
  const navigate = useNavigate();
  const [text] = useUrlText('q');
  const [selected, setSelected] = useState<ReadonlySet<string>>(new Set());
  useLive({ load, apply });
  const rows = [...(jobs?.values() ?? [])].filter((job) =>
    `${job.name} ${job.job_id}`.toLowerCase().includes(text.toLowerCase()),
  );
  return (
    <Page title="Jobs" isFilling>
      <PageHeader title="Jobs" note={jobs ? plural(jobs.size, 'job') : undefined} />
      <FilterBar>
        <FilterText label="Filter by name, id or tag" />
      </FilterBar>
      {error && !jobs ? (
        <ErrorState what="The jobs" error={error} onRetry={() => void load()} />
      ) : !jobs ? (
        <SkeletonRows count={10} rowHeight={52} />
      ) : (
        <VirtualTable
          label="Jobs"
          columns={columns}
          rows={rows}
          keyOf={(job) => job.job_id}
          nameOf={(job) => job.name}
          selected={selected}
          onSelect={setSelected}
          onOpen={(job) => navigate(`/jobs/${encodeURIComponent(job.job_id)}`)}
          empty={<EmptyState title="No job fits the filters" />}
        />
      )}
    </Page>
  );
}
