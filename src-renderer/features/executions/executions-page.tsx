import { Button } from '@fluentui/react-components';
import { useCallback, useEffect, useMemo, useRef } from 'react';
import { useNavigate } from 'react-router';
import {
  ExecutionStatus,
  type ExecutionSummary,
  ExecutionTrigger,
  isTerminal,
} from '../../../src-shared/model/execution';
import { actorWords } from '../../lib/actor-words';
import { serverNow, useNow } from '../../lib/clock';
import { useLive } from '../../lib/live';
import { toLocalField } from '../../lib/local-field';
import { formatDuration, formatNumber, plural, withLocalTimes } from '../../lib/time-text';
import { useUrlList, useUrlText } from '../../lib/url-state';
import { ChoiceChip } from '../../ui/choice-chip';
import { FilterBar, FilterChip, FilterText } from '../../ui/filter-bar';
import { Page, PageHeader } from '../../ui/page';
import { EmptyState, ErrorState, SkeletonRows } from '../../ui/states';
import { lookOf } from '../../ui/status';
import { StatusPill } from '../../ui/status-pill';
import { TimeText } from '../../ui/time-text';
import { type Column, VirtualTable } from '../../ui/virtual-table';
import { triggerWords } from './execution-words';
import styles from './executions-page.module.css';
import { type ExecutionFilters, useExecutions } from './executions-store';

const spans: readonly (readonly [string, string, number])[] = [
  ['1h', 'Last hour', 3_600_000],
  ['24h', 'Last 24 hours', 86_400_000],
  ['7d', 'Last 7 days', 7 * 86_400_000],
  ['30d', 'Last 30 days', 30 * 86_400_000],
];

function Duration({ row }: { readonly row: ExecutionSummary }) {
  const now = useNow(1000);
  if (row.status === 'pending' || row.status === 'missed' || row.status === 'skipped') return <>–</>;
  if (isTerminal(row.status)) return <>{formatDuration(row.duration_seconds)}</>;
  return <>{formatDuration(Math.max(0, Math.floor((now - Date.parse(row.start_time)) / 1000)))}</>;
}

/** The first line of what a run said; of one that never was, the program's own sentence. */
function messageOf({ status, error_message }: ExecutionSummary): string {
  const line = error_message?.split('\n')[0] ?? '';
  return status === 'missed' || status === 'skipped' ? withLocalTimes(line, serverNow()) : line;
}

const columns: readonly Column<ExecutionSummary>[] = [
  { id: 'status', header: 'Status', width: '112px', cell: (row) => <StatusPill status={row.status} /> },
  {
    id: 'job',
    header: 'Job',
    width: 'minmax(170px, 1.2fr)',
    cell: (row) => (
      <span className={styles.job}>
        <b dir="auto">{row.job_name}</b>
        <span className={styles.soft}>
          {row.job_id} · {row.execution_id}
        </span>
      </span>
    ),
  },
  {
    id: 'why',
    header: 'Message',
    width: 'minmax(120px, 2fr)',
    cell: (row) => (
      <span className={styles.why} dir="auto" title={row.error_message ?? undefined}>
        {messageOf(row)}
      </span>
    ),
  },
  { id: 'start', header: 'Started', width: '142px', cell: (row) => <TimeText instant={row.start_time} /> },
  {
    id: 'duration',
    header: 'Duration',
    width: '104px',
    align: 'end',
    hideBelow: 664,
    cell: (row) => <Duration row={row} />,
  },
  {
    id: 'trigger',
    header: 'Started by',
    width: '120px',
    hideBelow: 860,
    cell: (row) => {
      const by = actorWords(row.metadata.requested_by);
      return (
        <span title={by === '' ? undefined : `${triggerWords(row.trigger)}, asked for by ${by}`} dir="auto">
          {row.trigger === 'manual' && by !== '' ? by : triggerWords(row.trigger)}
        </span>
      );
    },
  },
  {
    id: 'attempt',
    header: 'Attempt',
    width: '80px',
    align: 'end',
    hideBelow: 940,
    cell: (row) => (row.attempt > 1 || row.status === 'retry' ? row.attempt : ''),
  },
];

/** What the address asks for. */
function useFilters(): { filters: ExecutionFilters; hasAny: boolean; key: string } {
  const [status] = useUrlList('status');
  const [type] = useUrlList('type');
  const [trigger] = useUrlList('trigger');
  const [job] = useUrlText('job_id');
  const [since] = useUrlText('since');
  const [from] = useUrlText('from');
  const [to] = useUrlText('to');
  const [search] = useUrlText('q');
  const key = [status, type, trigger, job, since, from, to, search].join('\n');
  // biome-ignore lint/correctness/useExhaustiveDependencies: the key says all of them
  const filters = useMemo<ExecutionFilters>(() => {
    const span = spans.find(([name]) => name === since)?.[2];
    const start = span === undefined ? Date.parse(from) : serverNow() - span;
    const end = Date.parse(to);
    const known = (values: readonly string[], of: readonly string[]) =>
      values.filter((one) => of.includes(one));
    return {
      ...(status.length > 0 ? { status: known(status, ExecutionStatus.options).join(',') } : {}),
      ...(type.length > 0 ? { type: type.join(',') } : {}),
      ...(trigger.length > 0 ? { trigger: known(trigger, ExecutionTrigger.options).join(',') } : {}),
      ...(job === '' ? {} : { job_id: job }),
      ...(search === '' ? {} : { search: search.slice(0, 200) }),
      ...(Number.isNaN(start) ? {} : { from: new Date(start).toISOString() }),
      ...(Number.isNaN(end) ? {} : { to: new Date(end).toISOString() }),
    };
  }, [key]);
  return { filters, hasAny: Object.keys(filters).length > 0, key };
}

