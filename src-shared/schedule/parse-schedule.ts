import type { z } from 'zod';
import type { Issue } from '../model/issue';
import type { CronSchedule, DateSchedule, IntervalSchedule, Schedule, ScheduleSpec } from '../model/schedule';
import {
  type CronField,
  CronFieldError,
  type CronFieldName,
  cronFieldNames,
  parseCronField,
} from './cron-field';
import { parseCrontab } from './crontab';
import type { ParsedSchedule, ParsedSpec } from './parsed-schedule';
import { parseScheduleDate, type ScheduleDate } from './schedule-date';
import { timeZoneName } from './time-zone-name';

export type { ParsedSchedule } from './parsed-schedule';

export interface ScheduleReading {
  readonly issues: readonly Issue[];
  /** Absent when an issue is an error. */
  readonly parsed?: ParsedSchedule;
}

type Report = (path: string, message: string, severity?: 'error' | 'warning') => void;

const unitMs = {
  weeks: 604_800_000,
  days: 86_400_000,
  hours: 3_600_000,
  minutes: 60_000,
  seconds: 1000,
} as const;
/** Longer than a century is surely a slip of units. */
const longestIntervalMs = 100 * 366 * 86_400_000;
const daysInMonth = [31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];

/** Keys that may stand beside the params or inside them; beside and inside at once must agree. */
type Placed = 'timezone' | 'start_date' | 'end_date' | 'jitter';

function placed<K extends Placed>(
  spec: Partial<Record<K, string | number>>,
  params: Partial<Record<K, string | number>> | undefined,
  key: K,
  path: string,
  paramsPath: string,
  report: Report,
): { value: string | number | undefined; path: string } {
  const inside = params?.[key];
  const beside = spec[key];
  if (inside !== undefined && beside !== undefined && inside !== beside) {
    report(`${paramsPath}.${key}`, `is ${inside}, and beside the params it is ${beside}; give it once`);
  }
  return inside !== undefined
    ? { value: inside, path: `${paramsPath}.${key}` }
    : { value: beside, path: `${path}.${key}` };
}

function readCommon(
  spec: ScheduleSpec,
  params: Partial<Record<Placed, string | number>> | undefined,
  path: string,
  paramsPath: string,
  report: Report,
) {
  const zone = placed(
    spec as Partial<Record<Placed, string | number>>,
    params,
    'timezone',
    path,
    paramsPath,
    report,
  );
  let timezone: string | undefined;
  if (zone.value !== undefined) {
    timezone = timeZoneName(String(zone.value));
    if (!timezone) {
      report(
        zone.path,
        `is "${String(zone.value).slice(0, 60)}"; expected an IANA zone such as America/New_York`,
      );
    }
  }
  const date = (key: 'start_date' | 'end_date'): ScheduleDate | undefined => {
    const { value, path: at } = placed(
      spec as Partial<Record<Placed, string | number>>,
      params,
      key,
      path,
      paramsPath,
      report,
    );
    if (value === undefined) return undefined;
    const read = parseScheduleDate(String(value));
    if (typeof read === 'string') {
      report(at, read);
      return undefined;
    }
    return read;
  };
  const start = date('start_date');
  const end = date('end_date');
  const value = (one: ScheduleDate) => (one.kind === 'instant' ? one.epoch : one.local);
  if (start && end && start.kind === end.kind && value(end) < value(start)) {
    report(`${path}.end_date`, 'lies before start_date: this schedule would never fire');
  }
  const jitter = placed(
    spec as Partial<Record<Placed, string | number>>,
    params,
    'jitter',
    path,
    paramsPath,
    report,
  );
  return {
    timezone,
    start,
    end,
    jitterSeconds: Number(jitter.value ?? 0),
    gap: spec.dst?.gap ?? 'run_after',
    fold: spec.dst?.fold,
  } as const;
}

/** What an omitted field means: every value before the last given field, its least value after it. */
function fillFields(given: Partial<Record<CronFieldName, CronField>>): Record<CronFieldName, CronField> {
  const last = cronFieldNames.reduce((found, name, index) => (given[name] ? index : found), -1);
  const entries = cronFieldNames.map((name, index) => {
    const isEvery = index < last || name === 'year' || name === 'week' || name === 'day_of_week';
    const least = name === 'month' || name === 'day' ? 1 : 0;
    return [name, given[name] ?? parseCronField(name, isEvery ? '*' : least)] as const;
  });
  return Object.fromEntries(entries) as Record<CronFieldName, CronField>;
}

/** 31 June and its like: fields that are each in order, but never meet. */
function neverMeets(fields: Readonly<Record<CronFieldName, CronField>>, eitherDay: boolean): boolean {
  const { day, month } = fields;
  if (eitherDay || day.values === null || day.dayRules.length > 0) return false;
  const months = month.values ?? [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12];
  return !months.some((one) => day.values?.some((value) => value <= (daysInMonth[one - 1] ?? 0)));
}

