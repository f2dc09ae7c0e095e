import type { Kysely } from 'kysely';
import type { ExecutionStatus } from '../../../src-shared/model/execution';
import type { StatisticsRepository } from '../../core/ports/statistics-store';
import type { Engine } from './engine';
import { fromText, fromTextOrNull, toText } from './instants';
import type { Tables } from './tables';

/** `2026-11-24T08` -> its epoch ms. */
const hourInstant = (text: string): number => fromText(`${text}:00:00.000Z`);

/** Counts over job_execution_history_V2, each served by one of its indexes. */
export function createStatisticsRepository(db: Kysely<Tables>, engine: Engine): StatisticsRepository {
  const history = () => db.selectFrom('job_execution_history_V2');
  const hour = engine.hourOf('start_time');
  return {
    async hours(from) {
      const rows = await history()
        .select((select) => [hour.as('hour'), 'status', select.fn.countAll<number>().as('total')])
        .where('start_time', '>=', toText(from))
        .groupBy([hour, engine.grouped('status')])
        .execute();
      return rows.map((row) => ({
        hour: hourInstant(row.hour),
        status: row.status as ExecutionStatus,
        count: Number(row.total),
      }));
    },
    async totals(from) {
      const rows = await history()
        .select((select) => [
          'status',
          select.fn.countAll<number>().as('total'),
          select.fn.count<number>('job_id').distinct().as('jobs'),
          select.fn
            .sum<number | null>(select.case().when('retry_count', '>', 0).then(1).else(0).end())
            .as('retries'),
        ])
        .where('start_time', '>=', toText(from))
        .groupBy(engine.grouped('status'))
        .execute();
      return Object.fromEntries(
        rows.map((row) => [
          row.status,
          { count: Number(row.total), jobs: Number(row.jobs), retries: Number(row.retries ?? 0) },
        ]),
      );
    },
    async marks(job_id, { from, to }, limit) {
      const query = history()
        .select(['execution_id', 'job_id', 'status', 'scheduled_time', 'start_time', 'end_time'])
        .where('job_id', '=', job_id)
        .where('start_time', '>=', toText(from))
        .where('start_time', '<', toText(to))
        .orderBy('start_time', 'desc');
      const rows = await engine.page(query, limit, 0).execute();
      return rows.map((row) => ({
        execution_id: Number(row.execution_id),
        job_id: row.job_id,
        status: row.status as ExecutionStatus,
        scheduled_time: fromTextOrNull(row.scheduled_time),
        start_time: fromText(row.start_time),
        end_time: fromTextOrNull(row.end_time),
      }));
    },
    async hourMarks(job_ids, { from, to }) {
      if (job_ids.length === 0) return [];
      const rows = await history()
        .select((select) => [
          'job_id',
          hour.as('hour'),
          'status',
          select.fn.countAll<number>().as('total'),
          select.fn.max('execution_id').as('last'),
        ])
        .where('job_id', 'in', [...job_ids])
        .where('start_time', '>=', toText(from))
        .where('start_time', '<', toText(to))
        .groupBy(['job_id', hour, engine.grouped('status')])
        .execute();
      return rows.map((row) => ({
        job_id: row.job_id,
        hour: hourInstant(row.hour),
        status: row.status as ExecutionStatus,
        count: Number(row.total),
        execution_id: Number(row.last),
      }));
    },
  };
}