const spanOptions = [
  ...spans.map(([value, label]) => ({ value, label })),
  { value: 'own', label: 'From … to …' },
];

/** The time chip: a span up to now, or two instants. */
function TimeFilter() {
  const [since, setSince] = useUrlText('since');
  const [from, setFrom] = useUrlText('from');
  const [to, setTo] = useUrlText('to');
  const isOwn = since === 'own' || (since === '' && (from !== '' || to !== ''));
  const instants = [
    ['From', from, setFrom],
    ['To', to, setTo],
  ] as const;
  return (
    <>
      <ChoiceChip label="Time" value={isOwn ? 'own' : since} options={spanOptions} onChange={setSince} />
      {isOwn &&
        instants.map(([name, value, set]) => (
          <input
            key={name}
            className={styles.instant}
            type="datetime-local"
            aria-label={name}
            value={value.endsWith('Z') ? toLocalField(Date.parse(value)) : value}
            onChange={(event) => set(event.target.value)}
          />
        ))}
    </>
  );
}

const types = ['sql', 'powershell', 'python', 'command'].map((value) => ({ value, label: value }));
const statuses = ExecutionStatus.options.map((value) => ({ value, label: lookOf(value).word }));
const triggers = ExecutionTrigger.options.map((value) => ({ value, label: triggerWords(value) }));

/** /executions: what ran, what runs, what did not; live. */
export function ExecutionsPage() {
  const { rows, newer, total, error, load, loadMore, showNewer, apply } = useExecutions();
  const { filters, hasAny, key } = useFilters();
  const [job, setJob] = useUrlText('job_id');
  const navigate = useNavigate();
  const box = useRef<HTMLDivElement>(null);
  useLive({ load: () => void load(filters), apply }, key);

  const onVisible = useCallback(
    (visible: readonly ExecutionSummary[]) => {
      const last = visible.at(-1);
      const all = useExecutions.getState().rows;
      if (last && all && all.indexOf(last) > all.length - 60) void loadMore();
    },
    [loadMore],
  );

  // New rows come in by themselves while nobody points at the list and its top is in sight.
  useEffect(() => {
    if (newer.length === 0) return;
    const grid = box.current?.querySelector('[role="grid"]');
    const isBusy = box.current?.matches(':hover, :focus-within') ?? true;
    if (!isBusy && grid && grid.scrollTop === 0) showNewer();
  }, [newer, showNewer]);

  const jobs = useMemo(() => {
    const names = new Map((rows ?? []).map((row) => [row.job_id, row.job_name]));
    if (job !== '' && !names.has(job)) names.set(job, job);
    return [...names]
      .slice(0, 100)
      .map(([value, label]) => ({ value, label }))
      .sort((a, b) => a.label.localeCompare(b.label));
  }, [rows, job]);

  return (
    <Page title="Executions" isFilling>
      <PageHeader title="Executions" note={rows ? plural(total, 'execution') : undefined} />
      <FilterBar>
        <FilterText label="Filter by job or message" />
        <FilterChip name="status" label="Status" options={statuses} />
        <FilterChip name="type" label="Type" options={types} />
        <FilterChip name="trigger" label="Started by" options={triggers} />
        <ChoiceChip label="Job" value={job} options={jobs} onChange={setJob} />
        <TimeFilter />
        {hasAny && (
          <Button size="small" appearance="subtle" onClick={() => navigate('/executions', { replace: true })}>
            Clear all
          </Button>
        )}
      </FilterBar>
      <div ref={box} className={styles.list}>
        {newer.length > 0 && (
          <button
            type="button"
            className={styles.newer}
            onClick={() => {
              showNewer();
              box.current?.querySelector('[role="grid"]')?.scrollTo({ top: 0 });
            }}
          >
            ↑ {formatNumber(newer.length)}
            {newer.length >= 100 ? '+' : ''} new
          </button>
        )}
        {error && !rows ? (
          <ErrorState what="The executions" error={error} onRetry={() => void load(filters)} />
        ) : !rows ? (
          <SkeletonRows count={12} rowHeight={48} />
        ) : (
          <VirtualTable
            label="Executions"
            columns={columns}
            rows={rows}
            rowHeight={48}
            keyOf={(row) => row.execution_id}
            nameOf={(row) => `${row.job_name} ${row.execution_id}`}
            onOpen={(row) => navigate(`/executions/${row.execution_id}`)}
            onVisible={onVisible}
            empty={
              hasAny ? (
                <EmptyState title="No execution fits the filters">
                  Take one of them away to see more.
                </EmptyState>
              ) : (
                <EmptyState
                  title="Nothing has run yet"
                  actions={<Button onClick={() => navigate('/jobs')}>To the jobs</Button>}
                >
                  Every run appears here the moment it begins, with its output and how it ended.
                </EmptyState>
              )
            }
          />
        )}
      </div>
    </Page>
  );
}
