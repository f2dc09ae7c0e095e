import type { RunChange } from '../../../src-shared/model/execution-context';
import { formatExecutionId } from '../../../src-shared/model/ids';
import type { Job } from '../jobs/job';
import type { JobRegistry } from '../jobs/job-registry';
import type { AuditRecord, ExecutionRecord, Store } from '../ports/store';
import { percentile } from '../statistics/job-statistics';

/** What stands around an execution: enough to tell why it ended as it did. */
export interface ExecutionContext {
  /** Its attempts, first to last; itself among them. */
  readonly attempts: readonly ExecutionRecord[];
  /** Runs of the job up to this one, oldest first. */
  readonly recent: readonly ExecutionRecord[];
  readonly usual_seconds: number | null;
  readonly p95_seconds: number | null;
  readonly last_success: ExecutionRecord | undefined;
  /** Runs that failed since that success, this one included; a run's attempts count once. */
  readonly failures: number;
  /** Another definition ran than that time; undefined when one of them was not kept. */
  readonly definition_changed: boolean | undefined;
  /** What was changed between that success and this run, oldest first. */
  readonly changes: readonly RunChange[];
}

const shownRuns = 30;
const mostAttempts = 101;
const failed: ReadonlySet<string> = new Set(['failed', 'timeout', 'interrupted']);

/** Operations that change how a job runs. */
const changing: Readonly<Record<string, RunChange['kind']>> = {
  'jobs.create': 'job',
  'jobs.update': 'job',
  'jobs.restore': 'job',
  'jobs.enable': 'job',
  'jobs.disable': 'job',
  'connections.create': 'connection',
  'connections.update': 'connection',
};

/** The saved connection that a job uses. */
function connectionOf(job: Job | undefined): string | undefined {
  const connection = job?.definition.config.connection;
  if (typeof connection !== 'object' || connection === null) return undefined;
  const id = (connection as { connection_id?: unknown }).connection_id;
  return typeof id === 'string' ? id : undefined;
}

/** `key:abc (nightly)` is told as nightly. */
function shownActor(actor: string): string {
  return /\((.+)\)$/.exec(actor)?.[1] ?? actor;
}

export async function executionContext(
  deps: { readonly store: Store; readonly registry: JobRegistry },
  row: ExecutionRecord,
): Promise<ExecutionContext> {
  const { store, registry } = deps;
  const { job_id } = row;
  const newestFirst = { offset: 0, sort: 'start_time', descending: true } as const;
  const job = registry.get(job_id);
  const first = row.metadata.first_execution_id ?? formatExecutionId(row.execution_id);

  const [before, successes, retries] = await Promise.all([
    store.executions.list({ job_id, to: row.start_time + 1 }, { ...newestFirst, limit: shownRuns }),
    store.executions.list({ job_id, status: ['success'], to: row.start_time }, { ...newestFirst, limit: 60 }),
    row.max_retries === 0
      ? []
      : store.executions.list(
          { job_id, trigger: ['retry'], from: row.start_time - 14 * 86_400_000 },
          { ...newestFirst, descending: false, limit: 1000 },
        ),
  ]);

  const attempts = new Map<number, ExecutionRecord>([[row.execution_id, row]]);
  for (const one of retries)
    if (one.metadata.first_execution_id === first && attempts.size < mostAttempts)
      attempts.set(one.execution_id, one);
  const firstId = Number(String(first).replace('exec_', ''));
  if (!attempts.has(firstId)) {
    const found = Number.isSafeInteger(firstId) ? await store.executions.get(firstId) : undefined;
    if (found?.job_id === job_id) attempts.set(firstId, { ...found, output: null });
  }

  const last_success = successes[0];
  const since = before.filter((one) => one.start_time > (last_success?.start_time ?? 0));
  const durations = successes
    .flatMap((one) => (one.duration_seconds === null ? [] : [one.duration_seconds]))
    .sort((a, b) => a - b);
  return {
    attempts: [...attempts.values()].sort((a, b) => a.retry_count - b.retry_count),
    recent: [...before].reverse(),
    usual_seconds: percentile(durations, 0.5),
    p95_seconds: percentile(durations, 0.95),
    last_success,
    failures: since.filter((one) => failed.has(one.status)).length,
    definition_changed:
      last_success?.definition_digest && row.definition_digest
        ? last_success.definition_digest !== row.definition_digest
        : undefined,
    changes: last_success ? await changesBetween(store, job, last_success.start_time, row) : [],
  };
}

/** From the audit, and from the dates of what was changed by other ways (the jobs file). */
async function changesBetween(
  store: Store,
  job: Job | undefined,
  from: number,
  row: ExecutionRecord,
): Promise<RunChange[]> {
  const to = row.start_time;
  const connection_id = connectionOf(job);
  const subjects = [row.job_id, ...(connection_id === undefined ? [] : [connection_id])];
  const found = await store.audit.listOf({ subjects, actions: Object.keys(changing), from, to, limit: 20 });
  const changes = found
    .filter((one) => one.outcome === 'ok')
    .flatMap((one) => asChange(one, row.job_id, connection_id));
  const note = (kind: RunChange['kind'], id: string, at: number, by: string) => {
    // The audit tells of the same change a moment later.
    if (at <= from || at >= to || changes.some((one) => one.kind === kind && Date.parse(one.time) >= at))
      return;
    changes.push({ kind, id, action: 'changed', time: new Date(at).toISOString(), by });
  };
  if (job) note('job', row.job_id, job.record.modified_date, job.record.source ? 'the jobs file' : '');
  if (connection_id !== undefined) {
    const connection = await store.connections.get(connection_id);
    if (connection) note('connection', connection_id, connection.modified_date, '');
  }
  return changes.sort((a, b) => a.time.localeCompare(b.time));
}

function asChange(
  { action, subject, actor, time }: AuditRecord,
  job_id: string,
  connection_id: string | undefined,
): RunChange[] {
  const kind = changing[action];
  // A job and a connection may have the same id.
  if (!kind || subject !== (kind === 'job' ? job_id : connection_id)) return [];
  const verb = action.split('.')[1] ?? '';
  const words: Readonly<Record<string, string>> = {
    create: 'created',
    update: 'changed',
    restore: 'set back to an earlier version',
    enable: 'switched on',
    disable: 'switched off',
  };
  return [
    {
      kind,
      id: subject,
      action: words[verb] ?? 'changed',
      time: new Date(time).toISOString(),
      by: shownActor(actor),
    },
  ];
}
