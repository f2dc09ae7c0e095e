import type { DoctorReport, Finding } from '../../../src-shared/model/doctor';
import { exitCode } from './exit-codes';
import type { Registrar, Session } from './session';
import { localTime, plural } from './words';

function printFinding({ paint, print }: Session, { severity, message, fix }: Finding): void {
  const word = severity === 'error' ? paint.bad('error') : paint.warning('warning');
  print(`  ${word}: ${message}`);
  print(paint.dim(`         ${fix}`));
}

type DoctorJob = DoctorReport['jobs'][number];

/** Of jobs that have the same trouble, so many are shown by name. */
const shownJobs = 5;

/** Jobs with the same findings together, in the order of the first of them. */
function byCause(jobs: readonly DoctorJob[]): readonly (readonly DoctorJob[])[] {
  const groups = new Map<string, DoctorJob[]>();
  for (const job of jobs) {
    const cause = JSON.stringify(job.findings);
    const known = groups.get(cause);
    if (known) known.push(job);
    else groups.set(cause, [job]);
  }
  return [...groups.values()];
}

/** `doctor`: which jobs can't work as things stand, why, and what to do about it. */
export function addDoctorCommand({ program, run: action }: Registrar): void {
  program
    .command('doctor')
    .description('check every enabled job before it runs: programs, scripts, folders, logins, secrets, disk')
    .action(
      action(async (session) => {
        const body = await session.api.system.doctor({});
        const isWell = body.failing === 0 && body.machine.length === 0;
        session.answer(body, ({ jobs, machine, text }) => {
          session.print(isWell ? session.paint.good(text) : session.paint.bad(text));
          for (const finding of machine) printFinding(session, finding);
          for (const alike of byCause(jobs)) {
            session.print('');
            for (const { job_id, name, next_run_time } of alike.slice(0, shownJobs))
              session.print(
                `${session.paint.strong(job_id)} (${name}), next run ${localTime(next_run_time)}`,
              );
            if (alike.length > shownJobs)
              session.print(`and ${plural(alike.length - shownJobs, 'other job')} (--json names each)`);
            for (const finding of alike[0]?.findings ?? []) printFinding(session, finding);
          }
        });
        return isWell ? exitCode.ok : exitCode.failed;
      }),
    );
}
