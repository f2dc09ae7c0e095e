import type { ParsedCron, ParsedSchedule, ParsedSpec } from '../../../src-shared/schedule/parsed-schedule';
import type { ScheduleDate } from '../../../src-shared/schedule/schedule-date';
import { dayMs } from './civil-date';
import { createCronDays } from './cron-days';
import { createCronRule } from './cron-rule';
import { createCronTimes } from './cron-times';
import { boundRule, createDateRule, createIntervalRule, type Rule } from './rule';
import { resolveLocal, type Zone, zoneOf } from './zone';

/** A job's whole timetable: several rules as one. Strictly increasing; the same instant counts once. Epoch ms. */
export interface Trigger extends Rule {
  /** The slots in (after, through], at most `limit` of them. */
  between(after: number, through: number, limit: number): number[];
  /** What the clock change of that day does to the slot, in words; undefined on ordinary days. */
  note(slot: number): string | undefined;
  /** The zone a slot is shown in: that of the rule it comes from. */
  zoneOf(slot: number): Zone;
  /** Seconds by which the start of a slot may be delayed. */
  readonly jitterSeconds: number;
}

export interface TriggerOptions {
  /** IANA name for rules that name none. */
  readonly defaultTimezone: string;
  /** Phase of intervals without start_date: when the schedule was first saved. */
  readonly anchor: number;
}

/** A union of this many slots or more is counted as the sum of its rules': equal instants are no longer looked for. */
const exactUnionLimit = 100_000;

function instantOf(date: ScheduleDate, zone: Zone): number {
  if (date.kind === 'instant') return date.epoch;
  const place = resolveLocal(zone, date.local);
  if (place.kind === 'once') return place.instant;
  return place.kind === 'gap' ? place.after : place.first;
}

/** Jobs with one schedule share its rule: what it keeps is only what it has computed. */
const cronRules = new WeakMap<ParsedCron, Map<Zone, Rule>>();

function cronRuleOf(spec: ParsedCron, zone: Zone): Rule {
  const rules = cronRules.get(spec) ?? new Map<Zone, Rule>();
  const rule = rules.get(zone) ?? createCronRule(spec, zone);
  cronRules.set(spec, rules.set(zone, rule));
  return rule;
}

function ruleOf(spec: ParsedSpec, zone: Zone, anchor: number): Rule {
  const start = spec.start && instantOf(spec.start, zone);
  const end = spec.end && instantOf(spec.end, zone);
  switch (spec.kind) {
    case 'cron':
      return boundRule(cronRuleOf(spec, zone), start, end);
    case 'interval':
      return boundRule(
        start === undefined
          ? createIntervalRule(anchor, spec.lengthMs, 1)
          : createIntervalRule(start, spec.lengthMs, 0),
        undefined,
        end,
      );
    case 'date':
      return boundRule(createDateRule(instantOf(spec.at, zone)), start, end);
  }
}

const clockText = (local: number): string => new Date(local).toISOString().slice(11, 19).replace(/:00$/, '');
const dateText = (local: number): string => new Date(local).toISOString().slice(0, 10);

function matchesLocal(spec: ParsedCron, local: number): boolean {
  const day = Math.floor(local / dayMs);
  const time = local - day * dayMs;
  return createCronDays(spec).matches(day) && createCronTimes(spec).nextFrom(time) === time;
}

/** The note of one cron rule at one of its slots. */
function noteOf(spec: ParsedSpec, zone: Zone, rule: Rule, slot: number): string | undefined {
  if (spec.kind !== 'cron') return undefined;
  const near = zone.transitions(slot - 3 * 3_600_000, slot + 3 * 3_600_000);
  const change = near.find(({ at }) => at === slot) ?? near[0];
  if (!change) return undefined;
  const local = slot + zone.offsetAt(slot);
  if (change.after > change.before && slot === change.at) {
    // Matching local times inside the gap are what brought this slot here, unless the gap's end matches itself.
    if (matchesLocal(spec, local)) return undefined;
    const gapStart = change.at + change.before;
    const gapEnd = change.at + change.after;
    const isWithinDay = dateText(gapStart) === dateText(gapEnd);
    const [from, to] = isWithinDay
      ? [clockText(gapStart), `${clockText(gapEnd)} does not exist on ${dateText(gapStart)}`]
      : [
          `${dateText(gapStart)} ${clockText(gapStart)}`,
          `${dateText(gapEnd)} ${clockText(gapEnd)} does not exist`,
        ];
    const when = isWithinDay ? clockText(gapEnd) : `${dateText(gapEnd)} ${clockText(gapEnd)}`;
    return `${from}${isWithinDay ? '-' : ' to '}${to} in ${zone.name}: runs at ${when}`;
  }
  if (change.after < change.before) {
    const overlap = change.before - change.after;
    const isFirst = slot < change.at && slot >= change.at - overlap;
    const isSecond = slot >= change.at && slot < change.at + overlap;
    if (!isFirst && !isSecond) return undefined;
    const twin = isFirst ? slot + overlap : slot - overlap;
    const hasTwin = rule.previous(twin) === twin;
    const time = `${clockText(local)} comes twice on ${dateText(local)} in ${zone.name}`;
    if (!hasTwin) return `${time}: runs once, at the first`;
    return `${time}: runs both times, this is the ${isFirst ? 'first' : 'second'}`;
  }
  return undefined;
}

/** Computes a schedule. Throws RangeError for a default zone that does not exist. */
export function createTrigger(
  schedule: ParsedSchedule,
  { defaultTimezone, anchor }: TriggerOptions,
): Trigger {
  const parts = schedule.specs.map((spec) => {
    const zone = zoneOf(spec.timezone ?? defaultTimezone);
    return { spec, zone, rule: ruleOf(spec, zone, anchor) };
  });
  const [only] = parts;
  const isSingle = parts.length === 1;

  const next = (after: number): number | undefined => {
    if (isSingle) return only?.rule.next(after);
    let found: number | undefined;
    for (const { rule } of parts) {
      const slot = rule.next(after);
      if (slot !== undefined && (found === undefined || slot < found)) found = slot;
    }
    return found;
  };

  const between = (after: number, through: number, limit: number): number[] => {
    const slots: number[] = [];
    for (
      let slot = next(after);
      slot !== undefined && slot <= through && slots.length < limit;
      slot = next(slot)
    ) {
      slots.push(slot);
    }
    return slots;
  };

  /** The rule a slot comes from. */
  const partOf = (slot: number) => parts.find(({ rule }) => rule.previous(slot) === slot) ?? only;

  return {
    next,
    between,
    previous(through) {
      let found: number | undefined;
      for (const { rule } of parts) {
        const slot = rule.previous(through);
        if (slot !== undefined && (found === undefined || slot > found)) found = slot;
      }
      return found;
    },
    count(after, through) {
      const sum = parts.reduce((total, { rule }) => total + rule.count(after, through), 0);
      if (isSingle || sum >= exactUnionLimit) return sum;
      return between(after, through, sum).length;
    },
    note(slot) {
      const part = partOf(slot);
      return part && noteOf(part.spec, part.zone, part.rule, slot);
    },
    zoneOf: (slot) => partOf(slot)?.zone ?? zoneOf(defaultTimezone),
    jitterSeconds: Math.max(0, ...parts.map(({ spec }) => spec.jitterSeconds)),
  };
}
