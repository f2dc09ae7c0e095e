import { type AgentRow, numberOf } from './agent-rows';

const daySeconds = 86_400;

/** `93015` -> seconds of the day. */
const secondsOf = (value: number): number =>
  Math.floor(value / 10_000) * 3600 + (Math.floor(value / 100) % 100) * 60 + (value % 100);
/** `20260105` -> `2026-01-05`. */
const dateText = (value: number): string => {
  const digits = String(value).padStart(8, '0');
  return `${digits.slice(0, 4)}-${digits.slice(4, 6)}-${digits.slice(6)}`;
};
const isDate = (text: string): boolean => {
  const at = Date.parse(`${text}T00:00:00Z`);
  return !Number.isNaN(at) && new Date(at).toISOString().startsWith(text);
};

/** A row of sysschedules, read (documentation of dbo.sysschedules). */
export interface AgentSchedule {
  readonly name: string;
  readonly isEnabled: boolean;
  /** freq_type: 1 once, 4 daily, 8 weekly, 16 monthly, 32 monthly relative, 64 at the Agent's start, 128 when idle. */
  readonly type: number;
  /** freq_interval: days, a mask of weekdays, a day of the month, or a kind of day. */
  readonly interval: number;
  /** freq_recurrence_factor: weeks or months between. */
  readonly factor: number;
  /** freq_relative_interval: 1 first, 2 second, 4 third, 8 fourth, 16 last. */
  readonly relative: number;
  /** Seconds between the runs of a day; 0: one a day. */
  readonly every: number;
  readonly startDate: string;
  readonly endDate: string | undefined;
  /** Seconds of the day. */
  readonly startTime: number;
  readonly endTime: number;
}

const subdaySeconds: Readonly<Record<number, number>> = { 2: 1, 4: 60, 8: 3600 };

/** Reads a schedule, or says what is wrong with it as the rest of a sentence. One without a start date began long ago. */
export function readAgentSchedule(row: AgentRow): AgentSchedule | string {
  const startDate = numberOf(row, 'active_start_date', 0);
  const endDate = numberOf(row, 'active_end_date', 99_991_231);
  const unit = numberOf(row, 'freq_subday_type', 1);
  const every = (subdaySeconds[unit] ?? 0) * numberOf(row, 'freq_subday_interval', 0);
  const start = startDate === 0 ? '1990-01-01' : dateText(startDate);
  const startTime = secondsOf(numberOf(row, 'active_start_time', 0));
  const endTime = secondsOf(numberOf(row, 'active_end_time', 235_959));
  if (!isDate(start)) return `has active_start_date ${startDate}; expected YYYYMMDD`;
  if (startTime >= daySeconds || endTime >= daySeconds)
    return 'has a time that is none; active_start_time and active_end_time are HHMMSS';
  if (![0, 1, 2, 4, 8].includes(unit)) return `has freq_subday_type ${unit}; expected 1, 2, 4 or 8`;
  if (unit > 1 && every < 1) return 'has freq_subday_interval 0 although it runs several times a day';
  const name = row.name ?? row.schedule_name;
  return {
    name: typeof name === 'string' ? name : '',
    isEnabled: numberOf(row, 'enabled', 1) !== 0,
    type: numberOf(row, 'freq_type', 0),
    interval: numberOf(row, 'freq_interval', 0),
    factor: Math.max(1, numberOf(row, 'freq_recurrence_factor', 1)),
    relative: numberOf(row, 'freq_relative_interval', 0),
    every,
    startDate: start,
    endDate: endDate === 0 || endDate >= 99_991_231 ? undefined : dateText(endDate),
    startTime,
    endTime,
  };
}

/** The weekdays of a mask, 0 = Sunday: 1 Sunday, 2 Monday, ... 64 Saturday. */
export const weekdaysOf = (mask: number): number[] =>
  [0, 1, 2, 3, 4, 5, 6].filter((day) => (mask & (1 << day)) !== 0);

/** freq_interval of a relative month: 1-7 a weekday, 8 any day, 9 Monday to Friday, 10 Saturday and Sunday. */
export const kindOfDay = (interval: number): readonly number[] => {
  if (interval === 8) return [0, 1, 2, 3, 4, 5, 6];
  if (interval === 9) return [1, 2, 3, 4, 5];
  return interval === 10 ? [0, 6] : [interval - 1];
};

/** freq_relative_interval as a number; 0 is the last. Undefined for a value msdb does not know. */
export const ordinalOf = (relative: number): 0 | 1 | 2 | 3 | 4 | undefined =>
  (({ 1: 1, 2: 2, 4: 3, 8: 4, 16: 0 }) as const)[relative];

/** The seconds from the day's midnight at which it fires; beyond 86,400 on the day after. */
export function timesOf({ every, startTime, endTime }: AgentSchedule): readonly number[] {
  if (every === 0) return [startTime];
  // An end before the start means a time that spans midnight (comment in sp_verify_schedule).
  const end = endTime < startTime ? endTime + daySeconds : endTime;
  return Array.from(
    { length: Math.floor((end - startTime) / every) + 1 },
    (_, index) => startTime + index * every,
  );
}
