import type { ChannelTarget } from '../../../src-shared/model/notification';
import type { Job } from '../jobs/job';
import type { ExecutionRecord } from '../ports/store';
import { firstLine } from '../statistics/attention';
import { type LearnedDurations, longAfterSeconds, shortBelowSeconds } from '../statistics/learned-durations';
import { audienceOf, type Defaults, foldingOf } from './audience';
import {
  aboutJob,
  failureMessage,
  type MessageDeps,
  recoveryMessage,
  retryMessage,
  shownAt,
  successMessage,
} from './compose-message';
import { type JobWatch, withSeen } from './job-watch';
import { type NotificationMessage, roughly } from './message';
import { failureSignature } from './signature';
import { noteFailure, withRecipients } from './trouble';

/** A message, to whom, and what makes it the only one of its kind. */
export interface News {
  readonly key: string;
  readonly message: NotificationMessage;
  readonly targets: readonly ChannelTarget[];
  readonly execution_id: number | null;
}

export interface NewsDeps extends MessageDeps {
  readonly defaults: Defaults;
  readonly learned: LearnedDurations;
}

export interface Noted {
  readonly watch: JobWatch;
  readonly news: readonly News[];
}

const failed: ReadonlySet<string> = new Set(['failed', 'timeout', 'interrupted']);

/** What a run that ended means to those who want to hear of its job. */
export async function newsOfRun(
  deps: NewsDeps,
  job: Job,
  row: ExecutionRecord,
  before: JobWatch,
): Promise<Noted> {
  const watch = withSeen(before, row.execution_id);
  const { execution_id } = row;
  const { job_id } = job.record;
  const one = (kind: string, message: NotificationMessage, targets: readonly ChannelTarget[]): News[] =>
    targets.length === 0
      ? []
      : [{ key: `${job_id} ${kind} ${execution_id}`, message, targets, execution_id }];
  const audience = (list: Parameters<typeof audienceOf>[1]) => audienceOf(job, list, deps.defaults).targets;

  if (row.status === 'retry')
    return { watch, news: one('retry', retryMessage(deps, job, row), audience('on_retry')) };
  if (failed.has(row.status)) {
    const targets = audience('on_failure');
    const at = row.end_time ?? row.start_time;
    const { trouble, tell } = noteFailure(
      watch.trouble,
      { execution_id, at, signature: failureSignature(row), error: firstLine(row.error_message) || null },
      foldingOf(job, deps.defaults),
    );
    if (!tell || targets.length === 0) return { watch: { ...watch, trouble }, news: [] };
    const known = withRecipients(trouble, targets);
    return {
      watch: { ...watch, trouble: known },
      news: one('failure', await failureMessage(deps, job, row, known), targets),
    };
  }
  if (row.status !== 'success') return { watch, news: [] };

  const { trouble, late, ...rest } = watch;
  const news: News[] = [];
  const told = new Set<string>();
  const add = (more: readonly News[]) => {
    for (const each of more) {
      // Whoever hears of a recovery need not hear of the same success.
      const targets = each.targets.filter(({ channel, target }) => !told.has(`${channel} ${target}`));
      for (const { channel, target } of targets) told.add(`${channel} ${target}`);
      if (targets.length > 0) news.push({ ...each, targets });
    }
  };
  if (trouble && trouble.told.length > 0) {
    const given = audienceOf(job, 'on_recovery', deps.defaults);
    // An empty on_recovery silences it; else those hear of the end who heard of the beginning.
    const everyone = given.targets.length === 0 ? [] : withRecipients(trouble, given.targets).recipients;
    add(one('recovery', recoveryMessage(deps, job, row, trouble), everyone));
  }
  if (late) {
    const at = row.end_time ?? row.start_time;
    const message = aboutJob(deps, job, {
      kind: 'recovery',
      tone: 'good',
      title: `${job.record.name} has succeeded after all`,
      text: `It succeeded ${shownAt(job, at)}, ${roughly((at - late.since) / 1000)} after ${late.what}.`,
      row,
      at,
    });
    add(one('late', message, late.recipients));
  }
  add(await shortRun(deps, job, row, one));
  add(one('success', successMessage(deps, job, row), audience('on_success')));
  return { watch: rest, news };
}

async function shortRun(
  deps: NewsDeps,
  job: Job,
  row: ExecutionRecord,
  one: (kind: string, message: NotificationMessage, targets: readonly ChannelTarget[]) => News[],
): Promise<News[]> {
  const { targets } = audienceOf(job, 'on_short_run', deps.defaults);
  if (targets.length === 0 || row.duration_seconds === null) return [];
  const usual = await deps.learned.of(job, row.start_time);
  if (!usual || row.duration_seconds >= shortBelowSeconds(usual)) return [];
  const message = aboutJob(deps, job, {
    kind: 'short_run',
    tone: 'warning',
    title: `${job.record.name} was done suspiciously soon`,
    text: `It succeeded after ${roughly(row.duration_seconds)}; usual ${whenUsual(usual)} are ${roughly(usual.p50_seconds)} (${usual.samples} runs). It may have had nothing to do, or have stopped early.`,
    facts: [['Started', shownAt(job, row.start_time)]],
    row,
    at: row.end_time ?? row.start_time,
  });
  return one('short_run', message, targets);
}

const dayNames = ['Sundays', 'Mondays', 'Tuesdays', 'Wednesdays', 'Thursdays', 'Fridays', 'Saturdays'];

function whenUsual({
  weekday,
  isOfAllDays,
}: {
  readonly weekday: number;
  readonly isOfAllDays: boolean;
}): string {
  return isOfAllDays ? 'on all days' : `on ${dayNames[weekday] ?? 'that day'}`;
}

/** A run that takes longer than is usual, or than the job allows itself; undefined when it does not. */
export async function newsOfLongRun(
  deps: NewsDeps,
  job: Job,
  run: { readonly row: ExecutionRecord; readonly started: number },
  now: number,
): Promise<News | undefined> {
  const { targets } = audienceOf(job, 'on_long_running', deps.defaults);
  if (targets.length === 0) return undefined;
  const seconds = (now - run.started) / 1000;
  const own = job.definition.long_running_after;
  const least = own ?? 60;
  if (seconds < least) return undefined;
  const usual = await deps.learned.of(job, run.started);
  const limit = own ?? (usual ? longAfterSeconds(usual) : undefined);
  if (limit === undefined || seconds < limit) return undefined;
  const comparison = usual
    ? `Usual ${whenUsual(usual)} are ${roughly(usual.p50_seconds)}, and 19 of 20 runs end within ${roughly(usual.p95_seconds)}.`
    : 'Too few runs are known to say what is usual.';
  const { timeout } = job.effective;
  return {
    key: `${job.record.job_id} long_running ${run.row.execution_id}`,
    execution_id: run.row.execution_id,
    targets,
    message: aboutJob(deps, job, {
      kind: 'long_running',
      tone: 'warning',
      title: `${job.record.name} is still running after ${roughly(seconds)}`,
      text: comparison,
      facts: [
        ['Started', shownAt(job, run.started)],
        ['Ended by its time limit', timeout === 0 ? 'never' : `after ${roughly(timeout)}`],
      ],
      row: { ...run.row, status: 'running' },
      at: now,
    }),
  };
}
