import type { JobRegistry } from '../jobs/job-registry';
import type { Clock } from '../ports/clock';
import type { GapRecord } from '../ports/schedule-store';
import type { Store } from '../ports/store';
import type { RunQueue } from '../run/run-queue';
import { type CatchUpSlot, catchUp } from './catch-up';
import type { Scheduler } from './scheduler';

/** What one job missed in the gaps that nobody has answered for yet. */
export interface MissedInGap {
  readonly job_id: string;
  readonly name: string;
  readonly slots: number;
  readonly first: number;
  readonly last: number;
}

export interface GapReview {
  readonly gaps: readonly GapRecord[];
  readonly from: number;
  readonly to: number;
  readonly slots: number;
  readonly jobs: readonly MissedInGap[];
}

export type GapAnswer = 'latest' | 'all' | 'leave';

export interface GapOutcome {
  readonly job_id: string;
  readonly started: number;
  /** Why nothing was started, or not all. */
  readonly problem?: string;
}

/** Asks after a gap what is to become of what was missed in it, until somebody has answered. */
export interface GapReviewer {
  /** Undefined when nothing was missed, or it has been answered for. */
  review(): Promise<GapReview | undefined>;
  /** Starts what is wanted of the gaps up to `to`, and does not ask about them again. */
  answer(answer: GapAnswer, to: number, by: string): Promise<readonly GapOutcome[]>;
}

const answeredFact = 'gap_answered';
const lookedBackMs = 7 * 86_400_000;
const mostGaps = 50;
const mostRows = 5000;
/** Kinds in which time went by; a clock set back repeats hours instead of losing them. */
const lost: ReadonlySet<string> = new Set(['not_running', 'stopped', 'paused', 'forward', 'frozen']);

export function createGapReviewer(deps: {
  readonly store: Store;
  readonly registry: JobRegistry;
  readonly scheduler: Pick<Scheduler, 'planOf'>;
  readonly queue: Pick<RunQueue, 'submit'>;
  readonly clock: Clock;
}): GapReviewer {
  const { store, registry, clock } = deps;

  const missedIn = async (gaps: readonly GapRecord[]): Promise<MissedInGap[]> => {
    const from = Math.min(...gaps.map((gap) => gap.from));
    const to = Math.max(...gaps.map((gap) => gap.to));
    const rows = await store.executions.list(
      { status: ['missed', 'skipped'], trigger: ['schedule'], planned_from: from, planned_to: to },
      { limit: mostRows, offset: 0, sort: 'scheduled_time', descending: false },
    );
    const jobs = new Map<string, MissedInGap>();
    for (const row of rows) {
      // Skipped because of a holiday, an overlap or a maintenance window: that is no gap.
      const reason = row.metadata.reason;
      const isOurs = row.status === 'missed' || reason === 'paused' || reason === 'stopped';
      // Coalesced: one run has stood for them already.
      const isServed = row.metadata.cause === 'coalesced';
      const job = isOurs && !isServed ? registry.get(row.job_id) : undefined;
      if (!job?.record.enabled || row.scheduled_time === null || row.metadata.count === 0) continue;
      const first = row.scheduled_time;
      const until = row.metadata.last_scheduled_time;
      const last = typeof until === 'string' ? Date.parse(until) : first;
      if (!gaps.some((gap) => first <= gap.to && last >= gap.from)) continue;
      const known = jobs.get(row.job_id);
      const count = typeof row.metadata.count === 'number' ? row.metadata.count : 1;
      jobs.set(row.job_id, {
        job_id: row.job_id,
        name: job.record.name,
        slots: (known?.slots ?? 0) + count,
        first: Math.min(known?.first ?? first, first),
        last: Math.max(known?.last ?? last, last),
      });
    }
    return await withoutCaughtUp([...jobs.values()]);
  };

  /** Leaves out what has been caught up since, by hand or by another answer. */
  const withoutCaughtUp = async (jobs: readonly MissedInGap[]): Promise<MissedInGap[]> => {
    const left: MissedInGap[] = [];
    for (const one of jobs) {
      const caught = await store.executions.list(
        { job_id: one.job_id, trigger: ['catch_up'], planned_from: one.first, planned_to: one.last },
        { limit: mostRows, offset: 0, sort: 'scheduled_time', descending: true },
      );
      const slots = new Set(caught.map((row) => row.scheduled_time));
      // The latest run stands for all before it.
      if (!slots.has(one.last) && slots.size < one.slots)
        left.push({ ...one, slots: one.slots - slots.size });
    }
    return left;
  };

  const review = async (): Promise<GapReview | undefined> => {
    const now = clock.now();
    const answered = Number(await store.facts.get(answeredFact)) || 0;
    const from = Math.max(now - lookedBackMs, answered + 1);
    const found = await store.gaps.list({ from, to: now, limit: mostGaps });
    const gaps = found.filter((gap) => gap.job_id === null && lost.has(gap.kind) && gap.to > answered);
    if (gaps.length === 0) return undefined;
    const jobs = await missedIn(gaps);
    if (jobs.length === 0) return undefined;
    const real = gaps.filter((gap) => jobs.some((job) => job.first <= gap.to && job.last >= gap.from));
    return {
      gaps: real,
      from: Math.min(...real.map((gap) => gap.from)),
      to: Math.max(...real.map((gap) => gap.to)),
      slots: jobs.reduce((sum, job) => sum + job.slots, 0),
      jobs: jobs.sort((a, b) => b.slots - a.slots || a.name.localeCompare(b.name, 'en')),
    };
  };

  const runMissed = async (one: MissedInGap, answer: 'latest' | 'all', by: string): Promise<GapOutcome> => {
    const job = registry.get(one.job_id);
    if (!job) return { job_id: one.job_id, started: 0, problem: 'it was deleted' };
    const wish = {
      // Only the last is wanted: a job of every second has too many to look at one by one.
      from: answer === 'latest' ? one.last : one.first,
      to: one.last,
      mode: answer === 'latest' ? ('latest' as const) : ('each' as const),
      include_ran: false,
      include_excluded: false,
      dry_run: false,
    };
    try {
      const slots: readonly CatchUpSlot[] = await catchUp(job, wish, by, { ...deps, now: clock.now() });
      const started = slots.filter((slot) => slot.action === 'run').length;
      const left = slots.at(-1);
      return started === 0 && left
        ? { job_id: one.job_id, started, problem: left.reason }
        : { job_id: one.job_id, started };
    } catch (error) {
      return {
        job_id: one.job_id,
        started: 0,
        problem: error instanceof Error ? error.message : String(error),
      };
    }
  };

  return {
    review,
    async answer(answer, to, by) {
      const open = await review();
      const outcomes: GapOutcome[] = [];
      if (open && answer !== 'leave')
        for (const one of open.jobs) if (one.first <= to) outcomes.push(await runMissed(one, answer, by));
      const known = Number(await store.facts.get(answeredFact)) || 0;
      await store.facts.set(answeredFact, String(Math.max(known, to)));
      return outcomes;
    },
  };
}
