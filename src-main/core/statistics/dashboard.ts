import type { Dashboard } from '../../../src-shared/contract/statistics';
import { formatExecutionId } from '../../../src-shared/model/ids';
import type { Core } from '../core';
import type { HourCount } from '../ports/statistics-store';
import type { ExecutionRecord } from '../ports/store';
import { executionSummary } from '../run/execution-view';
import { firstLine, needsAttention } from './attention';
import { type HistoryFigures, successRate } from './history-figures';
import { upNext } from './up-next';

const mostWaiting = 500;
const shown = { attention: 6, next: 8, recent: 8, running: 12 };

function byHour(counts: readonly HourCount[]): Dashboard['hours'] {
  const hours = new Map<number, Record<string, number>>();
  for (const { hour, status, count } of counts) {
    const of = hours.get(hour) ?? {};
    of[status] = count;
    hours.set(hour, of);
  }
  return [...hours]
    .sort(([a], [b]) => a - b)
    .map(([hour, by_status]) => ({ hour: new Date(hour).toISOString(), by_status }));
}

function sumOf(hours: Dashboard['hours']): Record<string, number> {
  const sum: Record<string, number> = {};
  for (const { by_status } of hours)
    for (const [status, count] of Object.entries(by_status)) sum[status] = (sum[status] ?? 0) + count;
  return sum;
}

/** What failed, was missed and was saved by a retry in the last 24 hours. */
async function lastDay(
  core: Core,
  history: HistoryFigures,
  hours: Dashboard['hours'],
): Promise<Dashboard['day']> {
  const totals = await history.day();
  const count = (status: keyof typeof totals) => totals[status]?.count ?? 0;
  const by_status = Object.fromEntries(
    Object.entries(totals).map(([status, total]) => [status, total.count]),
  );
  const newestMissed =
    count('missed') === 0
      ? []
      : await core.store.executions.list(
          { status: ['missed'] },
          { limit: 1, offset: 0, sort: 'start_time', descending: true },
        );
  return {
    by_status,
    success_rate: successRate(by_status),
    week_success_rate: successRate(sumOf(hours)),
    failed: count('failed') + count('timeout') + count('interrupted'),
    failed_jobs: (totals.failed?.jobs ?? 0) + (totals.timeout?.jobs ?? 0) + (totals.interrupted?.jobs ?? 0),
    recovered: totals.success?.retries ?? 0,
    missed: count('missed'),
    missed_reason: newestMissed[0] ? firstLine(newestMissed[0].error_message) : null,
  };
}

/** The newest rows of runs that began: what still waits is told beside, and would fill this list. */
async function recentRuns(core: Core): Promise<ExecutionRecord[]> {
  const waiting = Math.min(mostWaiting, core.queue.status().pending);
  const rows = await core.store.executions.list(
    {},
    { limit: shown.recent + waiting, offset: 0, sort: 'start_time', descending: true },
  );
  return rows.filter((row) => row.status !== 'pending').slice(0, shown.recent);
}

async function runningNow(core: Core): Promise<Dashboard['running']> {
  const { executions } = core.queue.status();
  const runningFirst = [...executions].sort(
    (a, b) => Number(b.state === 'running') - Number(a.state === 'running'),
  );
  return Promise.all(
    runningFirst.slice(0, shown.running).map(async ({ row, state }) => {
      const { usual_seconds, p95_seconds } = await core.jobFigures.of(row.job_id);
      return {
        execution_id: formatExecutionId(row.execution_id),
        job_id: row.job_id,
        job_name: row.job_name,
        status: state,
        attempt: row.retry_count + 1,
        since: new Date(row.start_time).toISOString(),
        usual_seconds,
        p95_seconds,
      };
    }),
  );
}

/** Jobs that came with the program, or were made to try it, carry it. */
const sampleTag = 'sample';

/** Everything the first page asks, in one answer: it must be there at once, with a long history too. */
export async function dashboard(core: Core, history: HistoryFigures): Promise<Dashboard> {
  const now = core.clock.now();
  const all = core.registry.all();
  const enabled = all.filter((job) => job.record.enabled).length;
  const samples = all.filter((job) => job.definition.tags?.includes(sampleTag)).length;
  const queue = core.queue.status();
  const size = core.settings.threadPoolSize;
  const hours = byHour(await history.week());
  const [day, attention, running, next, recent, health] = await Promise.all([
    lastDay(core, history, hours),
    needsAttention({ registry: core.registry, executions: core.store.executions }, shown.attention),
    runningNow(core),
    upNext(core, now, shown.next),
    recentRuns(core),
    core.health.check(),
  ]);
  const unwell = Object.entries(health.checks).filter(([, isWell]) => !isWell);
  return {
    generated_at: new Date(now).toISOString(),
    jobs: { total: all.length, enabled, disabled: all.length - enabled, samples },
    queue: {
      running: queue.running,
      pending: queue.pending,
      waiting_retries: queue.waiting_retries,
      free_slots: Math.max(0, size - queue.running),
      thread_pool_size: size,
    },
    day,
    hours,
    attention,
    running,
    next,
    recent: recent.map(executionSummary),
    health: {
      status: health.status,
      reasons: unwell.map(([name]) => String(health.details[name]?.reason ?? name.replaceAll('_', ' '))),
    },
  };
}
