import { Button, Menu, MenuItem, MenuList, MenuPopover, MenuTrigger } from '@fluentui/react-components';
import { useMemo, useState } from 'react';
import { useNavigate } from 'react-router';
import type { AuditRow } from '../../../../src-shared/contract/audit';
import { api } from '../../../lib/api';
import { serverNow } from '../../../lib/clock';
import { saveFile } from '../../../lib/save-file';
import { useMay, useSession } from '../../../lib/session';
import { plural } from '../../../lib/time-text';
import { useUrlList, useUrlText } from '../../../lib/url-state';
import { useLoaded } from '../../../lib/use-loaded';
import { ChoiceChip } from '../../../ui/choice-chip';
import { FilterBar, FilterChip, FilterText } from '../../../ui/filter-bar';
import { Page, PageHeader } from '../../../ui/page';
import { EmptyState, ErrorState, ForbiddenState, SkeletonRows } from '../../../ui/states';
import { TimeText } from '../../../ui/time-text';
import { attempt } from '../../../ui/toasts';
import { type Column, VirtualTable } from '../../../ui/virtual-table';
import styles from './audit.module.css';
import { AuditDetail } from './audit-detail';
import { actionWords, groupOptions, nameOf, outcomeWords, subjectOf, summaryOf } from './audit-words';
import { useChainCheck } from './chain-check';

const spans = [
  { value: '24h', label: 'Last 24 hours', ms: 86_400_000 },
  { value: '7d', label: 'Last 7 days', ms: 7 * 86_400_000 },
  { value: '30d', label: 'Last 30 days', ms: 30 * 86_400_000 },
  { value: '365d', label: 'Last year', ms: 365 * 86_400_000 },
];
const outcomes = Object.entries(outcomeWords).map(([value, label]) => ({ value, label }));
const pageSize = 200;

const columns: readonly Column<AuditRow>[] = [
  { id: 'when', header: 'When', width: '150px', cell: (row) => <TimeText instant={row.time} /> },
  {
    id: 'who',
    header: 'Who',
    width: 'minmax(120px, 0.8fr)',
    cell: (row) => (
      <span className={styles.two} title={`${row.actor}\nfrom ${row.origin}`} dir="auto">
        <b>{nameOf(row.actor)}</b>
        <span>{row.origin}</span>
      </span>
    ),
  },
  {
    id: 'what',
    header: 'What',
    width: 'minmax(200px, 1.4fr)',
    cell: (row) => (
      <span className={styles.two}>
        <b>{actionWords(row.action)}</b>
        <span dir="auto">{subjectOf(row)}</span>
      </span>
    ),
  },
  {
    id: 'change',
    header: 'Change',
    width: 'minmax(160px, 1.6fr)',
    hideBelow: 820,
    cell: (row) => (
      <span className={styles.summary} dir="auto" title={summaryOf(row)}>
        {summaryOf(row)}
      </span>
    ),
  },
  {
    id: 'outcome',
    header: 'Outcome',
    width: '110px',
    cell: (row) => <span data-outcome={row.outcome}>{outcomeWords[row.outcome] ?? row.outcome}</span>,
  },
];

/** What the address asks for, as the API takes it. */
function useFilters() {
  const [search] = useUrlText('q');
  const [action] = useUrlList('action');
  const [outcome] = useUrlList('outcome');
  const [since] = useUrlText('since');
  const [subject] = useUrlText('subject');
  const key = [search, action, outcome, since, subject].join('\n');
  // biome-ignore lint/correctness/useExhaustiveDependencies: the key says all of them
  const filter = useMemo(() => {
    const span = spans.find(({ value }) => value === since);
    const known = outcome.filter((one) => one in outcomeWords);
    return {
      ...(search === '' ? {} : { search: search.slice(0, 200) }),
      ...(action.length > 0 ? { action: action.join(',') } : {}),
      ...(known.length > 0 ? { outcome: known.join(',') } : {}),
      ...(subject === '' ? {} : { subject }),
      ...(span ? { from: new Date(serverNow() - span.ms).toISOString() } : {}),
    };
  }, [key]);
  return { filter, key, hasAny: Object.keys(filter).length > 0 };
}

