import type { Execution, ExecutionSummary } from '../../../src-shared/model/execution';
import { formatExecutionId } from '../../../src-shared/model/ids';
import type { ExecutionRecord } from '../ports/store';

const iso = (instant: number | null): string | null =>
  instant === null ? null : new Date(instant).toISOString();

/** A row as lists and events show it: all but the output. */
export function executionSummary(record: ExecutionRecord): ExecutionSummary {
  return {
    execution_id: formatExecutionId(record.execution_id),
    job_id: record.job_id,
    job_name: record.job_name,
    status: record.status,
    trigger: record.trigger,
    attempt: record.retry_count + 1,
    scheduled_time: iso(record.scheduled_time),
    start_time: new Date(record.start_time).toISOString(),
    end_time: iso(record.end_time),
    duration_seconds: record.duration_seconds,
    error_message: record.error_message,
    return_code: record.return_code,
    retry_count: record.retry_count,
    max_retries: record.max_retries,
    machine: record.machine ?? null,
    metadata: withoutResults(record.metadata),
  };
}

/** Previews of results are for the one who opens the execution, not for lists and events. */
function withoutResults({ results: _, ...rest }: ExecutionRecord['metadata']): Record<string, unknown> {
  return rest;
}

/** A row whole; `output_note` says where the rest of its output is, when not here. */
export function executionView(record: ExecutionRecord, output_note: string | null = null): Execution {
  return {
    ...executionSummary(record),
    output: record.output,
    output_note,
    metadata: { ...record.metadata },
  };
}
