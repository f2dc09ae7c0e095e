import { formatExecutionId } from '../../../src-shared/model/ids';
import type { NotificationKind } from '../../../src-shared/model/notification';
import type { Job } from '../jobs/job';
import type { JobRegistry } from '../jobs/job-registry';
import type { ExecutionRecord, Store } from '../ports/store';
import { executionContext } from '../run/execution-context';
import { localShown } from '../schedule/local-time';
import { zoneOf } from '../schedule/zone';
import { firstLine } from '../statistics/attention';
import { type NotificationMessage, oneLine, ordinal, roughly, type Tone } from './message';
import type { Trouble } from './trouble';

export interface MessageDeps {
  readonly store: Store;
  readonly registry: JobRegistry;
  nextRun(job_id: string): number | undefined;
  linkBase(): string | undefined;
}

type Fact = readonly [string, string];

/** `2026-03-02 08:00 (Europe/Berlin)`. */
export function shownAt(job: Job, instant: number): string {
  const name = job.schedule?.specs[0]?.timezone ?? job.effective.timezone;
  return `${localShown(Math.floor(instant / 1000) * 1000, zoneOf(name))} (${name})`;
}

/** The message of something about a job, whatever it is. */
export function aboutJob(
  deps: Pick<MessageDeps, 'nextRun' | 'linkBase'>,
  job: Job,
  what: {
    readonly kind: NotificationKind;
    readonly tone: Tone;
    readonly title: string;
    readonly text: string;
    readonly error?: string;
    readonly facts?: readonly Fact[];
    readonly row?: ExecutionRecord;
    readonly at: number;
    readonly count?: number;
  },
): NotificationMessage {
  const { job_id, name } = job.record;
  const base = deps.linkBase();
  const execution_id = what.row ? formatExecutionId(what.row.execution_id) : null;
  const next = deps.nextRun(job_id);
  const page = execution_id === null ? `jobs/${encodeURIComponent(job_id)}` : `executions/${execution_id}`;
  return {
    kind: what.kind,
    tone: what.tone,
    title: oneLine(what.title),
    text: what.text,
    ...(what.error ? { error: oneLine(what.error, 1000) } : {}),
    facts: [
      ...(what.facts ?? []),
      ['Next run', next === undefined ? 'none is planned' : shownAt(job, next)],
      ['Job', name === job_id ? job_id : `${oneLine(name)} (${job_id})`],
      ...(execution_id === null ? [] : [['Execution', execution_id] as const]),
    ],
    ...(base === undefined ? {} : { link: `${base}/${page}` }),
    job_id,
    job_name: name,
    execution_id,
    status: what.row?.status ?? null,
    tags: job.definition.tags ?? [],
    count: what.count ?? 1,
    time: new Date(what.at).toISOString(),
  };
}

/** It was ended for its silence (`stalled_after`), which is a `timeout` in the history. */
const isStalled = (row: ExecutionRecord): boolean => row.metadata.error_class === 'stalled';

/** How it ended, as half a sentence. */
function ending(row: ExecutionRecord): string {
  const took = row.duration_seconds === null ? '' : ` after ${roughly(row.duration_seconds)}`;
  const code =
    row.return_code === null || row.status !== 'failed' ? '' : ` with exit code ${row.return_code}`;
  if (isStalled(row)) return `was ended${took}, because it printed nothing for too long`;
  const words: Readonly<Record<string, string>> = {
    failed: `failed${code}${took}`,
    timeout: `was ended by its time limit${took}`,
    interrupted: 'was interrupted: the program ended while it ran',
    success: `succeeded${took}`,
  };
  return words[row.status] ?? `ended as ${row.status}${took}`;
}

/** Since when, and what changed since it last went well. */
async function troubleFacts(
  deps: MessageDeps,
  job: Job,
  row: ExecutionRecord,
  trouble: Trouble,
): Promise<Fact[]> {
  const context = await executionContext(deps, row);
  const last = context.last_success;
  const changes = context.changes.map(({ kind, id, action, time, by }) => {
    const thing = kind === 'job' ? 'the job' : `the connection "${id}"`;
    return `${thing} was ${action} ${shownAt(job, Date.parse(time))}${by ? ` by ${by}` : ''}`;
  });
  const changed =
    changes.length > 0
      ? changes.slice(-3).join('; ')
      : !last
        ? 'nothing to compare with: it has not succeeded yet'
        : context.definition_changed
          ? 'the definition of the job'
          : 'neither the job nor its connection';
  return [
    [
      'Since',
      `${shownAt(job, trouble.since)}${trouble.failures > 1 ? `, ${trouble.failures} failures in a row` : ''}`,
    ],
    ['Last success', last ? shownAt(job, last.start_time) : 'never'],
    ['Changed since', changed],
  ];
}

