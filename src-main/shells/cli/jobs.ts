import { writeFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { AppError } from '../../../src-shared/errors';
import type { JobDetail, JobSummary } from '../../../src-shared/model/job';
import type { JobParams } from '../../../src-shared/model/params';
import { exitCode, exitCodeOf } from './exit-codes';
import { followRun } from './follow-run';
import { isPositiveInteger } from './options';
import { paramValues } from './param-values';
import { textOf } from './raw-text';
import type { Registrar, Session } from './session';
import { formatFacts } from './table';
import { localTime, plural } from './words';

const stateOf = (job: JobSummary): string =>
  job.disabled_reason !== undefined ? 'held' : job.enabled ? 'enabled' : 'disabled';

interface ListOptions {
  readonly search?: string;
  readonly type?: string;
  readonly tag?: string;
  readonly status?: string;
  readonly enabled?: boolean;
  readonly disabled?: boolean;
  readonly limit: number;
}

async function list(session: Session, options: ListOptions): Promise<undefined> {
  const { search, type, tag, status, limit } = options;
  const enabled = options.enabled ? true : options.disabled ? false : undefined;
  const body = await session.api.jobs.list({
    query: {
      limit,
      ...(enabled === undefined ? {} : { enabled }),
      ...(search === undefined ? {} : { search }),
      ...(type === undefined ? {} : { type }),
      ...(tag === undefined ? {} : { tag }),
      ...(status === undefined ? {} : { status }),
    },
  });
  session.answer(body, ({ jobs, total }) => {
    if (jobs.length === 0) session.note('No jobs.');
    else
      session.table(
        [
          { title: 'JOB', text: (job) => job.job_id, paint: session.paint.strong },
          { title: 'NAME', text: (job) => job.name, canShrink: true },
          { title: 'TYPE', text: (job) => job.job_type },
          { title: 'STATE', text: stateOf, paint: session.paint.status },
          { title: 'LAST', text: (job) => job.last_execution?.status ?? '-', paint: session.paint.status },
          { title: 'NEXT RUN', text: (job) => localTime(job.next_run_time) },
          { title: 'SCHEDULE', text: (job) => job.schedule_text, canShrink: true },
        ],
        jobs,
      );
    if (total > jobs.length) session.note(`${jobs.length} of ${total} jobs; --limit shows more`);
  });
  return undefined;
}

function printJob(session: Session, job: JobDetail): void {
  const last = job.last_execution;
  session.terminal.out(
    formatFacts([
      ['Job', job.job_id],
      ['Name', job.name],
      ['Type', job.job_type],
      ['Description', job.description || undefined],
      ['State', stateOf(job)],
      ['Held because', job.disabled_reason],
      ['Tags', job.tags.length > 0 ? job.tags.join(', ') : undefined],
      ['Schedule', job.schedule_text],
      ['Next run', localTime(job.next_run_time)],
      ['Last run', last ? `${last.status}, ${localTime(last.start_time)}, ${last.execution_id}` : 'none'],
      ['Runs as', job.run_as],
      ['Saved', `${localTime(job.modified_date)}; made by ${job.created_by}`],
      ['From', job.source ? `${job.source}${job.edited_in_app ? ', edited here since' : ''}` : undefined],
    ]),
  );
  if (job.yaml) session.terminal.out(`\n${job.yaml}`);
}

async function show(session: Session, job_id: string, options: { readonly yaml?: boolean }) {
  const body = await session.api.jobs.get({ params: { job_id } });
  if (options.yaml && !session.isJson) session.terminal.out(body.job.yaml);
  else session.answer(body, ({ job }) => printJob(session, job));
  return undefined;
}

interface RunOptions {
  readonly wait?: boolean;
  readonly force?: boolean;
  readonly params: readonly string[];
}

async function run(session: Session, job_id: string, options: RunOptions): Promise<number | undefined> {
  const { api } = session;
  const declared =
    options.params.length > 0
      ? ((await api.jobs.get({ params: { job_id } })).job.params as JobParams | undefined)
      : undefined;
  const params = paramValues(options.params, declared ?? {});
  const started = await api.jobs.run({
    params: { job_id },
    body: {
      ...(options.force ? { force: true } : {}),
      ...(options.params.length > 0 ? { params } : {}),
    },
  });
  if (options.wait) {
    session.note(`${started.execution_id}: ${started.message}`);
    return followRun(session, started.execution_id);
  }
  session.answer(started, () => session.print(`${started.execution_id}: ${started.message}`));
  return undefined;
}

/** The same act on several jobs: each is told by itself, and the first refusal decides the exit code. */
async function onEach(
  session: Session,
  job_ids: readonly string[],
  act: (job_id: string) => Promise<{ readonly message: string }>,
): Promise<number> {
  let code: number = exitCode.ok;
  const results = [];
  for (const job_id of job_ids) {
    try {
      const { message } = await act(job_id);
      results.push({ job_id, success: true, message });
      if (!session.isJson) session.print(`${job_id}: ${message}`);
    } catch (error) {
      if (!(error instanceof AppError) || error.code === 'unavailable') throw error;
      results.push({ job_id, success: false, message: error.message, code: error.code });
      if (code === exitCode.ok) code = exitCodeOf(error);
      if (!session.isJson) session.note(`${job_id}: ${error.message}`);
    }
  }
  if (session.isJson) session.print(JSON.stringify({ success: code === exitCode.ok, results }, null, 2));
  return code;
}

async function exportJobs(
  session: Session,
  job_ids: readonly string[],
  options: { readonly output?: string },
): Promise<undefined> {
  const reply = await session.api.jobs.export({ query: job_ids.length > 0 ? { ids: [...job_ids] } : {} });
  const text = await textOf(reply);
  const { output } = options;
  if (output === undefined || output === '-') {
    if (session.isJson) session.print(JSON.stringify({ success: true, yaml: text }, null, 2));
    else session.terminal.out(text);
    return undefined;
  }
  try {
    writeFileSync(resolve(output), text);
  } catch (error) {
    throw new AppError(
      'validation_failed',
      `--output ${output} can't be written: ${(error as Error).message}`,
    );
  }
  const found = { success: true, file: resolve(output), bytes: Buffer.byteLength(text) };
  session.answer(found, () => session.note(`${found.file}: ${plural(found.bytes, 'byte')}`));
  return undefined;
}

const collect = (text: string, earlier: readonly string[]): readonly string[] => [...earlier, text];

/** `jobs list, show, run, enable, disable, remove, export`; what works on files is in apply.ts. */
export function addJobCommands({ program, run: action }: Registrar): void {
  const jobs = program.command('jobs').description('jobs: see them, run them, change them');
  jobs
    .command('list')
    .description('jobs with their state, last outcome and next run')
    .option('--search <text>', 'part of an id, a name, a tag')
    .option('--type <types>', 'sql, powershell, python, command, steps; several with commas')
    .option('--tag <tags>', 'jobs with one of these tags')
    .option('--status <statuses>', 'outcome of the last execution: failed, timeout, ...')
    .option('--enabled', 'only enabled ones')
    .option('--disabled', 'only disabled ones')
    .option('--limit <number>', 'at most so many', isPositiveInteger(1000), 1000)
    .action(action(list));
  jobs
    .command('show')
    .argument('<job>', 'id of the job')
    .description('one job: its facts and its definition')
    .option('--yaml', 'its definition alone')
    .action(action(show));
  jobs
    .command('run')
    .argument('<job>', 'id of the job')
    .description('run a job now')
    .option('--wait', 'show its output as it comes, wait for its end, and end with its exit code')
    .option(
      '--params <values>',
      'name=value, or {"name": value} as JSON; may be given several times',
      collect,
      [],
    )
    .option('--force', 'although it is disabled')
    .action(action(run));
  jobs
    .command('enable')
    .argument('<job...>', 'ids of jobs')
    .description('enable jobs')
    .action(
      action((session, ids: readonly string[]) =>
        onEach(session, ids, (job_id) => session.api.jobs.enable({ params: { job_id } })),
      ),
    );
  jobs
    .command('disable')
    .argument('<job...>', 'ids of jobs')
    .description('disable jobs; what runs goes on')
    .action(
      action((session, ids: readonly string[]) =>
        onEach(session, ids, (job_id) => session.api.jobs.disable({ params: { job_id } })),
      ),
    );
  jobs
    .command('remove')
    .argument('<job...>', 'ids of jobs')
    .description('delete jobs; their history and their versions stay')
    .action(
      action((session, ids: readonly string[]) =>
        onEach(session, ids, (job_id) => session.api.jobs.remove({ params: { job_id } })),
      ),
    );
  jobs
    .command('export')
    .argument('[job...]', 'ids of jobs; all of them when none is named')
    .description('definitions as one YAML file')
    .option('-o, --output <file>', 'write them there instead of printing them')
    .action(action(exportJobs));
}
