import { Button } from '@fluentui/react-components';
import { useMemo, useState } from 'react';
import { useNavigate } from 'react-router';
import type { JobSummary } from '../../../src-shared/model/job';
import { useLive } from '../../lib/live';
import { useMay } from '../../lib/session';
import { formatNumber, plural } from '../../lib/time-text';
import { useUrlList, useUrlText } from '../../lib/url-state';
import { useDialogParam } from '../../lib/use-dialog-param';
import { FilterBar, FilterChip, FilterText } from '../../ui/filter-bar';
import { Page, PageHeader } from '../../ui/page';
import { EmptyState, ErrorState, SkeletonRows } from '../../ui/states';
import { lookOf } from '../../ui/status';
import { VirtualTable } from '../../ui/virtual-table';
import { DuplicateDialog } from './duplicate-dialog';
import { useFigures } from './figures-store';
import { ImportDialog } from './import-dialog';
import { exportJobs } from './job-actions';
import { jobColumns } from './job-columns';
import { facets, filterJobs, sortJobs } from './job-filter';
import styles from './jobs-page.module.css';
import { useJobs } from './jobs-store';
import { ResultsDialog } from './results-dialog';
import { SelectionBar } from './selection-bar';
import { TemplatesDialog } from './templates-dialog';

const option = (value: string) => ({ value, label: value });
const statuses = [
  'running',
  'success',
  'failed',
  'timeout',
  'retry',
  'missed',
  'skipped',
  'cancelled',
  'interrupted',
  'never',
  'disabled',
].map((value) => ({ value, label: lookOf(value).word }));
const schedules = [
  { value: 'cron', label: 'At certain times' },
  { value: 'interval', label: 'Every so often' },
  { value: 'date', label: 'Once' },
  { value: 'none', label: 'By hand only' },
];

function useJobFilter() {
  const [text] = useUrlText('q');
  const [types] = useUrlList('type');
  const [statuses] = useUrlList('status');
  const [schedules] = useUrlList('schedule');
  const [tags] = useUrlList('tag');
  return useMemo(
    () => ({ text, types, statuses, schedules, tags }),
    [text, types, statuses, schedules, tags],
  );
}

/** `?sort=-next`: the column, downward with a minus. */
function useJobSort() {
  const [text, setText] = useUrlText('sort');
  const isDescending = text.startsWith('-');
  const column = text.replace('-', '') || 'name';
  const sort = useMemo(() => ({ column, isDescending }), [column, isDescending]);
  const onSort = (clicked: string) => {
    const next = clicked === column && !isDescending ? `-${clicked}` : clicked;
    setText(next === 'name' ? '' : next);
  };
  return { sort, onSort };
}

/** /jobs: every job, and how it is doing. */
export function JobsPage() {
  const { jobs, error, load, apply } = useJobs();
  const figures = useFigures();
  const navigate = useNavigate();
  const filter = useJobFilter();
  const { sort, onSort } = useJobSort();
  const [selected, setSelected] = useState<ReadonlySet<string>>(new Set());
  useLive({
    load: () => void load(),
    apply(event) {
      apply(event);
      figures.apply(event);
    },
  });

  const all = useMemo(() => [...(jobs?.values() ?? [])], [jobs]);
  const rows = useMemo(() => sortJobs(filterJobs(all, filter), sort), [all, filter, sort]);
  const { types, tags } = useMemo(() => facets(all), [all]);
  const chosen = useMemo(() => rows.filter((job) => selected.has(job.job_id)), [rows, selected]);
  const isFiltered = rows.length !== all.length;

  return (
    <Page title="Jobs" isFilling>
      <PageHeader
        title="Jobs"
        note={
          jobs &&
          (isFiltered
            ? `${formatNumber(rows.length)} of ${plural(jobs.size, 'job')}`
            : plural(jobs.size, 'job'))
        }
        actions={<Actions />}
      />
      <FilterBar
        end={`Sorted by ${jobColumns.find(({ id }) => id === sort.column)?.header.toLowerCase() ?? sort.column}`}
      >
        <FilterText label="Filter by name, id or tag" />
        <FilterChip name="type" label="Type" options={types.map(option)} />
        <FilterChip name="status" label="Status" options={statuses} />
        <FilterChip name="schedule" label="Schedule" options={schedules} />
        {tags.length > 0 && <FilterChip name="tag" label="Tag" options={tags.map(option)} />}
      </FilterBar>
      <div className={styles.table}>
        {error && !jobs ? (
          <ErrorState what="The jobs" error={error} onRetry={() => void load()} />
        ) : !jobs ? (
          <SkeletonRows count={12} rowHeight={52} />
        ) : jobs.size === 0 ? (
          <NoJobs />
        ) : (
          <VirtualTable
            label="Jobs"
            columns={jobColumns}
            rows={rows}
            keyOf={(job) => job.job_id}
            nameOf={(job) => job.name}
            sort={sort}
            onSort={onSort}
            selected={selected}
            onSelect={setSelected}
            onOpen={(job) => navigate(`/jobs/${encodeURIComponent(job.job_id)}`)}
            onVisible={(visible: readonly JobSummary[]) => figures.show(visible.map((job) => job.job_id))}
            empty={
              <EmptyState
                title="No job fits these filters"
                actions={<Button onClick={() => navigate('/jobs')}>Show all jobs</Button>}
              >
                {plural(all.length, 'job is', 'jobs are')} there without them.
              </EmptyState>
            }
          />
        )}
      </div>
      <SelectionBar selected={chosen} onClear={() => setSelected(new Set())} />
      <ImportDialog />
      <TemplatesDialog />
      <DuplicateDialog />
      <ResultsDialog />
    </Page>
  );
}

function Actions() {
  const mayEdit = useMay('editor');
  const navigate = useNavigate();
  const [, setImport] = useDialogParam('import');
  const [, setTemplates] = useDialogParam('templates');
  if (!mayEdit) return null;
  return (
    <>
      <Button onClick={() => setImport(true)}>Import…</Button>
      <Button onClick={() => void exportJobs()}>Export all</Button>
      <Button onClick={() => setTemplates(true)}>From template…</Button>
      <Button appearance="primary" onClick={() => navigate('/jobs/new')}>
        New job
      </Button>
    </>
  );
}

function NoJobs() {
  const mayEdit = useMay('editor');
  const navigate = useNavigate();
  const [, setImport] = useDialogParam('import');
  const [, setTemplates] = useDialogParam('templates');
  return (
    <EmptyState
      title="No jobs yet"
      actions={
        mayEdit && (
          <>
            <Button appearance="primary" onClick={() => navigate('/jobs/new')}>
              New job
            </Button>
            <Button onClick={() => setTemplates(true)}>From template…</Button>
            <Button onClick={() => setImport(true)}>Import…</Button>
          </>
        )
      }
    >
      A job is a query, a script or a command, and when to run it. Write one, begin with a template, or bring
      in the ones you have.
    </EmptyState>
  );
}
