import type { ClockGap } from './clock-watch';

/** Why slots of a stretch did not run, told in the row's sentence. All instants epoch ms. */
export type Absence =
  | { readonly kind: 'not_running'; readonly from: number; readonly to: number }
  | { readonly kind: 'paused'; readonly from: number; readonly to: number; readonly by: string }
  | { readonly kind: 'stopped'; readonly from: number; readonly to: number; readonly by: string }
  | { readonly kind: 'clock'; readonly from: number; readonly to: number; readonly gap: ClockGap };

const shown = (instant: number): string =>
  `${new Date(instant).toISOString().slice(0, 19).replace('T', ' ')} UTC`;

function because(absence: Absence | undefined): string {
  if (!absence) return 'The scheduler was late';
  const stretch = `from ${shown(absence.from)} to ${shown(absence.to)}`;
  switch (absence.kind) {
    case 'not_running':
      return `The program was not running ${stretch}`;
    case 'paused':
      return `The scheduler was paused by ${absence.by} ${stretch}`;
    case 'stopped':
      return `The scheduler was stopped by ${absence.by} ${stretch}`;
    case 'clock':
      return absence.gap.kind === 'frozen'
        ? `The program stood still ${stretch}`
        : `The computer was asleep, or its clock was set forward, ${stretch}`;
  }
}

/** One sentence for a row of slots that did not run. */
export function missReason(
  missed: { readonly count: number; readonly first: number; readonly last: number },
  absence: Absence | undefined,
  details: { readonly graceSeconds: number | null; readonly coalescedInto: number | undefined },
): string {
  const slots =
    missed.count === 1
      ? ''
      : ` ${missed.count} planned runs, ${shown(missed.first)} to ${shown(missed.last)}.`;
  if (details.coalescedInto !== undefined) {
    return `${because(absence)}.${slots} Coalesced into the run planned for ${shown(details.coalescedInto)}`;
  }
  const grace =
    details.graceSeconds === null ? '' : `; later than the grace time of ${details.graceSeconds} s`;
  return `${because(absence)}${grace}.${slots}`;
}
