import { readFileSync } from 'node:fs';
import { Option } from 'commander';
import { AppError } from '../../../src-shared/errors';
import { JobSource, type ProvedSlot, type SourceJob } from '../../../src-shared/model/job-source';
import { exitCode } from './exit-codes';
import { instant, isPositiveInteger } from './options';
import type { Registrar, Session } from './session';
import { oneLine } from './table';
import { plural, zonedTime } from './words';

interface ImportOptions {
  readonly as: 'disabled' | 'enabled' | 'shadow';
  readonly apply?: boolean;
  readonly job?: readonly string[];
  readonly connection?: string;
  readonly stepsConnection?: string;
  readonly timezone?: string;
  readonly format: 'auto' | 'user' | 'system';
  readonly from?: string;
  readonly count: number;
  readonly times?: boolean;
}

/** Differing times that are shown before the rest is counted. */
const mostShown = 10;
/** Of what is left out: a file that is no crontab at all has thousands of lines. */
const mostLeftOut = 20;
const longestText = 200;

function contentOf(file: string): string {
  try {
    return readFileSync(file === '-' ? 0 : file).toString('base64');
  } catch (error) {
    throw new AppError('validation_failed', `${file} can't be read: ${(error as Error).message}`);
  }
}

const wordOf = ({ theirs, ours }: ProvedSlot): string => {
  if (theirs && ours) return 'both';
  return theirs ? 'only there' : 'only here';
};

function printSlots({ paint, print }: Session, slots: readonly ProvedSlot[]): void {
  for (const slot of slots) {
    const word = wordOf(slot);
    print(`    ${zonedTime(slot.local_time)}  ${word === 'both' ? paint.dim(word) : paint.warning(word)}`);
  }
}

function timesText(job: SourceJob): string {
  if (job.fire_times.length === 0) return 'never by itself';
  return job.differing === 0 ? `same ${job.fire_times.length}` : plural(job.differing, 'difference');
}

function printJob(session: Session, job: SourceJob, isWhole: boolean): void {
  const { paint, print } = session;
  print(`\n${paint.strong(job.job_id)} (${job.name}, ${job.place})`);
  for (const text of job.maps) print(`  ${paint.good('+')} ${text}`);
  for (const text of job.unmapped) print(`  ${paint.warning('-')} ${text}`);
  // Their lines are those of the text that would be saved, which nobody has seen yet.
  for (const { message, severity } of job.issues)
    print(
      `  ${severity === 'error' ? paint.bad('error') : paint.warning('warning')}: ${message.replace(/^Job "[^"]*": /, '').replace(/ \(line \d+\)$/, '')}`,
    );
  if (isWhole) {
    if (job.fire_times.length > 0) print(`  Fire times (${job.timezone}):`);
    printSlots(session, job.fire_times);
  } else if (job.differing > 0) {
    const differing = job.fire_times.filter(({ theirs, ours }) => theirs !== ours);
    print(`  Fire times that differ (${job.timezone}):`);
    printSlots(session, differing.slice(0, mostShown));
    if (differing.length > mostShown) print(`    and ${differing.length - mostShown} more (--times)`);
  }
  if (job.clock_changes.length > 0) {
    print('  At the next clock changes:');
    printSlots(session, job.clock_changes.slice(0, mostShown));
    if (job.clock_changes.length > mostShown) print(`    and ${job.clock_changes.length - mostShown} more`);
  }
}