async function exportAs(format: 'csv' | 'json', filter: Readonly<Record<string, string>>): Promise<void> {
  await attempt(async () => {
    const reply = await api.security.exportAudit({ query: { ...filter, format } });
    // The window's transports bring text.
    saveFile(`audit.${format}`, String(reply.body), format === 'csv' ? 'text/csv' : 'application/json');
  });
}

function AuditList() {
  const { filter, key, hasAny } = useFilters();
  const [limit, setLimit] = useState(pageSize);
  const { data, error, reload } = useLoaded(
    () => api.security.audit({ query: { ...filter, limit } }),
    `${key} ${limit}`,
  );
  const [since, setSince] = useUrlText('since');
  const [shownId, setShown] = useUrlText('row');
  const navigate = useNavigate();
  const { button, notice } = useChainCheck();
  const shown = data?.audit.find((row) => String(row.audit_id) === shownId);
  return (
    <Page title="Audit" isFilling>
      <PageHeader
        title="Audit"
        crumbs={[{ text: 'Settings', to: '/settings?section=audit' }, { text: 'Audit' }]}
        note={
          data ? `${plural(data.total, 'entry', 'entries')}: every change and every act by hand` : undefined
        }
        actions={
          <>
            <Button onClick={reload}>Renew</Button>
            {button}
            <Menu>
              <MenuTrigger disableButtonEnhancement>
                <Button>Export…</Button>
              </MenuTrigger>
              <MenuPopover>
                <MenuList>
                  <MenuItem onClick={() => void exportAs('csv', filter)}>CSV, for Excel</MenuItem>
                  <MenuItem onClick={() => void exportAs('json', filter)}>JSON</MenuItem>
                </MenuList>
              </MenuPopover>
            </Menu>
          </>
        }
      />
      {notice}
      <FilterBar>
        <FilterText label="Filter by who, what or any value" />
        <FilterChip name="action" label="About" options={groupOptions} />
        <FilterChip name="outcome" label="Outcome" options={outcomes} />
        <ChoiceChip label="Time" value={since} options={spans} onChange={setSince} />
        {hasAny && (
          <Button size="small" appearance="subtle" onClick={() => navigate('/audit', { replace: true })}>
            Clear all
          </Button>
        )}
      </FilterBar>
      <div className={styles.list}>
        {error && !data ? (
          <ErrorState what="The audit" error={error} onRetry={reload} />
        ) : !data ? (
          <SkeletonRows count={12} rowHeight={48} />
        ) : (
          <VirtualTable
            label="Audit"
            columns={columns}
            rows={data.audit}
            rowHeight={48}
            keyOf={(row) => String(row.audit_id)}
            nameOf={(row) => `${actionWords(row.action)} by ${nameOf(row.actor)}`}
            onOpen={(row) => setShown(String(row.audit_id))}
            onVisible={(rows) => {
              const last = rows.at(-1);
              const isNearEnd = last && data.audit.indexOf(last) > data.audit.length - 40;
              if (isNearEnd && data.audit.length < Math.min(1000, data.total))
                setLimit(Math.min(1000, limit + pageSize));
            }}
            empty={
              hasAny ? (
                <EmptyState title="Nothing fits the filters">Take one of them away to see more.</EmptyState>
              ) : (
                <EmptyState title="Nothing was changed yet">
                  Every change and every run by hand appears here, with who did it and from where.
                </EmptyState>
              )
            }
          />
        )}
      </div>
      {data && data.total > 1000 && data.audit.length >= 1000 && (
        <p className={styles.more}>The newest 1,000 are shown; filter, or export, to see older ones.</p>
      )}
      {shown && <AuditDetail row={shown} onClose={() => setShown('')} />}
    </Page>
  );
}

/** /audit: who changed what, when and from where; and whether the record is whole. */
export function AuditPage() {
  const isKnown = useSession((session) => session.isKnown);
  const isAdmin = useMay('admin');
  if (isKnown && isAdmin) return <AuditList />;
  return (
    <Page title="Audit">
      <PageHeader title="Audit" />
      {isKnown ? <ForbiddenState what="The audit" /> : <SkeletonRows count={8} />}
    </Page>
  );
}
