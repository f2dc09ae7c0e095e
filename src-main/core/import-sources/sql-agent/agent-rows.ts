/** A value of a row of msdb, or of an argument of its procedures. */
export type AgentValue = string | number | null;
/** Keys in lower case, as the columns of msdb and the arguments of its procedures are called. */
export type AgentRow = Readonly<Record<string, AgentValue>>;

/** A job with its steps and schedules: rows of sysjobs, sysjobsteps and sysschedules. */
export interface AgentJob {
  readonly name: string;
  /** In a script; a job read out of msdb has none. */
  readonly line: number | undefined;
  readonly row: AgentRow;
  readonly steps: readonly AgentRow[];
  readonly schedules: readonly AgentRow[];
  /** Agent runs a job only where it was given to a server (sp_add_jobserver). */
  readonly hasServer: boolean;
}

/** All that was read of an Agent. */
export interface AgentSource {
  readonly jobs: readonly AgentJob[];
  /** Addresses of operators by their names in lower case. */
  readonly operators: ReadonlyMap<string, string>;
  readonly notes: readonly string[];
}

export function numberOf(row: AgentRow, key: string, otherwise: number): number {
  const value = row[key];
  const number = typeof value === 'string' ? Number(value.trim() || Number.NaN) : value;
  return typeof number === 'number' && Number.isFinite(number) ? number : otherwise;
}

/** Empty for NULL and for what is not there. */
export function textOf(row: AgentRow, key: string): string {
  const value = row[key];
  return value === null || value === undefined ? '' : String(value);
}
