import type { Slot } from '../../../src-shared/model/slot';
import { instant, isPositiveInteger } from './options';
import type { Registrar, Session } from './session';
import { durationText, localTime, plural, zonedTime } from './words';

const farthestMs = 366 * 86_400_000;

async function why(session: Session, job_id: string, { at }: { readonly at: string }): Promise<undefined> {
  const body = await session.api.schedule.why({ params: { job_id }, query: { at } });
  session.answer(body, ({ answer, local_time, slot, previous, next }) => {
    session.print(`${session.paint.strong(`${job_id} at ${zonedTime(local_time)}`)}: ${answer}`);
    const line = (name: string, one: Slot | null) => {
      if (one)
        session.print(
          `${name}  ${zonedTime(one.local_time)}  ${session.paint.status(one.fate)}${one.execution_id ? `  ${one.execution_id}` : ''}`,
        );
    };
    line('before', previous);
    line('then  ', slot);
    line('after ', next);
  });
  return undefined;
}

async function next(
  session: Session,
  job_id: string | undefined,
  { count }: { readonly count: number },
): Promise<undefined> {
  if (job_id === undefined) {
    const body = await session.api.jobs.list({ query: { sort: 'next_run_time', limit: 1000 } });
    const jobs = body.jobs.filter((job) => job.next_run_time !== null).slice(0, count);
    session.answer({ success: true, jobs }, () => {
      if (jobs.length === 0) session.note('Nothing is planned.');
      else
        session.table(
          [
            { title: 'NEXT RUN', text: (job) => localTime(job.next_run_time) },
            { title: 'JOB', text: (job) => job.job_id, paint: session.paint.strong },
            { title: 'NAME', text: (job) => job.name, canShrink: true },
            { title: 'SCHEDULE', text: (job) => job.schedule_text, canShrink: true },
          ],
          jobs,
        );
    });
    return undefined;
  }
  const now = new Date();
  const body = await session.api.schedule.slots({
    params: { job_id },
    query: { from: now.toISOString(), to: new Date(now.getTime() + farthestMs).toISOString(), limit: count },
  });
  session.answer(body, ({ slots, schedule_text }) => {
    session.note(schedule_text);
    if (slots.length === 0) session.note('Nothing is planned within a year.');
    else
      session.table(
        [
          { title: 'PLANNED', text: (slot) => zonedTime(slot.local_time) },
          { title: 'FATE', text: (slot) => slot.fate, paint: session.paint.status },
          { title: 'REASON', text: (slot) => slot.reason ?? slot.note ?? '', canShrink: true },
        ],
        slots,
      );
  });
  return undefined;
}

interface ForecastOptions {
  readonly from?: string;
  readonly to?: string;
  readonly job?: string;
  readonly tag?: string;
  readonly limit: number;
}

async function forecast(
  session: Session,
  { from, to, job, tag, limit }: ForecastOptions,
): Promise<undefined> {
  const body = await session.api.schedule.forecast({
    query: {
      limit,
      ...(from === undefined ? {} : { from }),
      ...(to === undefined ? {} : { to }),
      ...(job === undefined ? {} : { job_id: job }),
      ...(tag === undefined ? {} : { tag }),
    },
  });
  session.answer(body, ({ runs, planned, waiting, collisions, standstill, truncated }) => {
    if (standstill) session.note(standstill);
    session.note(
      `${localTime(body.from)} to ${localTime(body.to)}: ${plural(planned, 'run')}, ${waiting} of them will wait`,
    );
    if (runs.length > 0)
      session.table(
        [
          { title: 'PLANNED', text: (run) => zonedTime(run.local_time) },
          { title: 'JOB', text: (run) => run.job_id, paint: session.paint.strong },
          { title: 'FATE', text: (run) => run.fate, paint: session.paint.status },
          { title: 'RUNS', text: (run) => String(run.count ?? 1), isRight: true },
          { title: 'TAKES', text: (run) => durationText(run.expected_duration_seconds), isRight: true },
          {
            title: 'WAITS',
            text: (run) => (run.waits_seconds ? durationText(run.waits_seconds) : ''),
            isRight: true,
          },
          { title: 'REASON', text: (run) => run.reason ?? '', canShrink: true },
        ],
        runs,
      );
    if (truncated) session.note(`The first ${runs.length}; --limit shows more`);
    for (const { text } of collisions) session.note(session.paint.warning(text));
  });
  return undefined;
}

/** `why`, `next`, `forecast`: what the timetable says. */
export function addScheduleCommands({ program, run: action }: Registrar): void {
  program
    .command('why')
    .argument('<job>', 'id of the job')
    .requiredOption(
      '--at <time>',
      'an instant (2026-11-24T08:00:00Z), or a time in the zone of the schedule ("2026-11-24 08:00")',
    )
    .description('why a job ran, did not run, or will not run at an instant')
    .action(action(why));
  program
    .command('next')
    .argument('[job]', 'id of the job; all jobs when none is named')
    .option('-n, --count <number>', 'how many', isPositiveInteger(1000), 10)
    .description('the next planned runs')
    .action(action(next));
  program
    .command('forecast')
    .description('what will run, how long it takes, and where runs will meet')
    .option('--from <time>', 'begin (default: now)', instant)
    .option('--to <time>', 'end (default: 24 hours later)', instant)
    .option('--job <job>', 'only this job; the others still take their places')
    .option('--tag <tag>', 'only jobs with this tag')
    .option('--limit <number>', 'at most so many lines', isPositiveInteger(30_000), 100)
    .action(action(forecast));
}
