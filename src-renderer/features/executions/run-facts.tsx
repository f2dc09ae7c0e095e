import type { ReactNode } from 'react';
import { Link } from 'react-router';
import type { Execution } from '../../../src-shared/model/execution';
import type { ExecutionContext } from '../../../src-shared/model/execution-context';
import type { JobDetail } from '../../../src-shared/model/job';
import { actorWords } from '../../lib/actor-words';
import { useNow } from '../../lib/clock';
import {
  formatAbsolute,
  formatBothZones,
  formatClockMillis,
  formatDay,
  formatDuration,
  formatRoughDuration,
} from '../../lib/time-text';
import { Card } from '../../ui/page';
import styles from './execution.module.css';
import { codeMeaning, latenessWords, triggerWords } from './execution-words';

function Instant({ at, now }: { readonly at: string | null; readonly now: number }) {
  if (at === null) return <>–</>;
  const instant = Date.parse(at);
  const day = formatDay(instant, now);
  const isToday = day === formatDay(now, now);
  return (
    <time dateTime={at} title={formatBothZones(instant)}>
      {isToday ? '' : `${day} `}
      {formatClockMillis(instant).slice(0, -2)}
    </time>
  );
}

function savedConnection(job: JobDetail | null | undefined): string | undefined {
  const connection = job?.connection as { connection_id?: unknown } | undefined;
  return typeof connection?.connection_id === 'string' ? connection.connection_id : undefined;
}

/** The execution whose end started this one, as the queue notes it in the metadata. */
function chainedFrom(metadata: Readonly<Record<string, unknown>>): string | undefined {
  const { chain } = metadata;
  if (typeof chain !== 'object' || chain === null || !('execution_id' in chain)) return undefined;
  return typeof chain.execution_id === 'string' ? chain.execution_id : undefined;
}

/** The facts of one run, and how they compare. */
export function RunFacts({
  execution,
  context,
  job,
}: {
  readonly execution: Execution;
  readonly context: ExecutionContext | undefined;
  readonly job: JobDetail | null | undefined;
}) {
  const now = useNow(1000);
  const { status, scheduled_time, start_time, end_time, duration_seconds, metadata } = execution;
  const isWaiting = status === 'pending';
  const isRunning = status === 'running';
  const neverRan = status === 'missed' || status === 'skipped';
  const seconds = isRunning
    ? Math.max(0, Math.floor((now - Date.parse(start_time)) / 1000))
    : duration_seconds;
  const usual = context?.usual_seconds ?? null;
  const by = actorWords(metadata.requested_by);
  const connection = savedConnection(job);
  const params = metadata.params as Readonly<Record<string, unknown>> | undefined;
  const rows: (readonly [string, ReactNode])[] = [
    ['Planned', scheduled_time === null ? '–' : <Instant key="p" at={scheduled_time} now={now} />],
    [
      'Started',
      isWaiting || neverRan ? (
        '–'
      ) : (
        <>
          <Instant at={start_time} now={now} />{' '}
          <span className={styles.soft}>{latenessWords(execution)}</span>
        </>
      ),
    ],
    ['Ended', neverRan ? '–' : <Instant key="e" at={end_time} now={now} />],
    [
      'Duration',
      isWaiting || neverRan ? (
        '–'
      ) : (
        <>
          {formatDuration(seconds)}{' '}
          {usual !== null && <span className={styles.soft}>usually {formatRoughDuration(usual)}</span>}
        </>
      ),
    ],
    ['Started by', by === '' ? triggerWords(execution.trigger) : `${triggerWords(execution.trigger)}, ${by}`],
    ['Attempt', `${execution.attempt} of ${execution.max_retries + 1} at most`],
    [
      'Return code',
      execution.return_code === null ? (
        '–'
      ) : (
        <>
          {execution.return_code} <span className={styles.soft}>{codeMeaning(execution)}</span>
        </>
      ),
    ],
  ];
  if (connection)
    rows.push([
      'Connection',
      <Link key="c" to="/connections">
        {connection}
      </Link>,
    ]);
  const machine = execution.machine ?? metadata.host;
  if (typeof machine === 'string') rows.push(['Machine', machine]);
  if (params && Object.keys(params).length > 0)
    rows.push([
      'Params',
      Object.entries(params)
        .map(([name, value]) => `${name} = ${String(value)}`)
        .join(', '),
    ]);
  const from = chainedFrom(metadata);
  if (from !== undefined)
    rows.push([
      'Set off by',
      <Link key="s" to={`/executions/${encodeURIComponent(from)}`}>
        {from}
      </Link>,
    ]);
  if (job?.next_run_time) rows.push(['Next', formatAbsolute(Date.parse(job.next_run_time), now)]);
  return (
    <Card title="Run">
      <dl className={styles.facts}>
        {rows.map(([name, value]) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd dir="auto">{value}</dd>
          </div>
        ))}
      </dl>
    </Card>
  );
}
