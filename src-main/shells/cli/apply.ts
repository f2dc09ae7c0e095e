import { AppError } from '../../../src-shared/errors';
import { foldIssues } from '../../../src-shared/job-document/fold-issues';
import { foldSame, lineDiff } from '../../../src-shared/line-diff';
import type { Issue } from '../../../src-shared/model/issue';
import { exitCode, exitCodeOf } from './exit-codes';
import { joinJobsFiles, readJobsFiles, type TextFile } from './jobs-files';
import type { Registrar, Session } from './session';
import { plural } from './words';

type PlacedIssue = Issue & { readonly file: string };

/** Every issue of every file, as the program sees it. */
async function issuesOf(session: Session, files: readonly TextFile[]): Promise<PlacedIssue[]> {
  const issues: PlacedIssue[] = [];
  for (const { name, text } of files) {
    const body = await session.api.jobs.validate({ body: { yaml: text } });
    issues.push(...body.issues.map((issue) => ({ file: name, ...issue })));
  }
  return issues;
}

/** `file:line:column: error: message`, which editors can jump to. */
function issueLine(session: Session, { file, line, column, severity, message }: PlacedIssue): string {
  const place = line === undefined ? file : `${file}:${line}:${column ?? 1}`;
  const word = severity === 'error' ? session.paint.bad('error') : session.paint.warning('warning');
  return `${place}: ${word}: ${message}`;
}

const isError = (issue: Issue): boolean => issue.severity === 'error';

async function validate(session: Session, paths: readonly string[]): Promise<number> {
  const files = readJobsFiles(paths);
  const issues = await issuesOf(session, files);
  const errors = issues.filter(isError).length;
  session.answer({ success: errors === 0, files: files.map((file) => file.name), issues }, () => {
    for (const issue of foldIssues(issues)) session.print(issueLine(session, issue));
    const warnings = issues.length - errors;
    session.note(
      `${plural(files.length, 'file')}: ${errors === 0 ? 'valid' : plural(errors, 'error')}${warnings > 0 ? `, ${plural(warnings, 'warning')}` : ''}`,
    );
  });
  return errors === 0 ? exitCode.ok : exitCode.failed;
}

/** The files as one text. An error in one of them is told with its place, and nothing is sent. */
async function checkedText(session: Session, paths: readonly string[]): Promise<string> {
  const files = readJobsFiles(paths);
  const issues = await issuesOf(session, files);
  const errors = issues.filter(isError);
  if (!session.isJson) for (const issue of foldIssues(issues)) session.note(issueLine(session, issue));
  if (errors.length > 0)
    throw new AppError(
      'validation_failed',
      `${plural(errors.length, 'error')} in ${plural(new Set(errors.map((one) => one.file)).size, 'file')}; nothing was changed`,
      session.isJson ? { issues } : {},
    );
  return joinJobsFiles(files);
}

/** Jobs the program has and the files do not. */
async function strangers(session: Session, known: readonly { readonly job_id: string }[]): Promise<string[]> {
  const ids = new Set(known.map(({ job_id }) => job_id.toLowerCase()));
  const found: string[] = [];
  for (let offset = 0; ; offset += 1000) {
    const { jobs, total } = await session.api.jobs.list({ query: { sort: 'job_id', limit: 1000, offset } });
    found.push(...jobs.map((job) => job.job_id).filter((id) => !ids.has(id.toLowerCase())));
    if (offset + jobs.length >= total || jobs.length === 0) return found;
  }
}

interface ApplyOptions {
  readonly dryRun?: boolean;
  readonly prune?: boolean;
}

