import type { CronField, CronFieldName } from './cron-field';
import type { ScheduleDate } from './schedule-date';

interface Common {
  /** IANA name, or undefined for the program's default. */
  readonly timezone: string | undefined;
  readonly start: ScheduleDate | undefined;
  readonly end: ScheduleDate | undefined;
  readonly jitterSeconds: number;
  readonly gap: 'run_after' | 'skip';
  /** `undefined`: fixed hours once, wildcard hours twice (docs/schedules.md). */
  readonly fold: 'once' | 'twice' | undefined;
}

export interface ParsedCron extends Common {
  readonly kind: 'cron';
  /** All eight fields, omitted ones filled in. */
  readonly fields: Readonly<Record<CronFieldName, CronField>>;
  /** Crontab strings: either of day and weekday may match. */
  readonly eitherDay: boolean;
}

export interface ParsedInterval extends Common {
  readonly kind: 'interval';
  readonly lengthMs: number;
}

export interface ParsedDate extends Common {
  readonly kind: 'date';
  readonly at: ScheduleDate;
}

export type ParsedSpec = ParsedCron | ParsedInterval | ParsedDate;

/** A checked schedule: one rule or several, of which the earliest next slot wins. */
export interface ParsedSchedule {
  readonly specs: readonly ParsedSpec[];
}
