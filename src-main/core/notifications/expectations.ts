import type { Job } from '../jobs/job';
import type { ExecutionRecord } from '../ports/store';
import type { Hold } from '../schedule/maintenance-window';
import type { JobPlan } from '../schedule/scheduler';
import { startDeadline } from '../schedule/start-deadline';
import { zoneOf } from '../schedule/zone';
import { firstLine } from '../statistics/attention';
import { audienceOf, foldingOf } from './audience';
import { aboutJob, shownAt } from './compose-message';
import type { JobWatch } from './job-watch';
import { roughly } from './message';
import type { News, NewsDeps, Noted } from './news';

/** What is known around a job when its promises are looked at. */
export interface Surroundings {
  readonly plan: JobPlan | undefined;
  /** Its runs that wait or run now. */
  readonly underWay: readonly { readonly row: ExecutionRecord; readonly state: 'pending' | 'running' }[];
  /** Why nothing is planned at all (paused, stopped, disabled); undefined when schedules are served. */
  readonly standstill: string | undefined;
  holdAt(slot: number): Hold | undefined;
}

const dayMs = 86_400_000;
const leastGraceMs = 60_000;
const usualGraceMs = 900_000;

/** How long after its time a planned run may begin before somebody is told. */
export function notRunGraceMs(job: Job): number {
  const grace = job.effective.misfire_grace_time;
  return Math.max(leastGraceMs, grace === null ? usualGraceMs : grace * 1000);
}

/** Whether anything of this job has to be looked at from time to time. */
export function isExpected(job: Job, deps: Pick<NewsDeps, 'defaults'>): boolean {
  // In shadow it keeps no promises: it does not run.
  if (job.definition.shadow) return false;
  return audienceOf(job, 'on_not_run_by', deps.defaults).targets.length > 0;
}

const notRun = (
  deps: NewsDeps,
  job: Job,
  what: {
    key: string;
    title: string;
    text: string;
    error?: string;
    at: number;
    facts: [string, string][];
    row?: ExecutionRecord;
  },
): News => ({
  key: `${job.record.job_id} ${what.key}`,
  execution_id: what.row?.execution_id ?? null,
  targets: audienceOf(job, 'on_not_run_by', deps.defaults).targets,
  message: aboutJob(deps, job, { kind: 'not_run_by', tone: 'bad', ...what }),
});

/** A planned run whose time is past and that nobody has begun; of many in one standstill the first, and reminders. */
function lateStart(deps: NewsDeps, job: Job, around: Surroundings, watch: JobWatch, now: number): Noted {
  const { plan } = around;
  const nothing = { watch, news: [] };
  if (!plan || plan.held) return nothing;
  const slot = plan.trigger.previous(now - notRunGraceMs(job));
  if (slot === undefined || slot <= Math.max(watch.notRunSlot ?? 0, plan.anchor)) return nothing;
  const waits = around.underWay.find(
    ({ row, state }) => state === 'pending' && row.scheduled_time === slot && row.retry_count === 0,
  );
  if (slot <= plan.cursor && !waits) return nothing;
  if (plan.exclusion?.(slot)) return nothing;
  // Nothing of its plan was done since it was told: the same standstill, and no news before a reminder is due.
  const told = watch.notRunSlot;
  const isSame = !waits && told !== undefined && told > plan.cursor;
  const remindMs = foldingOf(job, deps.defaults).remindEverySeconds * 1000;
  if (isSame && (remindMs === 0 || slot - told < remindMs)) return nothing;
  // A maintenance window is wanted so; a pause may be one that somebody forgot.
  if (around.holdAt(slot)) return nothing;
  const why =
    around.standstill ??
    (waits
      ? 'It waits for a free place, or for an earlier run of its own'
      : 'The scheduler has not come to it yet');
  const nor = isSame ? `, nor has any since ${shownAt(job, told)}` : '';
  const text = `It was planned for ${shownAt(job, slot)} and has not begun${nor}. ${why}.`;
  return {
    watch: { ...watch, notRunSlot: slot },
    news: [
      notRun(deps, job, {
        key: `not_run ${slot}`,
        title: `${job.record.name} has not run`,
        text,
        at: now,
        facts: [['Late by', roughly((now - slot) / 1000)]],
      }),
    ],
  };
}

