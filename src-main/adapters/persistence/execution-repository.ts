import type { Expression, ExpressionBuilder, Kysely, Selectable, SqlBool } from 'kysely';
import type { ExecutionStatus, ExecutionTrigger } from '../../../src-shared/model/execution';
import type {
  ExecutionFilter,
  ExecutionPatch,
  ExecutionRecord,
  ExecutionRepository,
  NewExecution,
} from '../../core/ports/store';
import type { ConditionsOf, Engine } from './engine';
import { fromText, fromTextOrNull, toText, toTextOrNull } from './instants';
import type { ExecutionTable, Tables } from './tables';

type Row = Omit<
  Selectable<ExecutionTable>,
  'output' | 'slot_key' | 'scheduled_until' | 'results' | 'fence' | 'changed_date'
> & {
  output?: string | null;
  results?: string | null;
};

/** All columns but the output and the results, which can be large. */
const listed = [
  'execution_id',
  'job_id',
  'job_name',
  'status',
  'start_time',
  'end_time',
  'duration_seconds',
  'error_message',
  'return_code',
  'retry_count',
  'max_retries',
  'metadata',
  'scheduled_time',
  'trigger_type',
  'owner',
  'definition_digest',
  'machine',
] as const;

function readMetadata(text: string | null): Record<string, unknown> {
  if (text === null || text === '') return {};
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? { ...value } : { value };
  } catch {
    // One bad row must not hide the others; what it holds can be seen in the table.
    return { unreadable: text.slice(0, 200) };
  }
}

/** `metadata` as two columns: previews of results would make every list slow. */
function splitMetadata(metadata: Readonly<Record<string, unknown>>): { metadata: string; results?: string } {
  const { results, ...rest } = metadata;
  return {
    metadata: JSON.stringify(rest),
    ...(results === undefined ? {} : { results: JSON.stringify(results) }),
  };
}

function toRecord(row: Row): ExecutionRecord {
  const { trigger_type, results, ...columns } = row;
  return {
    ...columns,
    execution_id: Number(row.execution_id),
    status: row.status as ExecutionStatus,
    trigger: (trigger_type ?? 'schedule') as ExecutionTrigger,
    scheduled_time: fromTextOrNull(row.scheduled_time),
    start_time: fromText(row.start_time),
    end_time: fromTextOrNull(row.end_time),
    output: row.output ?? null,
    retry_count: row.retry_count ?? 0,
    max_retries: row.max_retries ?? 0,
    metadata: {
      ...readMetadata(row.metadata),
      ...(results ? { results: JSON.parse(results) as unknown } : {}),
    },
  };
}

/** A new execution by the columns of its table. */
export function toRow(execution: NewExecution) {
  const { trigger, metadata, ...columns } = execution;
  return {
    ...columns,
    trigger_type: trigger,
    start_time: toText(execution.start_time),
    scheduled_time: toTextOrNull(execution.scheduled_time),
    scheduled_until: toTextOrNull(execution.scheduled_until ?? null),
    end_time: toTextOrNull(execution.end_time ?? null),
    duration_seconds: execution.duration_seconds ?? null,
    error_message: execution.error_message ?? null,
    ...splitMetadata(metadata),
    definition_digest: execution.definition_digest ?? null,
    machine: execution.machine ?? null,
  };
}

function toColumns(patch: ExecutionPatch) {
  const { start_time, end_time, scheduled_until, metadata, ...columns } = patch;
  return {
    ...columns,
    ...(start_time === undefined ? {} : { start_time: toText(start_time) }),
    ...(end_time === undefined ? {} : { end_time: toTextOrNull(end_time) }),
    ...(scheduled_until === undefined ? {} : { scheduled_until: toTextOrNull(scheduled_until) }),
    ...(metadata === undefined ? {} : splitMetadata(metadata)),
  };
}

type Where = ExpressionBuilder<Tables, 'job_execution_history_V2'>;

function conditions(where: Where, filter: ExecutionFilter, engine: Engine): Expression<SqlBool> {
  const all: Expression<SqlBool>[] = [];
  if (filter.job_id !== undefined) all.push(where('job_id', '=', filter.job_id));
  if (filter.status?.length) all.push(where('status', 'in', [...filter.status]));
  if (filter.trigger?.length) all.push(where('trigger_type', 'in', [...filter.trigger]));
  if (filter.from !== undefined) all.push(where('start_time', '>=', toText(filter.from)));
  if (filter.to !== undefined) all.push(where('start_time', '<', toText(filter.to)));
  if (filter.planned_to !== undefined) all.push(where('scheduled_time', '<=', toText(filter.planned_to)));
  if (filter.planned_from !== undefined) {
    const from = toText(filter.planned_from);
    all.push(where.or([where('scheduled_time', '>=', from), where('scheduled_until', '>=', from)]));
  }
  if (filter.job_type?.length) {
    const ofType = where.selectFrom('job_configurations').select('job_configurations.job_id');
    all.push(where('job_id', 'in', ofType.where('job_type', 'in', [...filter.job_type])));
  }
  if (filter.search !== undefined) {
    const { search } = filter;
    const columns = ['job_id', 'job_name', 'error_message'] as const;
    all.push(where.or(columns.map((column) => engine.contains(column, search))));
  }
  return where.and(all);
}

