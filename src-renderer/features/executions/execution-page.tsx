import { useCallback } from 'react';
import { useLocation, useNavigate, useParams } from 'react-router';
import { type Execution, isTerminal } from '../../../src-shared/model/execution';
import { resultsOf } from '../../../src-shared/model/sql-result';
import { isNotFound } from '../../lib/api';
import { useLive } from '../../lib/live';
import { useUrlTab } from '../../lib/url-state';
import { LiveLog } from '../../ui/live-log/live-log';
import { Notice } from '../../ui/notice';
import { Page, PageHeader } from '../../ui/page';
import { PageTabs, TabPanel } from '../../ui/page-tabs';
import { EmptyState, ErrorState, Skeleton, SkeletonRows } from '../../ui/states';
import { StatusPill } from '../../ui/status-pill';
import { ArtifactsList } from './artifacts-list';
import { AttemptsCard } from './attempts-card';
import { DefinitionView } from './definition-view';
import { DurationsCard } from './durations-card';
import styles from './execution.module.css';
import { ExecutionActions } from './execution-actions';
import { useExecution } from './execution-store';
import { ResultGrids } from './result-grids';
import { RunFacts } from './run-facts';
import { VerdictCard } from './verdict-card';

/** `#L120` */
function lineOf(hash: string): number | undefined {
  const found = /^#L([1-9]\d{0,11})$/.exec(hash)?.[1];
  return found === undefined ? undefined : Number(found);
}

const nothingWritten: Partial<Record<Execution['status'], string>> = {
  missed: 'It never ran, so there is nothing it could have written.',
  skipped: 'It was skipped, so there is nothing it could have written.',
  pending: 'Lines appear here once it has begun.',
};

function Output({ execution }: { readonly execution: Execution }) {
  const { hash, search } = useLocation();
  const navigate = useNavigate();
  const onLine = useCallback(
    (line: number | undefined) =>
      navigate({ search, hash: line === undefined ? '' : `#L${line}` }, { replace: true }),
    [navigate, search],
  );
  const { output_note } = execution;
  return (
    <>
      {output_note !== null && <Notice tone="info">{output_note}.</Notice>}
      <LiveLog
        execution_id={execution.execution_id}
        isEnded={isTerminal(execution.status)}
        line={lineOf(hash)}
        onLine={onLine}
        empty={output_note === null ? nothingWritten[execution.status] : 'Nothing of its output is here.'}
      />
    </>
  );
}

/** /executions/<id>: why did it end so? */
export function ExecutionPage() {
  const { execution_id = '' } = useParams();
  const { execution, context, artifacts, artifactsNote, job, error, load, apply } = useExecution();
  const [chosen, setTab] = useUrlTab(['output', 'result', 'artifacts', 'definition']);
  useLive({ load: () => void load(execution_id), apply }, execution_id);

  if (error && !execution)
    return (
      <Page title="Execution">
        {isNotFound(error) ? (
          <EmptyState title={`There is no execution ${execution_id}`}>
            It may have been removed: the history keeps executions for a time only.
          </EmptyState>
        ) : (
          <ErrorState
            what={`Execution ${execution_id}`}
            error={error}
            onRetry={() => void load(execution_id)}
          />
        )}
      </Page>
    );
  const isOther = execution?.execution_id.replace('exec_', '') !== execution_id.replace('exec_', '');
  if (!execution || isOther) return <LoadingPage />;

  const { job_id, job_name, metadata } = execution;
  const resultCount = resultsOf(metadata).length;
  const hasResult = resultCount > 0 || job?.job_type === 'sql';
  const tab = chosen === 'result' && !hasResult ? 'output' : chosen;
  const tabs = [
    { value: 'output', text: 'Output' },
    ...(hasResult
      ? [{ value: 'result', text: resultCount > 1 ? `Results ${resultCount}` : 'Result' } as const]
      : []),
    { value: 'artifacts', text: artifacts.length > 0 ? `Artifacts ${artifacts.length}` : 'Artifacts' },
    { value: 'definition', text: 'Definition' },
  ] as const;
  const attempts = context?.attempts ?? [];
  return (
    <Page title={`${job_name} ${execution.execution_id}`} isFilling>
      <PageHeader
        title={job_name}
        crumbs={[
          { text: 'Executions', to: '/executions' },
          { text: job_id, to: `/jobs/${encodeURIComponent(job_id)}` },
          { text: execution.execution_id },
        ]}
        beside={<StatusPill status={execution.status} />}
        actions={<ExecutionActions execution={execution} job={job} />}
      />
      <div className={styles.columns}>
        <div className={styles.main}>
          <VerdictCard execution={execution} context={context} />
          <div className={styles.panel}>
            <PageTabs
              label="Parts of the run"
              className={styles.tabs}
              tabs={tabs}
              selected={tab}
              onSelect={setTab}
            />
            <TabPanel value={tab} className={styles.body}>
              {tab === 'output' && <Output execution={execution} />}
              {tab === 'result' && <ResultGrids metadata={metadata} />}
              {tab === 'artifacts' && (
                <ArtifactsList
                  execution_id={execution.execution_id}
                  artifacts={artifacts}
                  note={artifactsNote}
                />
              )}
              {tab === 'definition' && <DefinitionView execution_id={execution.execution_id} />}
            </TabPanel>
          </div>
        </div>
        <aside className={styles.side} aria-label="About this run">
          <RunFacts execution={execution} context={context} job={job} />
          {attempts.length > 1 && <AttemptsCard attempts={attempts} shown={execution.execution_id} />}
          {context && context.recent.filter((run) => run.duration_seconds !== null).length > 1 && (
            <DurationsCard context={context} shown={execution.execution_id} />
          )}
        </aside>
      </div>
    </Page>
  );
}

function LoadingPage() {
  return (
    <Page title="Execution" isFilling>
      <Skeleton width={280} height={36} />
      <div className={styles.columns}>
        <div className={styles.main}>
          <Skeleton height={68} />
          <div className={styles.panel}>
            <SkeletonRows count={8} rowHeight={28} />
          </div>
        </div>
        <div className={styles.side}>
          <Skeleton height={280} />
        </div>
      </div>
    </Page>
  );
}
