import type { SchedulerStatus } from '../../../src-shared/model/scheduler';
import type { Registrar, Session } from './session';
import { formatFacts } from './table';
import { durationText, localTime } from './words';

function printStatus(session: Session, one: SchedulerStatus): void {
  session.terminal.out(
    formatFacts([
      ['Scheduler', one.state],
      ['Since', one.since === null ? undefined : localTime(one.since)],
      ['Changed by', one.changed_by],
      ['Jobs', `${one.total_jobs}, ${one.enabled_jobs} enabled, ${one.scheduled_jobs} with a schedule`],
      ['Running', `${one.running_executions} of ${one.thread_pool_size}, ${one.pending_executions} waiting`],
      ['Next', one.next_job_id === null ? 'nothing' : `${one.next_job_id}, ${localTime(one.next_run_time)}`],
      ['Time zone', one.timezone],
      ['Up for', durationText(one.uptime_seconds)],
    ]),
  );
}

/** `scheduler status, pause, resume, start, stop`. */
export function addSchedulerCommands({ program, run: action }: Registrar): void {
  const scheduler = program.command('scheduler').description('the scheduler: its state, pause and resume');
  scheduler
    .command('status')
    .description('what the scheduler does')
    .action(
      action(async (session) => {
        const body = await session.api.scheduler.status({});
        session.answer(body, (status) => printStatus(session, status));
        return undefined;
      }),
    );
  const acts = {
    pause: 'hold all schedules until resumed',
    resume: 'go on after a pause',
    start: 'start scheduling',
    stop: 'stop scheduling; what runs goes on to its end',
  } as const;
  for (const [name, text] of Object.entries(acts) as [keyof typeof acts, string][])
    scheduler
      .command(name)
      .description(text)
      .option('--reason <text>', 'why; it stands in the audit')
      .action(
        action(async (session, { reason }: { readonly reason?: string }) => {
          const body = await session.api.scheduler[name]({ body: reason === undefined ? {} : { reason } });
          session.answer(body, () => session.print(body.message));
          return undefined;
        }),
      );
}
