import type { GapRecord } from '../ports/schedule-store';
import { shownInstant } from './miss-reason';

/** A stretch in which schedules were not served, as a sentence without its full stop. */
export function gapText({ kind, from, to, actor, job_id }: GapRecord): string {
  const stretch = `from ${shownInstant(from)} to ${shownInstant(to)}`;
  const by = actor ?? 'somebody';
  switch (kind) {
    case 'not_running':
      return `The program was not running ${stretch}`;
    case 'stopped':
      return `The scheduler was stopped by ${by} ${stretch}`;
    case 'paused':
      return `The scheduler was paused by ${by} ${stretch}`;
    case 'disabled':
      return `Job "${job_id}" was disabled by ${by} ${stretch}`;
    case 'forward':
      return `The computer was asleep, or its clock was set forward, ${stretch}`;
    case 'backward':
      return `The clock was set back from ${shownInstant(to)} to ${shownInstant(from)}: these hours came twice, and slots that had run did not run again`;
    case 'frozen':
      return `The program stood still ${stretch}`;
  }
}
