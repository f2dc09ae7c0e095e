import { CronSchedule, DateSchedule, IntervalSchedule, type Schedule, ScheduleSpec } from '../model/schedule';
import { parseSchedule } from '../schedule/parse-schedule';
import { type Collector, isDict, type Path, stepsOf } from './issue-collector';
import { issuesInWords, pathText, shownValue } from './zod-words';

/** What a text in place of a schedule probably was: five fields of a crontab. */
const crontabLine = /^\s*(\S+\s+){4}\S+\s*$/;

const kinds = { cron: CronSchedule, interval: IntervalSchedule, date: DateSchedule };
const kindOf = (type: unknown) => kinds[type as keyof typeof kinds];

/** The `schedule:` of a job: one or a list of 1-20. Undefined when a part of it can't be read. */
export function checkSchedule(value: unknown, collect: Collector): Schedule | undefined {
  const list = Array.isArray(value) ? value : [value];
  if (Array.isArray(value) && (value.length === 0 || value.length > 20)) {
    collect.add(['schedule'], `schedule has ${value.length} entries; expected 1-20`);
    return undefined;
  }
  const specs: ScheduleSpec[] = [];
  for (const [index, spec] of list.entries()) {
    const path: Path = Array.isArray(value) ? ['schedule', index] : ['schedule'];
    if (!isDict(spec)) {
      const isCrontab = typeof spec === 'string' && crontabLine.test(spec);
      const hint = isCrontab ? ` ({type: cron, expression: ${shownValue(spec.trim())}})` : '';
      collect.add(
        path,
        `${pathText(path)} is ${shownValue(spec)}; expected a mapping with type: cron, interval or date${hint}`,
      );
      continue;
    }
    if (!['cron', 'interval', 'date'].includes(String(spec.type))) {
      collect.add(
        [...path, 'type'],
        `${pathText(path)}.type is ${shownValue(spec.type)}; expected cron, interval or date`,
      );
      continue;
    }
    const parsed = ScheduleSpec.safeParse(spec);
    if (parsed.success) specs.push(parsed.data);
    else {
      for (const { path: inner, issue } of issuesInWords(
        parsed.error.issues,
        spec,
        path,
        kindOf(spec.type),
      )) {
        collect.add(inner, issue.message);
      }
    }
  }
  if (specs.length !== list.length) return undefined;
  const schedule = Array.isArray(value) ? specs : (specs[0] as ScheduleSpec);
  for (const issue of parseSchedule(schedule, 'schedule').issues) {
    collect.add(stepsOf(issue.path), issue.message, issue.severity);
  }
  return schedule;
}
