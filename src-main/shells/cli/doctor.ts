import type { Finding } from '../../../src-shared/model/doctor';
import { exitCode } from './exit-codes';
import type { Registrar, Session } from './session';
import { localTime } from './words';

function printFinding({ paint, print }: Session, { severity, message, fix }: Finding): void {
  const word = severity === 'error' ? paint.bad('error') : paint.warning('warning');
  print(`  ${word}: ${message}`);
  print(paint.dim(`         ${fix}`));
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
          for (const { job_id, name, next_run_time, findings } of jobs) {
            session.print(
              `\n${session.paint.strong(job_id)} (${name}), next run ${localTime(next_run_time)}`,
            );
            for (const finding of findings) printFinding(session, finding);
          }
        });
        return isWell ? exitCode.ok : exitCode.failed;
      }),
    );
}