function readCron(spec: z.infer<typeof CronSchedule>, path: string, report: Report): ParsedSpec | undefined {
  const paramsPath = `${path}.cron_params`;
  const common = readCommon(spec, spec.cron_params, path, paramsPath, report);
  const given: Partial<Record<CronFieldName, CronField>> = {};
  let eitherDay = false;
  if (spec.expression !== undefined) {
    if (spec.cron_params && cronFieldNames.some((name) => spec.cron_params?.[name] !== undefined)) {
      report(`${path}.expression`, 'stands beside cron_params; give one of the two');
    }
    try {
      const crontab = parseCrontab(spec.expression);
      Object.assign(given, crontab.fields);
      eitherDay = crontab.eitherDay;
    } catch (error) {
      if (!(error instanceof CronFieldError)) throw error;
      report(`${path}.expression`, error.message);
      return undefined;
    }
  } else {
    for (const name of cronFieldNames) {
      const written = spec.cron_params?.[name];
      if (written === undefined) continue;
      try {
        given[name] = parseCronField(name, written);
      } catch (error) {
        if (!(error instanceof CronFieldError)) throw error;
        report(`${paramsPath}.${name}`, error.message);
      }
    }
    const isEmpty = cronFieldNames.every((name) => spec.cron_params?.[name] === undefined);
    if (isEmpty) {
      report(paramsPath, 'names no field and would fire every second; give at least one, or second: "*"');
      return undefined;
    }
  }
  const fields = fillFields(given);
  if (neverMeets(fields, eitherDay)) {
    report(
      spec.expression === undefined ? `${paramsPath}.day` : `${path}.expression`,
      `is ${fields.day.text} in month ${fields.month.text}, a day that does not exist: this schedule never fires`,
      'warning',
    );
  }
  return { kind: 'cron', fields, eitherDay, ...common };
}

function readInterval(spec: z.infer<typeof IntervalSchedule>, path: string, report: Report): ParsedSpec {
  const paramsPath = `${path}.interval_params`;
  const params = spec.interval_params;
  const common = readCommon(spec, params, path, paramsPath, report);
  let lengthMs = 0;
  for (const [unit, milliseconds] of Object.entries(unitMs)) {
    lengthMs += (params[unit as keyof typeof unitMs] ?? 0) * milliseconds;
  }
  lengthMs = Math.round(lengthMs);
  if (!(lengthMs >= 1000)) report(paramsPath, `comes to ${lengthMs / 1000} s; expected at least 1 second`);
  if (lengthMs > longestIntervalMs) report(paramsPath, 'comes to more than 100 years; check the units');
  return { kind: 'interval', lengthMs, ...common };
}

function readDate(spec: z.infer<typeof DateSchedule>, path: string, report: Report): ParsedSpec | undefined {
  const common = readCommon(spec, undefined, path, path, report);
  const at = parseScheduleDate(spec.run_date);
  if (typeof at === 'string') {
    report(`${path}.run_date`, at);
    return undefined;
  }
  return { kind: 'date', at, ...common };
}

function readSpec(spec: ScheduleSpec, path: string, report: Report): ParsedSpec | undefined {
  switch (spec.type) {
    case 'cron':
      return readCron(spec, path, report);
    case 'interval':
      return readInterval(spec, path, report);
    case 'date':
      return readDate(spec, path, report);
  }
}

function readSchedule(schedule: Schedule, path: string): ScheduleReading {
  const issues: Issue[] = [];
  const report: Report = (at, message, severity = 'error') => {
    const joint = message.startsWith(':') || message.startsWith(',') ? '' : ' ';
    issues.push({ path: at, message: `${at}${joint}${message}`, severity });
  };
  const list = Array.isArray(schedule) ? schedule : [schedule];
  const specs = list.flatMap(
    (spec, index) => readSpec(spec, Array.isArray(schedule) ? `${path}[${index}]` : path, report) ?? [],
  );
  return issues.some((issue) => issue.severity === 'error') ? { issues } : { issues, parsed: { specs } };
}

/** Readings by what was written: a job's schedule is asked for when it is checked, kept and planned. */
const known = new Map<string, ScheduleReading>();
const mostKnown = 5000;

/**
 * Checks what a `schedule:` says, by the rules of docs/schedules.md. Issues name field, value and expectation; their
 * paths begin with `path`. Pure and quick: no slot is computed here. The same schedule gives the same object, so
 * that jobs with one schedule share it.
 */
export function parseSchedule(schedule: Schedule, path: string): ScheduleReading {
  const key = `${path} ${JSON.stringify(schedule)}`;
  const found = known.get(key);
  if (found) return found;
  const read = readSchedule(schedule, path);
  if (known.size >= mostKnown) known.clear();
  if (key.length < 1000) known.set(key, read);
  return read;
}