async function importJobs(
  session: Session,
  source: JobSource,
  file: string | undefined,
  options: ImportOptions,
): Promise<number> {
  if ((file === undefined) === (options.connection === undefined))
    throw new AppError(
      'validation_failed',
      file === undefined
        ? `There is no file named${source === 'sql-agent' ? '; expected one, or --connection ID to read msdb' : ''}`
        : `${file} and --connection are both given; expected one of them`,
    );
  const body = await session.api.jobs.importFrom({
    params: { source },
    body: {
      ...(file === undefined ? {} : { content_base64: contentOf(file) }),
      ...(options.connection === undefined ? {} : { connection_id: options.connection }),
      ...(options.stepsConnection === undefined ? {} : { steps_connection: options.stepsConnection }),
      ...(options.timezone === undefined ? {} : { timezone: options.timezone }),
      ...(options.job === undefined ? {} : { job_ids: [...options.job] }),
      ...(options.from === undefined ? {} : { from: options.from }),
      crontab_format: options.format,
      state: options.as,
      dry_run: options.apply !== true,
      count: options.count,
    },
  });
  const { paint } = session;
  session.answer(body, ({ jobs, left_out, notes, message }) => {
    for (const note of notes) session.note(paint.dim(note));
    if (jobs.length > 0)
      session.table(
        [
          { title: 'JOB', text: (job) => job.job_id, paint: paint.strong },
          { title: 'NAME', text: (job) => job.name, canShrink: true },
          { title: 'ACTION', text: (job) => job.action, paint: paint.status },
          { title: 'THERE', text: (job) => (job.enabled_there ? 'enabled' : 'disabled') },
          {
            title: 'HERE',
            text: (job) => (job.enabled ? options.as : 'disabled') + (job.incomplete ? ', incomplete' : ''),
          },
          { title: 'MAPS', text: (job) => String(job.maps.length), isRight: true },
          { title: 'DOES NOT', text: (job) => String(job.unmapped.length), isRight: true },
          { title: 'FIRE TIMES', text: timesText },
        ],
        jobs,
      );
    for (const job of jobs) printJob(session, job, options.times === true);
    for (const { place, reason, text } of left_out.slice(0, mostLeftOut))
      session.print(
        `\n${paint.warning(`Left out: ${place}`)}: ${reason}\n    ${paint.dim(oneLine(text).slice(0, longestText))}`,
      );
    if (left_out.length > mostLeftOut)
      session.print(`\nand ${left_out.length - mostLeftOut} more left out (--json names each)`);
    session.print(`\n${message}`);
    if (body.dry_run && jobs.length > 0)
      session.note('--apply saves them; --as enabled or --as shadow says how');
  });
  return body.refused > 0 ? exitCode.failed : exitCode.ok;
}

const words: Readonly<Record<JobSource, readonly [argument: string, description: string]>> = {
  'task-scheduler': [
    '<file>',
    'tasks of Windows Task Scheduler: XML as Export or schtasks /query /xml writes it',
  ],
  'sql-agent': ['[file]', 'jobs of SQL Server Agent: a script of SSMS, or msdb over --connection'],
  crontab: ['<file>', "lines of a crontab, a user's or the system's"],
};

/** `import task-scheduler|sql-agent|crontab`: jobs of other schedulers, shown first with the proof of their times. */
export function addImportCommand({ program, run: action }: Registrar): void {
  const group = program
    .command('import')
    .description('bring in jobs of other schedulers; a dry run unless --apply');
  for (const source of JobSource.options) {
    const [argument, description] = words[source];
    const command = group
      .command(source)
      .argument(argument, 'the file; - reads what is piped in')
      .description(description)
      .addOption(
        new Option('--as <state>', 'how they come: enabled where they were and are complete, or in shadow')
          .choices(['disabled', 'enabled', 'shadow'])
          .default('disabled'),
      )
      .option('--apply', 'save them; without it they are only shown')
      .option('--job <job...>', 'only these of the jobs that were shown')
      .option('--timezone <zone>', "the zone of the machine they come from (default: the program's)")
      .option('--times', 'show all fire times, there and here')
      .option('--from <time>', 'where fire times begin (default: now)', instant)
      .option('-n, --count <number>', 'fire times compared', isPositiveInteger(1000), 100);
    const format = new Option('--format <format>', 'whose crontab it is')
      .choices(['auto', 'user', 'system'])
      .default('auto');
    command.addOption(source === 'crontab' ? format : format.hideHelp());
    if (source === 'sql-agent')
      command
        .option('--connection <id>', 'read msdb over this saved connection instead of a file')
        .option(
          '--steps-connection <id>',
          'saved connection for T-SQL steps (default: that of --connection)',
        );
    command.action(
      action((session, file: string | undefined, options: ImportOptions) =>
        importJobs(session, source, file, options),
      ),
    );
  }
}
