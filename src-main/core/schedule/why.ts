import { AppError } from '../../../src-shared/errors';
import type { Slot } from '../../../src-shared/model/slot';
import { parseScheduleDate } from '../../../src-shared/schedule/schedule-date';
import { describeParsedSchedule } from '../../../src-shared/schedule/schedule-words';
import type { Job } from '../jobs/job';
import type { GapRecord } from '../ports/schedule-store';
import type { Store } from '../ports/store';
import { exclusionReason } from './calendars/exclusion';
import { gapText } from './gap-text';
import { localIso, localShown, utcIso } from './local-time';
import type { JobPlan, Scheduler } from './scheduler';
import type { SlotLedger } from './slot-ledger';
import { resolveLocal, type Zone, zoneOf } from './zone';

export interface Answer {
  readonly at: number;
  readonly local_time: string;
  readonly answer: string;
  readonly slot: Slot | null;
  readonly previous: Slot | null;
  readonly next: Slot | null;
}

/** What a person asked for: an instant, and how precisely. */
interface Moment {
  readonly instant: number;
  /** Exclusive: a time told to the minute means any second of it. */
  readonly until: number;
  /** The local time asked for does not exist; the instant is the one behind the gap. */
  readonly isInGap: boolean;
}

function readMoment(text: string, zone: Zone): Moment {
  const trimmed = text.trim();
  const whole = /^\d{4}-\d{1,2}-\d{1,2}[ T]\d{1,2}:\d{2}(?=$|Z|[+-])/.test(trimmed)
    ? trimmed.replace(/^(\S+?[ T]\d{1,2}:\d{2})/, '$1:00')
    : trimmed;
  const read = parseScheduleDate(whole);
  if (typeof read === 'string') {
    const message = `at ${read.replace('YYYY-MM-DD or YYYY-MM-DD HH:MM:SS', 'an instant such as 2026-11-24T08:00:00Z, or a local time such as 2026-11-24 08:00')}`;
    throw new AppError('validation_failed', message, {
      issues: [{ path: 'query.at', message, severity: 'error' }],
    });
  }
  const length = whole === trimmed ? 1000 : 60_000;
  if (read.kind === 'instant') return { instant: read.epoch, until: read.epoch + length, isInGap: false };
  const place = resolveLocal(zone, read.local);
  const instant = place.kind === 'once' ? place.instant : place.kind === 'gap' ? place.after : place.first;
  return { instant, until: instant + length, isInGap: place.kind === 'gap' };
}

const dayMs = 86_400_000;
/** How far the nearest slots are looked for. */
const nearMs = 400 * dayMs;

function fateText(slot: Slot, when: string): string {
  const many = slot.count === undefined ? '' : ` It is one of ${slot.count} planned runs told together.`;
  const because = slot.reason ? ` ${slot.reason.replace(/\.?$/, '.')}` : '';
  const late =
    slot.lateness_seconds === undefined || slot.lateness_seconds < 1
      ? 'on time'
      : `${slot.lateness_seconds} s late`;
  switch (slot.fate) {
    case 'ran':
      return `The run planned for ${when} started ${late} and ended as ${slot.status} (${slot.execution_id}).${because}`;
    case 'running':
      return `The run planned for ${when} started ${late} and is running (${slot.execution_id}).`;
    case 'pending':
      return `The run planned for ${when} is waiting to start${slot.execution_id ? ` (${slot.execution_id})` : ''}.${because}`;
    case 'missed':
      return `The run planned for ${when} was missed.${because}${many}`;
    case 'skipped':
      return `The run planned for ${when} was skipped.${because}${many}`;
    case 'shadow':
      return `The run planned for ${when} is one of a job in shadow.${because}`;
    case 'planned':
      return `A run is planned for ${when}.${because}${slot.note ? ` ${slot.note}.` : ''}`;
    case 'withheld':
      return `The run planned for ${when} will not happen as things stand.${because}${many}`;
  }
}