/** `must_finish_by`: the run planned before the last such time of day must have succeeded by it. */
async function lateFinish(
  deps: NewsDeps,
  job: Job,
  around: Surroundings,
  watch: JobWatch,
  now: number,
): Promise<Noted> {
  const nothing = { watch, news: [] };
  const by = job.definition.must_finish_by;
  const { plan } = around;
  if (by == null || !plan || plan.held) return nothing;
  const zone = zoneOf(job.schedule?.specs[0]?.timezone ?? job.effective.timezone);
  const deadline = startDeadline(now - dayMs, by, zone);
  const known = Math.max(watch.deadline ?? 0, job.record.modified_date, plan.anchor);
  if (deadline > now || deadline <= known) return nothing;
  const seen = { ...watch, deadline };
  const slot = plan.trigger.previous(deadline);
  if (
    slot === undefined ||
    startDeadline(slot, by, plan.trigger.zoneOf(slot)) !== deadline ||
    plan.exclusion?.(slot)
  )
    return { watch: seen, news: [] };
  const newest = { limit: 1, offset: 0, sort: 'start_time', descending: true } as const;
  const { job_id } = job.record;
  const [success] = await deps.store.executions.list({ job_id, status: ['success'], from: slot }, newest);
  if (success && (success.end_time ?? now) <= now) return { watch: seen, news: [] };
  const [latest] = await deps.store.executions.list({ job_id, from: slot }, newest);
  const state = !latest
    ? 'it has not begun'
    : latest.status === 'running'
      ? `it is running since ${shownAt(job, latest.start_time)}`
      : latest.status === 'pending'
        ? 'it waits to begin'
        : `its last run ended as ${latest.status} ${shownAt(job, latest.end_time ?? latest.start_time)}`;
  const error = firstLine(latest?.error_message ?? null);
  const { targets } = audienceOf(job, 'on_not_run_by', deps.defaults);
  return {
    watch: { ...seen, late: { since: deadline, what: `its deadline (${by})`, recipients: targets } },
    news: [
      notRun(deps, job, {
        key: `must_finish_by ${deadline}`,
        title: `${job.record.name} is not done by ${by}`,
        text: `The run planned for ${shownAt(job, slot)} must have succeeded by ${shownAt(job, deadline)}: ${state}.`,
        ...(error ? { error } : {}),
        at: now,
        facts: [],
        ...(latest ? { row: latest } : {}),
      }),
    ],
  };
}

/** `expect_success_every`: told once for each silence. */
async function silence(deps: NewsDeps, job: Job, watch: JobWatch, now: number): Promise<Noted> {
  const nothing = { watch, news: [] };
  const every = job.definition.expect_success_every;
  if (every == null || !job.record.enabled) return nothing;
  const least = now - every * 1000;
  // A job that was switched on, or changed, a moment ago has its time from then on.
  if ((watch.silentSince ?? 0) > least || job.record.modified_date > least) return nothing;
  const { job_id } = job.record;
  const [last] = await deps.store.executions.list(
    { job_id, status: ['success'] },
    { limit: 1, offset: 0, sort: 'start_time', descending: true },
  );
  const since = last ? (last.end_time ?? last.start_time) : job.record.created_date;
  if (since > least || watch.silentSince === since) return nothing;
  const { targets } = audienceOf(job, 'on_not_run_by', deps.defaults);
  return {
    watch: {
      ...watch,
      silentSince: since,
      late: { since, what: 'the success before', recipients: targets },
    },
    news: [
      notRun(deps, job, {
        key: `expect_success_every ${since}`,
        title: `${job.record.name}: no success for ${roughly((now - since) / 1000)}`,
        text: `It is expected to succeed at least every ${roughly(every)}. ${last ? `The last success was ${shownAt(job, since)}` : 'It has not succeeded yet'}.`,
        at: now,
        facts: [],
      }),
    ],
  };
}

/** All that a job promises and does not keep at this moment, each told once. */
export async function unkeptPromises(
  deps: NewsDeps,
  job: Job,
  around: Surroundings,
  before: JobWatch,
  now: number,
): Promise<Noted> {
  const start = lateStart(deps, job, around, before, now);
  const finish = await lateFinish(deps, job, around, start.watch, now);
  const quiet = await silence(deps, job, finish.watch, now);
  return { watch: quiet.watch, news: [...start.news, ...finish.news, ...quiet.news] };
}
