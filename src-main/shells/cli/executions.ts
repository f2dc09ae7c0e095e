import { AppError } from '../../../src-shared/errors';
import type { Execution, ExecutionSummary } from '../../../src-shared/model/execution';
import { ParamInput } from '../../../src-shared/model/params';
import { bundle } from './bundle';
import { exitCode } from './exit-codes';
import { followOutput, followRun } from './follow-run';
import { instant, isPositiveInteger } from './options';
import { piecesOf, textOf } from './raw-text';
import type { Registrar, Session } from './session';
import { formatFacts } from './table';
import { durationText, localTime } from './words';

interface ListOptions {
  readonly job?: string;
  readonly status?: string;
  readonly from?: string;
  readonly to?: string;
  readonly search?: string;
  readonly limit: number;
}

async function list(session: Session, options: ListOptions): Promise<undefined> {
  const { job, status, from, to, search, limit } = options;
  const body = await session.api.executions.list({
    query: {
      limit,
      ...(job === undefined ? {} : { job_id: job }),
      ...(status === undefined ? {} : { status }),
      ...(from === undefined ? {} : { from }),
      ...(to === undefined ? {} : { to }),
      ...(search === undefined ? {} : { search }),
    },
  });
  session.answer(body, ({ executions, total }) => {
    if (executions.length === 0) session.note('No executions.');
    else
      session.table<ExecutionSummary>(
        [
          { title: 'EXECUTION', text: (one) => one.execution_id, paint: session.paint.strong },
          { title: 'JOB', text: (one) => one.job_id },
          { title: 'STATUS', text: (one) => one.status, paint: session.paint.status },
          { title: 'STARTED', text: (one) => localTime(one.start_time) },
          { title: 'TOOK', text: (one) => durationText(one.duration_seconds), isRight: true },
          { title: 'BY', text: (one) => one.trigger },
          { title: 'MESSAGE', text: (one) => one.error_message ?? '', canShrink: true },
        ],
        executions,
      );
    if (total > executions.length)
      session.note(`${executions.length} of ${total} executions; --limit shows more`);
  });
  return undefined;
}

function printExecution(session: Session, one: Execution): void {
  session.terminal.out(
    formatFacts([
      ['Execution', one.execution_id],
      ['Job', `${one.job_id} (${one.job_name})`],
      ['Status', one.status],
      ['Started by', one.trigger],
      ['Planned for', one.scheduled_time === null ? undefined : localTime(one.scheduled_time)],
      ['Started', localTime(one.start_time)],
      ['Ended', one.end_time === null ? undefined : localTime(one.end_time)],
      ['Took', durationText(one.duration_seconds)],
      ['Attempt', `${one.attempt} of ${one.max_retries + 1}`],
      ['Exit code', one.return_code === null ? undefined : String(one.return_code)],
      ['Message', one.error_message],
    ]),
  );
  if (one.output) session.terminal.out(`\n${one.output.replace(/\n*$/, '\n')}`);
}

async function show(session: Session, execution_id: string): Promise<undefined> {
  const body = await session.api.executions.get({ params: { execution_id } });
  session.answer(body, ({ execution }) => printExecution(session, execution));
  return undefined;
}

async function tailOffset(session: Session, execution_id: string, lines: number): Promise<number> {
  const page = await session.api.executions.outputLines({
    params: { execution_id },
    query: { tail: Math.min(lines, 2000) },
  });
  return page.lines[0]?.offset ?? page.size;
}

async function logs(
  session: Session,
  execution_id: string,
  options: { readonly follow?: boolean; readonly tail?: number },
): Promise<number | undefined> {
  const { api, terminal } = session;
  const offset = options.tail === undefined ? 0 : await tailOffset(session, execution_id, options.tail);
  if (options.follow && !session.isJson) {
    const isOver = await followOutput(session, execution_id, { offset });
    return isOver ? exitCode.ok : exitCode.cancelled;
  }
  if (session.isJson) {
    const reply =
      options.tail === undefined
        ? await api.executions.downloadOutput({ params: { execution_id } })
        : await api.executions.output({ params: { execution_id }, query: { offset } });
    session.print(JSON.stringify({ success: true, execution_id, output: await textOf(reply) }, null, 2));
    return undefined;
  }
  // By range and not as one download: a run that still writes is shown as far as it has come.
  for (let at = offset; ; ) {
    const reply = await api.executions.output({ params: { execution_id }, query: { offset: at } });
    let bytes = 0;
    for await (const piece of piecesOf(reply)) {
      terminal.out(piece);
      bytes += piece.length;
    }
    at += bytes;
    if (bytes === 0) return undefined;
  }
}

async function rerun(
  session: Session,
  execution_id: string,
  options: { readonly wait?: boolean; readonly force?: boolean },
): Promise<number | undefined> {
  const { execution } = await session.api.executions.get({ params: { execution_id } });
  if (execution.metadata.test_run === true)
    throw new AppError('conflict', `${execution_id} was a test run of a text that was never saved`);
  const params = ParamInput.safeParse(execution.metadata.params ?? {});
  const started = await session.api.jobs.run({
    params: { job_id: execution.job_id },
    body: {
      ...(options.force ? { force: true } : {}),
      ...(params.success && Object.keys(params.data).length > 0 ? { params: params.data } : {}),
    },
  });
  if (options.wait) {
    session.note(`${started.execution_id}: ${started.message}`);
    return followRun(session, started.execution_id);
  }
  session.answer(started, () => session.print(`${started.execution_id}: ${started.message}`));
  return undefined;
}

/** `executions list, show, logs, cancel, rerun, bundle`. */
export function addExecutionCommands({ program, run: action }: Registrar): void {
  const executions = program.command('executions').description('executions: what ran, and what it printed');
  executions
    .command('list')
    .description('executions, newest first')
    .option('--job <job>', 'of this job')
    .option('--status <statuses>', 'success, failed, timeout, missed, ...; several with commas')
    .option('--from <time>', 'begun at or after it', instant)
    .option('--to <time>', 'begun before it', instant)
    .option('--search <text>', 'part of a job or of a message')
    .option('--limit <number>', 'at most so many', isPositiveInteger(1000), 30)
    .action(action(list));
  executions
    .command('show')
    .argument('<execution>', 'exec_<number>, or the number')
    .description('one execution with its output')
    .action(action(show));
  executions
    .command('logs')
    .argument('<execution>', 'exec_<number>, or the number')
    .description('the output of an execution')
    .option('-f, --follow', 'go on while it runs')
    .option('--tail <lines>', 'begin with the last lines (2000 at most)', isPositiveInteger(2000))
    .action(action(logs));
  executions
    .command('cancel')
    .argument('<execution>', 'exec_<number>, or the number')
    .description('end a running execution with all its processes, or a waiting one')
    .action(
      action(async (session, execution_id: string) => {
        const body = await session.api.executions.cancel({ params: { execution_id } });
        session.answer(body, () => session.print(`${body.execution_id}: ${body.message}`));
        return undefined;
      }),
    );
  executions
    .command('rerun')
    .argument('<execution>', 'exec_<number>, or the number')
    .description('run its job again with the same params')
    .option('--wait', 'show its output as it comes, wait for its end, and end with its exit code')
    .option('--force', 'although the job is disabled')
    .action(action(rerun));
  executions
    .command('bundle')
    .argument('<execution>', 'exec_<number>, or the number')
    .option('-o, --output <file>', 'zip file to write (default: exec_<number>.zip)')
    .description('all there is about an execution as a zip, secrets masked: for whoever was not there')
    .action(action(bundle));
}
