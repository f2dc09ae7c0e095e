import { createHash } from 'node:crypto';
import { ExecutionStatus } from '../../../src-shared/model/execution';
import type { OldExecution, OldHistory } from '../../adapters/persistence/sqlserver/old-program';
import type { Core } from '../../core/core';

/** Words that versions of the Python program had for an outcome. */
const statusWords: Readonly<Record<string, ExecutionStatus>> = {
  completed: 'success',
  succeeded: 'success',
  error: 'failed',
  failure: 'failed',
  canceled: 'cancelled',
  // Nobody runs them any more.
  running: 'interrupted',
  pending: 'interrupted',
};

function statusOf(written: string | null): ExecutionStatus | undefined {
  const word = (written ?? '').trim().toLowerCase();
  return statusWords[word] ?? ExecutionStatus.safeParse(word).data;
}

/** Rows that say so were left by a program that is gone. */
const unfinishedWords: ReadonlySet<string> = new Set(['running', 'pending']);

/** An interruption never stands without its reason. */
function messageOf(row: OldExecution): string | null {
  const word = (row.status ?? '').trim().toLowerCase();
  if (!unfinishedWords.has(word)) return row.error_message;
  const reason =
    word === 'running'
      ? 'It was "running" in the history of the old program; whether it came to its end is not known'
      : 'It was "pending" in the history of the old program; it had not begun';
  return row.error_message ? `${row.error_message}\n${reason}` : reason;
}

function metadataOf(text: string | null): Record<string, unknown> {
  if (!text) return {};
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value !== 'object' || value === null || Array.isArray(value)) return { value };
    // What is called so here has a form of its own.
    const { results, ...rest } = value as Record<string, unknown>;
    return results === undefined ? rest : { ...rest, old_results: results };
  } catch {
    return { unreadable: text.slice(0, 200) };
  }
}

export interface HistoryReport {
  taken: number;
  known: number;
  /** Outputs of which only the beginning and the end were taken. */
  cut: number;
  readonly left: Map<string, number>;
}

const instantOf = (text: string | null): number | undefined => {
  const found = text === null ? Number.NaN : Date.parse(text);
  return Number.isNaN(found) ? undefined : found;
};

/** Why a row can't be taken over; undefined when it can. */
function hindrance(row: OldExecution): string | undefined {
  if (!row.job_id) return 'it has no job_id';
  if (!row.status?.trim()) return 'it has no status';
  if (!statusOf(row.status)) return `status "${row.status}" is not known`;
  return instantOf(row.start_time) === undefined ? 'it has no start_time' : undefined;
}

/** Numbers the rows of one page that have the same execution_id: 0 for the first of them. */
function withCopy(page: readonly OldExecution[]): readonly (readonly [OldExecution, number])[] {
  const seen = new Map<number, number>();
  return page.map((row) => {
    const copy = seen.get(Number(row.execution_id)) ?? 0;
    seen.set(Number(row.execution_id), copy + 1);
    return [row, copy] as const;
  });
}

/** Takes over a history. The place of each row in the old one is its slot: a second time it claims nothing. */
export async function takeHistory(
  core: Core,
  history: OldHistory,
  source: string,
  isDry: boolean,
): Promise<HistoryReport> {
  const report: HistoryReport = { taken: 0, known: 0, cut: 0, left: new Map() };
  const leave = (reason: string, count = 1): void => {
    report.left.set(reason, (report.left.get(reason) ?? 0) + count);
  };
  if (history.unnumbered > 0) leave('it has no execution_id', history.unnumbered);
  const mark = createHash('sha256').update(`${source}|${history.table}`).digest('hex').slice(0, 8);
  const take = async (row: OldExecution, copy: number, store: Core['store']): Promise<void> => {
    const reason = hindrance(row);
    const status = statusOf(row.status);
    const start = instantOf(row.start_time);
    if (reason !== undefined || !row.job_id || !status || start === undefined)
      return leave(reason ?? 'it is not understood');
    if (isDry) {
      report.taken += 1;
      report.cut += row.is_cut;
      return;
    }
    const place = copy === 0 ? String(row.execution_id) : `${row.execution_id}.${copy}`;
    const id = await store.executions.insert({
      job_id: row.job_id,
      job_name: row.job_name ?? row.job_id,
      status,
      trigger: 'schedule',
      scheduled_time: null,
      start_time: start,
      end_time: instantOf(row.end_time) ?? start,
      duration_seconds: row.duration_seconds,
      error_message: messageOf(row),
      retry_count: row.retry_count ?? 0,
      max_retries: row.max_retries ?? 0,
      metadata: { ...metadataOf(row.metadata), migrated_from: `${history.table} ${place}` },
      owner: null,
      slot_key: `m:${mark}:${place}`,
    });
    if (id === undefined) {
      report.known += 1;
      return;
    }
    report.taken += 1;
    report.cut += row.is_cut;
    await store.executions.update(id, { output: row.output, return_code: row.return_code });
  };
  for await (const page of history.pages())
    await core.store.transaction(async (store) => {
      for (const [row, copy] of withCopy(page)) await take(row, copy, store);
    });
  return report;
}
