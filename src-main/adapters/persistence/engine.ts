import type {
  Expression,
  ExpressionBuilder,
  Insertable,
  Kysely,
  RawBuilder,
  SelectQueryBuilder,
  SqlBool,
} from 'kysely';
import type { ExecutionFilter, ExecutionSortKey, Page } from '../../core/ports/store';
import type { ExecutionTable, Tables } from './tables';

/** A filter of the history as what its rows must be. */
export type ConditionsOf = (
  where: ExpressionBuilder<Tables, 'job_execution_history_V2'>,
  filter: ExecutionFilter,
) => Expression<SqlBool>;

/** A page by a narrower filter and a smaller offset. */
export interface NarrowedPage {
  readonly filter: ExecutionFilter;
  readonly offset: number;
  /** The ids of its rows in their order, where they are known already. */
  readonly rows?: readonly number[];
}

/** What differs between the engines, each thing named once: no repository asks which engine it is on. */
export interface Engine {
  insertReturningId(db: Kysely<Tables>, values: Insertable<ExecutionTable>): Promise<number>;
  page<DB, TB extends keyof DB, O>(
    query: SelectQueryBuilder<DB, TB, O>,
    limit: number,
    offset: number,
  ): SelectQueryBuilder<DB, TB, O>;
  /** The hour of a stored instant, as `2026-11-24T08`: to group by. */
  hourOf(column: 'start_time'): RawBuilder<string>;
  /** The column to group by, where rows are found by their time: its own index would be read from end to end. */
  grouped(column: 'status'): RawBuilder<string>;
  /** The column holds the text, every sign of which means itself; ASCII case is ignored. */
  contains(column: string, text: string): RawBuilder<SqlBool>;
  /** The number of rows of the history that a filter finds. */
  countHistory(db: Kysely<Tables>, filter: ExecutionFilter, conditions: ConditionsOf): Promise<number>;
  /** The same page of the history, asked for so that less is read, where the engine knows how. */
  narrowPage(
    db: Kysely<Tables>,
    filter: ExecutionFilter,
    page: Page<ExecutionSortKey>,
    conditions: ConditionsOf,
  ): Promise<NarrowedPage>;
  /** The row was refused because its key is taken. */
  isUniqueViolation(error: unknown): boolean;
}