/** Answers "why did it run, why did it not, will it?" for one instant. */
export async function explainSlot(
  job: Job,
  at: string,
  deps: {
    readonly store: Store;
    readonly scheduler: Pick<Scheduler, 'planOf'>;
    readonly ledger: SlotLedger;
    readonly now: number;
  },
): Promise<Answer> {
  const plan = await deps.scheduler.planOf(job);
  const zone = plan?.trigger.zoneOf(deps.now) ?? zoneOf(job.effective.timezone);
  const moment = readMoment(at, zone);
  const { instant } = moment;
  const shown = `${localShown(instant, zone)} (${zone.name})`;
  const near = async (from: number, to: number) =>
    (await deps.ledger.slots(job, { from, to, limit: 50 })).slots;
  const base = { at: instant, local_time: localIso(instant, zone) };
  const isAt = (slot: Slot) => {
    const first = Date.parse(slot.scheduled_time);
    const last = slot.last_scheduled_time ? Date.parse(slot.last_scheduled_time) : first;
    return first < moment.until && last >= instant;
  };
  const around = await near(instant, moment.until - 1);
  const isPlanned = (slot: Slot) =>
    slot.count === undefined ||
    !plan ||
    (plan.trigger.next(instant - 1) ?? Number.POSITIVE_INFINITY) < moment.until;
  const here = around.filter((one) => isAt(one) && isPlanned(one));
  // A run that caught the slot up says more than the stretch it was missed with.
  const slot = here.find((one) => one.count === undefined) ?? here[0] ?? null;
  const before = plan?.trigger.previous(instant - 1);
  const after = plan?.trigger.next(moment.until - 1);
  const previous =
    before === undefined || before < instant - nearMs ? undefined : (await near(before, before)).at(-1);
  const next = after === undefined || after > instant + nearMs ? undefined : (await near(after, after))[0];
  const neighbours = { previous: previous ?? null, next: next ?? null };
  const gaps = await deps.store.gaps.list({
    from: instant - 1,
    to: moment.until,
    job_id: job.record.job_id,
    limit: 5,
  });
  if (slot) {
    const told = slot.count === undefined ? new Date(slot.scheduled_time).getTime() : instant;
    const answer = fateText(slot, `${localShown(told, zone)} (${zone.name})`);
    const extra = slot.fate === 'ran' || slot.reason ? '' : gapWords(gaps);
    return { ...base, answer: `${answer}${extra}`, slot, ...neighbours };
  }
  return {
    ...base,
    answer: noSlot(job, plan, moment, shown, neighbours, zone, gaps),
    slot: null,
    ...neighbours,
  };
}

function gapWords(gaps: readonly GapRecord[]): string {
  return gaps.length === 0 ? '' : ` ${gaps.map((gap) => `${gapText(gap)}.`).join(' ')}`;
}

function noSlot(
  job: Job,
  plan: JobPlan | undefined,
  moment: Moment,
  shown: string,
  { previous, next }: Pick<Answer, 'previous' | 'next'>,
  zone: Zone,
  gaps: readonly GapRecord[],
): string {
  const name = `Job "${job.record.job_id}"`;
  const created = job.record.created_date;
  if (!job.schedule) {
    return job.definition.schedule
      ? `${name} has a schedule that can't be read: ${job.disabledReason ?? 'no reason known'}.`
      : `${name} has no schedule: it runs only when somebody starts it.`;
  }
  const words = describeParsedSchedule(job.schedule, job.effective.timezone);
  if (moment.until <= created)
    return `${name} did not exist at ${shown}: it was created at ${localShown(created, zone)} (${zone.name}).`;
  if (moment.isInGap)
    return `That local time does not exist in ${zone.name}: the clock skips it. Runs planned in the gap start at ${shown}.`;
  const excluded = plan?.rule?.at(moment.instant, zone);
  const written = plan?.written.next(moment.instant - 1);
  if (plan?.target && excluded && written !== undefined && written < moment.until) {
    const target = plan.target(written);
    if (target !== written)
      return `${exclusionReason(excluded)}: the run planned for ${shown} is moved to ${localShown(target, zone)}.`;
  }
  const at = (slot: Slot) => slot.local_time.slice(0, 16).replace('T', ' ');
  const nearest = [
    previous ? ` Before it: ${at(previous)} (${previous.fate}).` : '',
    next ? ` After it: ${at(next)} (${next.fate}).` : ' Nothing is planned after it.',
  ].join('');
  const isSlotNow = plan !== undefined && written !== undefined && written < moment.until;
  if (isSlotNow && plan.cursor >= written) {
    const known =
      written <= plan.anchor
        ? `The schedule has its present form since ${utcIso(plan.anchor)}; before that nothing was planned by it.`
        : 'Its row is no longer in the history.';
    return `By its present schedule (${words}) ${name} would run at ${shown}. ${known}${gapWords(gaps)}`;
  }
  return `Nothing is planned for ${shown}: ${name} runs ${words.charAt(0).toLowerCase()}${words.slice(1)}.${nearest}`;
}
