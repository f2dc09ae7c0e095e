import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { createTrigger, type Trigger } from '../../../../src-main/core/schedule/trigger';
import { Schedule } from '../../../../src-shared/model/schedule';
import { parseSchedule } from '../../../../src-shared/schedule/parse-schedule';

interface Case {
  readonly tag: string;
  readonly kind: 'cron' | 'interval';
  readonly params: Record<string, unknown>;
  readonly timezone: string;
  readonly now: string;
  /** The slot served last, where the case has one. */
  readonly prev?: string;
  /** `null` at the end: the schedule is over. */
  readonly next?: readonly (string | null)[];
  readonly next_run_time?: string;
  readonly run_times?: readonly string[];
  readonly next_after?: string;
  readonly error?: string;
}

const file = new URL('../../../fixtures/apscheduler-fire-times.json', import.meta.url);
const { cases } = JSON.parse(readFileSync(file, 'utf8')) as { cases: Case[] };

/** Where docs/schedules.md departs from APScheduler on purpose. */
function differs({ tag, params }: Case): boolean {
  return (
    tag.startsWith('quirk-') ||
    tag.startsWith('dst-') ||
    tag.startsWith('interval-zero') ||
    tag === 'clock-set-back-refires' ||
    Object.keys(params).length === 0
  );
}

function triggerOf({ kind, params, timezone, now }: Case): Trigger | string {
  const shape = Schedule.safeParse({ type: kind, [`${kind}_params`]: params, timezone });
  if (!shape.success) return 'refused';
  const { parsed, issues } = parseSchedule(shape.data, 'schedule');
  return parsed
    ? createTrigger(parsed, { defaultTimezone: 'UTC', anchor: Date.parse(now) })
    : (issues[0]?.message ?? '');
}

function slots(one: Case, after: number, through: number, limit: number): number[] {
  const trigger = triggerOf(one);
  if (typeof trigger === 'string') throw new Error(trigger);
  return trigger.between(after, through, limit);
}

describe('fire times of APScheduler 3.11.3', () => {
  const agreeing = cases.filter((one) => !differs(one));
  it.each(
    agreeing.map(
      (one, index) => [`${index} ${one.tag} ${JSON.stringify(one.params)} ${one.timezone}`, one] as const,
    ),
  )('%s', (_title, one) => {
    if (one.error) {
      expect(triggerOf(one)).toBeTypeOf('string');
      return;
    }
    if (one.run_times && one.next_run_time && one.next_after) {
      const missed = slots(one, Date.parse(one.next_run_time) - 1, Date.parse(one.now), 100);
      expect(missed).toEqual(one.run_times.map((text) => Date.parse(text)));
      expect(slots(one, Date.parse(one.now), Number.POSITIVE_INFINITY, 1)).toEqual([
        Date.parse(one.next_after),
      ]);
      return;
    }
    const expected = (one.next ?? []).filter((text) => text !== null).map((text) => Date.parse(text));
    const isOver = one.next?.includes(null);
    const after = one.prev ? Date.parse(one.prev) : Date.parse(one.now) - 1;
    const computed = slots(one, after, Number.POSITIVE_INFINITY, expected.length + (isOver ? 1 : 0));
    expect(computed).toEqual(expected);
  });

  it('covers all but the named departures', () => {
    expect(agreeing.length).toBeGreaterThanOrEqual(130);
  });

  it.each(cases.filter((one) => one.tag === 'quirk-trailing-garbage-ignored'))(
    'refuses the trailing text that APScheduler ignores in $params',
    (one) => {
      expect(triggerOf(one)).toBeTypeOf('string');
    },
  );

  it('refuses empty cron_params and an interval of nothing', () => {
    for (const one of cases.filter(
      ({ tag, params }) => tag.startsWith('interval-zero') || Object.keys(params).length === 0,
    )) {
      expect(triggerOf(one)).toBeTypeOf('string');
    }
  });
});
