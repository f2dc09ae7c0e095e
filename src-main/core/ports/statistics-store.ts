import type { ExecutionStatus } from '../../../src-shared/model/execution';

/** How many runs began within one hour with one outcome. */
export interface HourCount {
  /** The hour's beginning, epoch ms. */
  readonly hour: number;
  readonly status: ExecutionStatus;
  readonly count: number;
}

/** The runs of a stretch with one outcome. */
export interface StatusTotal {
  readonly count: number;
  /** Different jobs among them. */
  readonly jobs: number;
  /** Those that were a retry. */
  readonly retries: number;
}

/** As much of an execution as a chart draws. */
export interface RunMark {
  readonly execution_id: number;
  readonly job_id: string;
  readonly status: ExecutionStatus;
  readonly scheduled_time: number | null;
  readonly start_time: number;
  readonly end_time: number | null;
}

/** Runs of one job and one hour with one outcome, drawn as one. */
export interface HourMark extends HourCount {
  readonly job_id: string;
  /** The last of them. */
  readonly execution_id: number;
}

/** Questions over the history that count rather than list. Instants are epoch ms; `to` is exclusive. */
export interface StatisticsRepository {
  hours(from: number): Promise<HourCount[]>;
  totals(from: number): Promise<Partial<Record<ExecutionStatus, StatusTotal>>>;
  /** The newest runs of one job that began in the stretch, newest first. */
  marks(
    job_id: string,
    stretch: { readonly from: number; readonly to: number },
    limit: number,
  ): Promise<RunMark[]>;
  hourMarks(
    job_ids: readonly string[],
    stretch: { readonly from: number; readonly to: number },
  ): Promise<HourMark[]>;
}
