import type { Slot } from '../../../src-shared/model/slot';
import type { CoreSettings } from '../core-settings';
import type { Job } from '../jobs/job';
import type { Random } from '../ports/random';
import type { NamedRecord, ScheduleStateRecord } from '../ports/schedule-store';
import type { ExecutionRecord } from '../ports/store';
import { slotsOfRows } from '../schedule/slot-rows';
import { createTrigger } from '../schedule/trigger';
import { zoneOf } from '../schedule/zone';
import { createMemoryStore } from './memory-store';
import { createSimulatedCore, type OutcomeOf, simulatedRecord } from './simulated-core';
import { createVirtualTime } from './virtual-time';

export interface SimulationOptions {
  readonly jobs: readonly Job[];
  readonly calendars?: readonly NamedRecord[];
  readonly windows?: readonly NamedRecord[];
  /** Where the timetables stand; jobs without a place begin at `from`. */
  readonly places?: readonly ScheduleStateRecord[];
  readonly settings: CoreSettings;
  readonly from: number;
  readonly to: number;
  readonly outcomeOf: OutcomeOf;
  readonly random: Random;
  /** Resolves when everything under way has settled: a turn of the event loop. */
  readonly turn: () => Promise<void>;
}

export interface SimulatedSlot extends Slot {
  readonly job_id: string;
}

export interface Simulation {
  /** All rows, oldest first, as the history would hold them. */
  readonly rows: readonly ExecutionRecord[];
  /** The same as slots, by time, then job. */
  readonly slots: readonly SimulatedSlot[];
}

/** Plays the real core through a stretch of time and tells what became of every planned slot. */
export async function simulate(options: SimulationOptions): Promise<Simulation> {
  const { from, to } = options;
  const time = createVirtualTime(from, options.turn);
  // Nothing was missed before the play begins: it shows what is planned, not what went before.
  const places = options.places?.map((place) => ({ ...place, cursor: Math.max(place.cursor, from - 1) }));
  const store = createMemoryStore({
    jobs: options.jobs.map(simulatedRecord),
    places,
    calendars: options.calendars,
    windows: options.windows,
  });
  const core = createSimulatedCore({ ...options, store, time });
  await core.start();
  await time.runUntil(to);
  const rows = [...store.rows()];
  // What runs on behind the end is cut off; its rows are told as they stood then.
  await core.stop();
  const slots = options.jobs.flatMap((job) => {
    const { job_id } = job.record;
    const trigger =
      job.schedule && createTrigger(job.schedule, { defaultTimezone: job.effective.timezone, anchor: from });
    const zone = trigger ? trigger.zoneOf : () => zoneOf(job.effective.timezone);
    const own = rows.filter((row) => row.job_id === job_id);
    return slotsOfRows(own, zone).map((slot) => ({ ...slot, job_id }));
  });
  slots.sort((a, b) =>
    a.scheduled_time === b.scheduled_time
      ? a.job_id < b.job_id
        ? -1
        : 1
      : a.scheduled_time < b.scheduled_time
        ? -1
        : 1,
  );
  return { rows, slots };
}
