import type { Store } from '../ports/store';
import type { Rule } from './rule';

const pageSize = 1000;

/**
 * The clock was set back, and rows say of slots that lie ahead again that they were missed or skipped. Those slots
 * are taken out of their rows, so that they can still run, each in one row alone.
 */
export async function releaseAhead(deps: {
  readonly store: Store;
  readonly now: number;
  readonly triggerOf: (job_id: string) => Pick<Rule, 'previous' | 'count'> | undefined;
}): Promise<void> {
  const { store, now } = deps;
  const rows = await store.executions.list(
    { status: ['missed', 'skipped'], trigger: ['schedule'], planned_from: now + 1 },
    { limit: pageSize, offset: 0, sort: 'execution_id', descending: true },
  );
  for (const row of rows) {
    if (row.scheduled_time === null || row.metadata.count === 0) continue;
    const told = (text: string) => `${row.error_message ?? ''} ${text}`.trim();
    if (row.scheduled_time > now) {
      await store.executions.update(row.execution_id, {
        slot_key: null,
        scheduled_until: null,
        error_message: told('The clock was set back since: planned again.'),
        metadata: { ...row.metadata, count: 0, released: true },
      });
      continue;
    }
    const trigger = deps.triggerOf(row.job_id);
    const last = trigger?.previous(now);
    if (!trigger || last === undefined) continue;
    const count = trigger.count(row.scheduled_time - 1, now);
    await store.executions.update(row.execution_id, {
      scheduled_until: count > 1 ? last : null,
      error_message: told(
        `The clock was set back since: of these, ${count} up to ${new Date(last).toISOString()} stay missed, the others are planned again.`,
      ),
      metadata: { ...row.metadata, count, last_scheduled_time: new Date(last).toISOString() },
    });
  }
}
