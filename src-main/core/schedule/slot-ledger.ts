import type { Slot } from '../../../src-shared/model/slot';
import { isShared } from '../cluster/claims';
import type { Job } from '../jobs/job';
import type { Clock } from '../ports/clock';
import type { Cluster } from '../ports/cluster';
import type { Store } from '../ports/store';
import { shadowAhead } from '../run/admission';
import { exclusionReason } from './calendars/exclusion';
import { localIso, localShown, utcIso } from './local-time';
import { heldSlot, holdReason, type PreparedWindow } from './maintenance-window';
import { shownInstant } from './miss-reason';
import type { JobPlan, Scheduler } from './scheduler';
import { slotsOfRows } from './slot-rows';
import { zoneOf as zoneNamed } from './zone';

export interface SlotRange {
  readonly from: number;
  readonly to: number;
  readonly limit: number;
}

/** What was planned for a job and what became of it, or will: past and future as one list. */
export interface SlotLedger {
  /** Oldest first. Of more than `limit` those nearest to now. */
  slots(
    job: Job,
    range: SlotRange,
  ): Promise<{ readonly slots: readonly Slot[]; readonly truncated: boolean }>;
  /** Why nothing at all is planned just now, as a sentence; undefined when schedules are served. */
  standstill(plan: JobPlan): string | undefined;
}

export function createSlotLedger(deps: {
  readonly store: Store;
  readonly scheduler: Pick<Scheduler, 'planOf' | 'state' | 'since' | 'changedBy'>;
  readonly maintenance: { readonly windows: readonly PreparedWindow[] };
  readonly clock: Clock;
  /** Where slots wait while the database that the machines share is away. */
  readonly cluster?: Cluster | undefined;
}): SlotLedger {
  const { scheduler, clock, cluster } = deps;

  const waitsFor = (job: Job): string | undefined =>
    cluster?.away && isShared(cluster, job)
      ? `Waits for the database that the machines share, away since ${shownInstant(cluster.away.since)} (${cluster.away.reason})`
      : undefined;

  const standstill = (plan: JobPlan): string | undefined => {
    if (plan.held) {
      const since = plan.held.since === null ? '' : ` since ${shownInstant(plan.held.since)}`;
      return `The job is disabled, or can't run here${since} (${plan.held.by})`;
    }
    const by = scheduler.changedBy ?? 'nobody yet';
    if (scheduler.state === 'paused')
      return `The scheduler is paused by ${by} (since ${shownInstant(scheduler.since)})`;
    if (scheduler.state === 'stopped')
      return `The scheduler is stopped (${by}) since ${shownInstant(scheduler.since)}`;
    return undefined;
  };

  const blank = (plan: JobPlan, instant: number): Pick<Slot, 'scheduled_time' | 'local_time'> => ({
    scheduled_time: utcIso(instant),
    local_time: localIso(instant, plan.trigger.zoneOf(instant)),
  });

  /** Slots in (after, through] that nothing has been written about, each as it stands now. */
  const open = (job: Job, plan: JobPlan, after: number, through: number, limit: number): Slot[] => {
    const { trigger, exclusion, movedFrom } = plan;
    const still = standstill(plan);
    const { windows } = deps.maintenance;
    const found: Slot[] = [];
    const stretch = (reason: string, first: number, last: number, count: number) => {
      const newest = found.at(-1);
      if (newest?.fate === 'withheld' && newest.reason === reason) {
        found[found.length - 1] = {
          ...newest,
          count: (newest.count ?? 1) + count,
          first_scheduled_time: newest.first_scheduled_time ?? newest.scheduled_time,
          last_scheduled_time: utcIso(last),
        };
        return;
      }
      const many =
        count > 1 ? { count, first_scheduled_time: utcIso(first), last_scheduled_time: utcIso(last) } : {};
      found.push({ ...blank(plan, first), fate: 'withheld', reason, ...many });
    };
    if (still !== undefined) {
      const first = trigger.next(after);
      if (first === undefined || first > through) return [];
      stretch(still, first, trigger.previous(through) ?? first, trigger.count(after, through));
      return found;
    }
    for (
      let slot = trigger.next(after);
      slot !== undefined && slot <= through && found.length <= limit;
      slot = trigger.next(slot)
    ) {
      const excluded = exclusion?.(slot);
      if (excluded) {
        stretch(exclusionReason(excluded), slot, slot, 1);
        continue;
      }
      const held = heldSlot(windows, job, trigger, slot);
      if (held) {
        const reason = holdReason(held.hold);
        if (!held.runsLate) {
          stretch(reason, slot, slot, 1);
          continue;
        }
        found.push({ ...blank(plan, slot), fate: 'planned', reason: `${reason}: runs when it closes` });
        continue;
      }
      if (job.definition.shadow && slot > clock.now()) {
        found.push({ ...blank(plan, slot), fate: 'shadow', reason: shadowAhead });
        continue;
      }
      const waits = slot <= clock.now() ? waitsFor(job) : undefined;
      const [origin] = movedFrom?.(slot) ?? [];
      const note = trigger.note(slot);
      found.push({
        ...blank(plan, slot),
        fate: slot <= clock.now() ? 'pending' : 'planned',
        ...(origin === undefined
          ? {}
          : {
              moved_from: utcIso(origin),
              reason: `Stands in for ${localShown(origin, trigger.zoneOf(slot))}, which a holiday set excludes`,
            }),
        ...(waits ? { reason: waits } : {}),
        ...(note ? { note } : {}),
      });
    }
    return found;
  };

  return {
    standstill,
    async slots(job, { from, to, limit }) {
      const plan = await scheduler.planOf(job);
      const zoneOf = plan ? plan.trigger.zoneOf : undefined;
      const rows = await deps.store.executions.list(
        { job_id: job.record.job_id, planned_from: from, planned_to: to },
        { limit: limit + 1, offset: 0, sort: 'scheduled_time', descending: true },
      );
      const past = slotsOfRows(rows, zoneOf ?? (() => zoneNamed(job.effective.timezone)));
      const ahead = plan ? open(job, plan, Math.max(plan.cursor, from - 1), to, limit) : [];
      // A row may be there already for a slot that is not behind the cursor yet.
      const known = new Set(past.map((slot) => slot.scheduled_time));
      const fresh = ahead.filter((slot) => slot.count !== undefined || !known.has(slot.scheduled_time));
      const truncated = rows.length > limit || fresh.length > limit || past.length + fresh.length > limit;
      if (!truncated) return { slots: [...past, ...fresh], truncated };
      const half = Math.floor(limit / 2);
      const aheadShare = Math.min(fresh.length, Math.max(half, limit - past.length));
      return { slots: [...past.slice(-(limit - aheadShare)), ...fresh.slice(0, aheadShare)], truncated };
    },
  };
}