/** Rows of job_execution_history_V2. */
export function createExecutionRepository(db: Kysely<Tables>, engine: Engine): ExecutionRepository {
  const history = () => db.selectFrom('job_execution_history_V2');
  const byIds = async (ids: readonly number[]): Promise<ExecutionRecord[]> => {
    if (ids.length === 0) return [];
    const rows = await history()
      .select(listed)
      .where('execution_id', 'in', [...ids])
      .execute();
    const found = new Map(rows.map((row) => [Number(row.execution_id), toRecord(row)]));
    return ids.flatMap((id) => found.get(id) ?? []);
  };
  const conditionsOf: ConditionsOf = (where, filter) => conditions(where, filter, engine);
  return {
    async insert(execution) {
      try {
        return await engine.insertReturningId(db, toRow(execution));
      } catch (error) {
        if (execution.slot_key !== null && engine.isUniqueViolation(error)) return undefined;
        throw error;
      }
    },
    async update(execution_id, patch) {
      const columns = toColumns(patch);
      if (Object.keys(columns).length === 0) return;
      await db
        .updateTable('job_execution_history_V2')
        .set(columns)
        .where('execution_id', '=', execution_id)
        .execute();
    },
    async get(execution_id) {
      const row = await history()
        .select([...listed, 'output', 'results'])
        .where('execution_id', '=', execution_id)
        .executeTakeFirst();
      return row && toRecord(row);
    },
    async list(asked, page) {
      const { limit, sort, descending } = page;
      const { filter, offset, rows } = await engine.narrowPage(db, asked, page, conditionsOf);
      if (rows) return byIds(rows);
      const direction = descending ? 'desc' : 'asc';
      const query = history()
        .select(listed)
        .where((where) => conditionsOf(where, filter))
        .orderBy(sort, direction);
      // Rows of one status by their time, as its index has them.
      const sorted = sort === 'status' ? query.orderBy('start_time', direction) : query;
      // The id makes the order whole: without it pages of equal times could overlap.
      const ordered = sort === 'execution_id' ? sorted : sorted.orderBy('execution_id', direction);
      return (await engine.page(ordered, limit, offset).execute()).map(toRecord);
    },
    count: (filter) => engine.countHistory(db, filter, conditionsOf),
    async outputs(execution_ids) {
      if (execution_ids.length === 0) return new Map();
      const rows = await history()
        .select(['execution_id', 'output'])
        .where('execution_id', 'in', [...execution_ids])
        .execute();
      return new Map(
        rows.flatMap((row) => (row.output === null ? [] : [[Number(row.execution_id), row.output] as const])),
      );
    },
    async latestPerJob() {
      // One look into the (job_id, start_time) index per job; grouping would read every row there is.
      const rows = await db
        .selectFrom('job_configurations')
        .innerJoin('job_execution_history_V2', (join) =>
          join.on('job_execution_history_V2.execution_id', '=', (on) =>
            on
              .selectFrom('job_execution_history_V2 as newest')
              .select((select) => select.fn.max('newest.execution_id').as('execution_id'))
              .whereRef('newest.job_id', '=', 'job_configurations.job_id'),
          ),
        )
        .select(listed.map((column) => `job_execution_history_V2.${column}` as const))
        .execute();
      return rows.map(toRecord);
    },
    async listUnfinished(owner) {
      const rows = await history()
        .select(listed)
        .where('status', 'in', ['pending', 'running'])
        .where((where) => where.or([where('owner', 'is', null), where('owner', '!=', owner)]))
        .orderBy('execution_id')
        .execute();
      return rows.map(toRecord);
    },
    async removable(rule, limit) {
      if (rule.status.length === 0) return [];
      const ended = history()
        .select('execution_id')
        .where('status', 'in', [...rule.status]);
      const found = (query: typeof ended) => engine.page(query, limit, 0).execute();
      if ('before' in rule) {
        // By their time, as an index has them: by their ids, all that are old would be sorted for each batch.
        const rows = await found(
          ended.where('start_time', '<', toText(rule.before)).orderBy('start_time').orderBy('execution_id'),
        );
        return rows.map((row) => Number(row.execution_id));
      }
      const newest = history()
        .select('execution_id')
        .where('job_id', '=', rule.job_id)
        .orderBy('execution_id', 'desc');
      const [last] = await engine.page(newest, 1, rule.keep).execute();
      if (!last) return [];
      const rows = await found(
        ended
          .where('job_id', '=', rule.job_id)
          .where('execution_id', '<=', last.execution_id)
          .orderBy('execution_id'),
      );
      return rows.map((row) => Number(row.execution_id));
    },
    async removeMany(execution_ids) {
      if (execution_ids.length === 0) return 0;
      const removed = await db
        .deleteFrom('job_execution_history_V2')
        .where('execution_id', 'in', [...execution_ids])
        .executeTakeFirst();
      return Number(removed.numDeletedRows);
    },
    async countByStatus(from) {
      const rows = await history()
        .select(['status', (select) => select.fn.countAll<number>().as('total')])
        .where('start_time', '>=', toText(from))
        .groupBy(engine.grouped('status'))
        .execute();
      return Object.fromEntries(rows.map((row) => [row.status, Number(row.total)]));
    },
  };
}
