import type { ScheduleSpec } from '../../../../src-shared/model/schedule';
import { clockFields } from '../clock-times';
import { dayFields, weekdayNames } from './agent-days';
import { type AgentSchedule, timesOf, weekdaysOf } from './agent-schedule';

const daySeconds = 86_400;
const dayMs = daySeconds * 1000;
/** A job has so many rules at most. */
export const mostRules = 20;

const clockText = (seconds: number): string => new Date(seconds * 1000).toISOString().slice(11, 19);
const dayText = (local: number): string => new Date(local).toISOString().slice(0, 10);

/** What a schedule comes to here, or why nothing here is the same, as the rest of a sentence. */
export type AgentSpecs = { readonly specs: readonly ScheduleSpec[]; readonly remark?: string } | string;

/** Every n days or weeks: intervals of elapsed time, one for each time of such a day. */
function stepped(schedule: AgentSchedule, step: number, beside: object): AgentSpecs {
  const { type, interval, startDate } = schedule;
  const unit = type === 4 ? 'days' : 'weeks';
  const first = Date.parse(`${startDate}T00:00:00Z`);
  const sunday = first - new Date(first).getUTCDay() * dayMs;
  const days = type === 4 ? [first] : weekdaysOf(interval).map((day) => sunday + day * dayMs);
  if (days.length === 0) return 'names no day of the week';
  const times = timesOf(schedule);
  if (days.length * times.length > mostRules)
    return `comes every ${step} ${unit} and ${times.length} times on such a day; that would be ${days.length * times.length} rules here, and a job has at most ${mostRules}`;
  return {
    remark: `every ${step} ${unit} is an interval of elapsed time; behind a clock change it is an hour off in zones that have one`,
    specs: days.flatMap((day) =>
      times.map((time): ScheduleSpec => {
        const planned = day + Math.floor(time / daySeconds) * dayMs;
        // A weekday of the first week that lies before the start date comes a step later.
        const from = day < first ? planned + step * 7 * dayMs : planned;
        return {
          type: 'interval',
          interval_params: { [unit]: step },
          start_date: `${dayText(from)} ${clockText(time % daySeconds)}`,
          ...beside,
        };
      }),
    ),
  };
}

/** A schedule of Agent as ours. */
export function agentSpecs(schedule: AgentSchedule, timezone: string | undefined): AgentSpecs {
  const { type, every, startDate, endDate, startTime } = schedule;
  const zone = timezone === undefined ? {} : { timezone };
  if (type === 1)
    return { specs: [{ type: 'date', run_date: `${startDate} ${clockText(startTime)}`, ...zone }] };
  if (type === 64)
    return 'fires when SQL Server Agent starts: that is no time, and nothing here waits for it';
  if (type === 128)
    return 'fires when the processors are idle: that is no time, and nothing here waits for it';
  if (![4, 8, 16, 32].includes(type)) return `has freq_type ${type}; expected 1, 4, 8, 16, 32, 64 or 128`;
  if (type === 4 && schedule.interval < 1) return 'has freq_interval 0; expected a number of days';
  const beside = { ...(endDate === undefined ? {} : { end_date: `${endDate} 23:59:59` }), ...zone };
  const step = type === 4 ? schedule.interval : type === 8 ? schedule.factor : 1;
  if (step > 1) return stepped(schedule, step, beside);

  const days = dayFields(schedule);
  if (typeof days === 'string') return days;
  const today: number[] = [];
  const tomorrow: number[] = [];
  for (const time of timesOf(schedule)) (time < daySeconds ? today : tomorrow).push(time % daySeconds);
  if (tomorrow.length > 0 && type >= 16)
    return 'goes on over midnight on days of the month; no schedule here names the day after such a day';
  // Agent sits out the second pass of an hour that comes twice, however often a day it runs.
  const dst = every > 0 ? { dst: { gap: 'run_after' as const, fold: 'once' as const } } : {};
  const rulesOf = (times: readonly number[], shift: number): ScheduleSpec[] =>
    days.flatMap((fields) =>
      clockFields(times).map((clock) => ({
        type: 'cron' as const,
        cron_params: { ...fields, ...(shift === 0 || type !== 8 ? {} : shifted(schedule)), ...clock },
        start_date: `${startDate} ${shift === 0 ? '00:00:00' : clockText(startTime)}`,
        ...beside,
        ...dst,
      })),
    );
  // Every day the night before ends on the same times: one rule for both.
  const isDaily = type === 4;
  const specs = isDaily
    ? rulesOf([...today, ...tomorrow], tomorrow.length > 0 ? 1 : 0)
    : [...rulesOf(today, 0), ...(tomorrow.length > 0 ? rulesOf(tomorrow, 1) : [])];
  if (specs.length > mostRules) return `comes to ${specs.length} rules here; a job has at most ${mostRules}`;
  return { specs };
}

const shifted = ({ interval }: AgentSchedule) => ({
  day_of_week: weekdaysOf(interval)
    .map((day) => weekdayNames[(day + 1) % 7] ?? '')
    .join(','),
});
