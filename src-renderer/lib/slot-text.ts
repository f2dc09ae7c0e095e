import { formatClock, formatClockSeconds, formatDay, viewerZone } from './time-text';
import { wallOf } from './wall-clock';

const minuteMs = 60_000;

/** A planned instant as it reads in the job's own zone. */
export interface SlotText {
  readonly day: string;
  readonly clock: string;
  /** The viewer's clock, when it shows something else: "14:30 here", with the day when that is another. */
  readonly here: string | undefined;
}

/** `instant` (epoch ms) in the zone of its job, and here; seconds are told where they are not zero. */
export function slotText(instant: number, zone: string, now: number, viewer = viewerZone): SlotText {
  const clockOf = instant % minuteMs === 0 ? formatClock : formatClockSeconds;
  const day = formatDay(instant, now, zone);
  const hereDay = formatDay(instant, now, viewer);
  const isSame = wallOf(instant, zone) === wallOf(instant, viewer);
  const hereClock = clockOf(instant, viewer);
  return {
    day,
    clock: clockOf(instant, zone),
    here: isSame ? undefined : `${hereDay === day ? hereClock : `${hereDay} ${hereClock}`} here`,
  };
}
