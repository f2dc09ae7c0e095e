import type { CommonJob } from '../model/job';
import type { Schedule } from '../model/schedule';
import { parseSchedule } from '../schedule/parse-schedule';
import type { ParsedSpec } from '../schedule/parsed-schedule';
import { nearest } from './nearest';

/** A run an hour is the most that can be moved to other days and still be seen through. */
const mostMoved = 24;

function slotsPerDay(spec: ParsedSpec): number {
  switch (spec.kind) {
    case 'date':
      return 1;
    case 'interval':
      return 86_400_000 / spec.lengthMs;
    case 'cron': {
      const { hour, minute, second } = spec.fields;
      return (hour.values?.length ?? 24) * (minute.values?.length ?? 60) * (second.values?.length ?? 60);
    }
  }
}

/** What is wrong with the holiday sets a job names, or with what is to happen on their days. */
export function checkExclusions(
  { exclude, on_excluded }: Partial<Pick<CommonJob, 'exclude' | 'on_excluded'>>,
  schedule: Schedule | undefined,
  calendars: (() => Iterable<string>) | undefined,
): {
  readonly path: readonly (string | number)[];
  readonly message: string;
  readonly severity: 'error' | 'warning';
}[] {
  const found: ReturnType<typeof checkExclusions> = [];
  const known = calendars && [...calendars()];
  exclude?.forEach((name, index) => {
    if (!known || known.includes(name)) return;
    const meant = nearest(name, known);
    const hint = meant ? ` (did you mean "${meant}"?)` : known.length === 0 ? ' (there are none yet)' : '';
    found.push({
      path: ['exclude', index],
      message: `exclude[${index}] is "${name}"; there is no such holiday set: the job is held until there is${hint}`,
      // The set may come after the job; a job that is held can be seen, one that was refused can't.
      severity: 'warning',
    });
  });
  if (on_excluded === undefined) return found;
  if (!exclude?.length) {
    found.push({
      path: ['on_excluded'],
      message: `on_excluded is ${on_excluded}, but exclude names no holiday set: it has no effect`,
      severity: 'warning',
    });
  }
  const specs = schedule ? (parseSchedule(schedule, 'schedule').parsed?.specs ?? []) : [];
  const most = Math.max(0, ...specs.map(slotsPerDay));
  if (on_excluded !== 'skip' && most > mostMoved) {
    found.push({
      path: ['on_excluded'],
      message: `on_excluded is ${on_excluded} with up to ${Math.ceil(most)} runs a day; expected a schedule of at most ${mostMoved} a day, or skip`,
      severity: 'error',
    });
  }
  return found;
}