/** `jobs apply`, and the specification's `load-jobs`. */
async function apply(session: Session, paths: readonly string[], options: ApplyOptions): Promise<number> {
  const { api, paint } = session;
  const dryRun = options.dryRun === true;
  const yaml = await checkedText(session, paths);
  const body = await api.jobs.import({ body: { yaml, dry_run: dryRun } });
  const gone = options.prune ? await strangers(session, body.jobs) : [];
  let code: number = exitCode.ok;
  const removed: { job_id: string; success: boolean; message: string }[] = [];
  for (const job_id of gone) {
    try {
      const message = dryRun ? 'would be removed' : (await api.jobs.remove({ params: { job_id } })).message;
      removed.push({ job_id, success: true, message });
    } catch (error) {
      if (!(error instanceof AppError) || error.code === 'unavailable') throw error;
      removed.push({ job_id, success: false, message: error.message });
      code = exitCodeOf(error);
    }
  }
  session.answer({ ...body, success: code === exitCode.ok, removed }, () => {
    const signs = { created: paint.good('+'), updated: paint.warning('~'), unchanged: paint.dim('=') };
    for (const { job_id, action, conflict } of body.jobs) {
      if (action !== 'unchanged') session.print(`${signs[action]} ${job_id} ${action}`);
      if (conflict) session.note(`  ${job_id}: ${conflict}`);
    }
    for (const { job_id, success, message } of removed)
      session.print(`${paint.bad('-')} ${job_id} ${success ? 'removed' : message}`);
    session.print(
      `${body.message}${options.prune ? `, ${removed.filter((one) => one.success).length} removed` : ''}`,
    );
  });
  return code;
}

async function diff(
  session: Session,
  paths: readonly string[],
  options: { readonly prune?: boolean },
): Promise<number> {
  const { paint } = session;
  const yaml = await checkedText(session, paths);
  const body = await session.api.jobs.import({ body: { yaml, dry_run: true } });
  const only = options.prune ? await strangers(session, body.jobs) : [];
  const changed = body.jobs.filter((job) => job.action !== 'unchanged');
  session.answer({ success: true, jobs: changed, only_in_program: only }, () => {
    for (const job of changed) {
      if (job.action === 'created') {
        session.print(paint.good(`+ ${job.job_id} is new`));
        continue;
      }
      session.print(paint.strong(`~ ${job.job_id}`));
      for (const line of foldSame(lineDiff(job.before ?? '', job.after ?? ''))) {
        if (line.kind === 'added') session.print(paint.good(`  + ${line.text}`));
        else if (line.kind === 'removed') session.print(paint.bad(`  - ${line.text}`));
        else session.print(paint.dim(`    ${line.text}`));
      }
      if (job.conflict) session.note(`  ${job.conflict}`);
    }
    for (const job_id of only) session.print(paint.bad(`- ${job_id} is in no file`));
    if (changed.length + only.length === 0) session.note('No differences.');
  });
  return changed.length + only.length === 0 ? exitCode.ok : exitCode.failed;
}

/** `jobs validate, diff, apply` and `load-jobs`: jobs in files and the program's. */
export function addApplyCommands({ program, run: action }: Registrar): void {
  const jobs = program.commands.find((command) => command.name() === 'jobs') ?? program.command('jobs');
  jobs
    .command('validate')
    .argument('<path...>', 'files or folders; - reads what is piped in')
    .description('check files without saving anything; messages have file, line and column')
    .action(action(validate));
  jobs
    .command('diff')
    .argument('<path...>', 'files or folders; - reads what is piped in')
    .option('--prune', 'also tell of jobs that are in no file')
    .description('what apply would change')
    .action(action(diff));
  jobs
    .command('apply')
    .argument('<path...>', 'files or folders; - reads what is piped in')
    .option('--dry-run', 'only tell what would be done')
    .option('--prune', 'remove jobs that are in no file; their history and versions stay')
    .description('make the jobs what files say: all of them or nothing')
    .action(action(apply));
  program
    .command('load-jobs')
    .requiredOption('--config <file>', 'jobs file, or a folder of them')
    .option('--dry-run', 'only tell what would be done')
    .description('take a jobs file in (as jobs apply)')
    .action(
      action((session, options: ApplyOptions & { readonly config: string }) =>
        apply(session, [options.config], options),
      ),
    );
}
