import { exclusionReason } from './calendars/exclusion';
import type { ClockGap } from './clock-watch';
import { type Hold, holdReason } from './maintenance-window';
import type { Passed } from './misfire';

/** Why slots of a stretch could not be served, told in the row's sentence. All instants epoch ms. */
export type Absence =
  | { readonly kind: 'not_running'; readonly from: number; readonly to: number }
  | { readonly kind: 'paused'; readonly from: number; readonly to: number; readonly by: string }
  | { readonly kind: 'stopped'; readonly from: number; readonly to: number; readonly by: string }
  | { readonly kind: 'disabled'; readonly from: number; readonly to: number; readonly by: string }
  | { readonly kind: 'unusable'; readonly from: number; readonly to: number; readonly why: string }
  | { readonly kind: 'server_away'; readonly from: number; readonly to: number; readonly why: string }
  | { readonly kind: 'maintenance'; readonly from: number; readonly to: number; readonly hold: Hold }
  | { readonly kind: 'clock'; readonly from: number; readonly to: number; readonly gap: ClockGap };

export const shownInstant = (instant: number): string =>
  `${new Date(instant).toISOString().slice(0, 19).replace('T', ' ')} UTC`;

/** What kept slots from being served, as a sentence without its full stop. */
export function absenceText(absence: Absence | undefined): string {
  if (!absence) return 'The scheduler was late';
  const stretch = `from ${shownInstant(absence.from)} to ${shownInstant(absence.to)}`;
  switch (absence.kind) {
    case 'not_running':
      return `The program was not running ${stretch}`;
    case 'paused':
      return `The scheduler was paused by ${absence.by} ${stretch}`;
    case 'stopped':
      return `The scheduler was stopped by ${absence.by} ${stretch}`;
    case 'disabled':
      return `The job was disabled by ${absence.by} ${stretch}`;
    case 'unusable':
      return `The job could not run ${stretch} (${absence.why})`;
    case 'server_away':
      return `The database that the machines share was away ${stretch} (${absence.why})`;
    case 'maintenance':
      return holdReason(absence.hold);
    case 'clock':
      return absence.gap.kind === 'frozen'
        ? `The program stood still ${stretch}`
        : `The computer was asleep, or its clock was set forward, ${stretch}`;
  }
}

/** Somebody wanted it so: such slots are `skipped`, the others `missed`. */
export function isWanted(absence: Absence | undefined): boolean {
  return (
    absence !== undefined &&
    ['paused', 'stopped', 'disabled', 'unusable', 'maintenance'].includes(absence.kind)
  );
}

/** The job's rules, as far as a reason names them. */
export interface ReasonDetails {
  readonly graceSeconds: number | null;
  readonly catchUpSeconds: number | null;
  readonly mostRuns: number;
  readonly notAfter: string | null;
  readonly coalescedInto: number | undefined;
}

/** One sentence for a row of slots that did not run. */
export function missReason(passed: Passed, absence: Absence | undefined, details: ReasonDetails): string {
  const slots =
    passed.count === 1
      ? ''
      : ` ${passed.count} planned runs, ${shownInstant(passed.first)} to ${shownInstant(passed.last)}.`;
  const { cause } = passed;
  switch (cause.kind) {
    case 'excluded':
      return `${exclusionReason(cause.exclusion)}.${slots}`;
    case 'coalesced': {
      const into =
        details.coalescedInto === undefined
          ? ''
          : ` Coalesced into the run planned for ${shownInstant(details.coalescedInto)}`;
      return `${absenceText(absence)}.${slots}${into}`;
    }
    case 'grace':
      return `${absenceText(absence)}; later than the grace time of ${details.graceSeconds} s.${slots}`;
    case 'catch_up_window':
      return `${absenceText(absence)}; outside the catch-up window of ${details.catchUpSeconds} s.${slots}`;
    case 'not_after':
      return `${absenceText(absence)}; too late to start: not_after is ${details.notAfter}.${slots}`;
    case 'limit':
      return `${absenceText(absence)}; at most ${details.mostRuns} missed runs are caught up.${slots}`;
  }
}
