import type { Dashboard } from '../../../src-shared/contract/statistics';
import type { ExecutionStatus } from '../../../src-shared/model/execution';
import { formatExecutionId } from '../../../src-shared/model/ids';
import type { JobRegistry, LatestExecution } from '../jobs/job-registry';
import type { ExecutionRepository } from '../ports/store';

const bad: ReadonlySet<ExecutionStatus> = new Set(['failed', 'timeout', 'interrupted', 'missed']);
const longestReason = 300;

/** The first line that says something. */
export function firstLine(text: string | null): string {
  const line = (text ?? '').split(/\r?\n/).find((each) => each.trim() !== '') ?? '';
  return line.trim().slice(0, longestReason);
}

/** The enabled jobs whose newest run went wrong, latest first: each is one thing for somebody to do. */
export async function needsAttention(
  deps: { readonly registry: JobRegistry; readonly executions: ExecutionRepository },
  limit: number,
): Promise<Dashboard['attention']> {
  const found: { readonly job_id: string; readonly name: string; readonly latest: LatestExecution }[] = [];
  for (const { record } of deps.registry.all()) {
    const latest = deps.registry.latest(record.job_id);
    if (record.enabled && latest && bad.has(latest.status))
      found.push({ job_id: record.job_id, name: record.name, latest });
  }
  found.sort((a, b) => b.latest.start_time - a.latest.start_time);
  const items = await Promise.all(
    found.slice(0, limit).map(async ({ job_id, name, latest }) => {
      const row = await deps.executions.get(latest.execution_id);
      return {
        job_id,
        job_name: name,
        execution_id: formatExecutionId(latest.execution_id),
        status: latest.status,
        time: new Date(latest.start_time).toISOString(),
        attempt: (row?.retry_count ?? 0) + 1,
        attempts: (row?.max_retries ?? 0) + 1,
        reason: firstLine(row?.error_message ?? null),
      };
    }),
  );
  return { total: found.length, items };
}