const verbs: Readonly<Record<string, string>> = {
  timeout: 'ran out of time',
  interrupted: 'was interrupted',
};

/** A failure that is told. */
export async function failureMessage(
  deps: MessageDeps,
  job: Job,
  row: ExecutionRecord,
  trouble: Trouble,
): Promise<NotificationMessage> {
  const isAnother = trouble.told.length > 1;
  const attempts = row.retry_count > 0 ? `, at attempt ${row.retry_count + 1} of ${row.max_retries + 1}` : '';
  const many = trouble.failures > 1 ? ` (${ordinal(trouble.failures)} time in a row)` : '';
  return aboutJob(deps, job, {
    kind: 'failure',
    tone: 'bad',
    title: `${job.record.name} ${isStalled(row) ? 'stood still' : (verbs[row.status] ?? 'failed')}${isAnother ? ' with another error' : ''}${many}`,
    text: `It ${ending(row)}${attempts}.`,
    error: firstLine(row.error_message),
    facts: await troubleFacts(deps, job, row, trouble),
    row,
    at: row.end_time ?? row.start_time,
    count: trouble.failures,
  });
}

/** "It still fails": told while a trouble lasts. */
export async function reminderMessage(
  deps: MessageDeps,
  job: Job,
  row: ExecutionRecord | undefined,
  trouble: Trouble,
  now: number,
): Promise<NotificationMessage> {
  const again =
    trouble.untold === 0
      ? 'It has not run since.'
      : `It failed ${trouble.untold} more times since the last message.`;
  return aboutJob(deps, job, {
    kind: 'reminder',
    tone: 'bad',
    title: `${job.record.name} still fails: ${trouble.failures} failures in ${roughly((now - trouble.since) / 1000)}`,
    text: again,
    ...(trouble.error ? { error: trouble.error } : {}),
    facts: row ? await troubleFacts(deps, job, row, trouble) : [['Since', shownAt(job, trouble.since)]],
    ...(row ? { row } : {}),
    at: now,
    count: trouble.failures,
  });
}

/** It works again. */
export function recoveryMessage(
  deps: MessageDeps,
  job: Job,
  row: ExecutionRecord,
  trouble: Trouble,
): NotificationMessage {
  const at = row.end_time ?? row.start_time;
  const times = trouble.failures === 1 ? 'one failure' : `${trouble.failures} failures`;
  return aboutJob(deps, job, {
    kind: 'recovery',
    tone: 'good',
    title: `${job.record.name} works again`,
    text: `It ${ending(row)}, after ${times} in ${roughly((at - trouble.since) / 1000)}.`,
    facts: [
      ['It had failed since', shownAt(job, trouble.since)],
      ...(trouble.error ? [['Last error', oneLine(trouble.error)] as const] : []),
    ],
    row,
    at,
    count: trouble.failures,
  });
}

export function successMessage(deps: MessageDeps, job: Job, row: ExecutionRecord): NotificationMessage {
  return aboutJob(deps, job, {
    kind: 'success',
    tone: 'good',
    title: `${job.record.name} succeeded`,
    text: `It ${ending(row)}.`,
    facts: [['Started', shownAt(job, row.start_time)]],
    row,
    at: row.end_time ?? row.start_time,
  });
}

export function retryMessage(deps: MessageDeps, job: Job, row: ExecutionRecord): NotificationMessage {
  return aboutJob(deps, job, {
    kind: 'retry',
    tone: 'warning',
    title: `${job.record.name} failed and is tried again`,
    text: `Attempt ${row.retry_count + 1} of ${row.max_retries + 1} did not succeed; another follows.`,
    error: firstLine(row.error_message),
    facts: [['Started', shownAt(job, row.start_time)]],
    row,
    at: row.end_time ?? row.start_time,
  });
}

/** Planned runs that did not happen; `reason` is the row's sentence. */
export function missedMessage(
  deps: MessageDeps,
  job: Job,
  missed: { readonly first: number; readonly last: number; readonly count: number; readonly reason: string },
  at: number,
): NotificationMessage {
  const { first, last, count } = missed;
  return aboutJob(deps, job, {
    kind: 'missed',
    tone: 'warning',
    title: `${job.record.name} missed ${count === 1 ? 'a planned run' : `${count} planned runs`}`,
    text: missed.reason,
    facts: [
      ['Planned', count === 1 ? shownAt(job, first) : `${shownAt(job, first)} to ${shownAt(job, last)}`],
    ],
    at,
    count,
  });
}
