import type { TimelineJob } from '../../../src-shared/contract/statistics';

/** A stretch of time drawn over a width. */
export interface Scale {
  readonly from: number;
  readonly to: number;
  readonly width: number;
}

export interface Box {
  readonly x: number;
  readonly width: number;
}

const narrowest = 3;

export function xOf(instant: number, { from, to, width }: Scale): number {
  return ((instant - from) / (to - from)) * width;
}

/** Where a run is drawn: cut at the edges, never narrower than can be seen and hit. */
export function boxOf(start: number, end: number, scale: Scale): Box | undefined {
  const left = Math.max(0, xOf(start, scale));
  const right = Math.min(scale.width, xOf(end, scale));
  if (right < 0 || left > scale.width) return undefined;
  const x = Math.min(left, scale.width - narrowest);
  return { x, width: Math.max(narrowest, right - x) };
}

/** Steps of the axis, in minutes, and how many of them fit a width. */
const steps = [5, 10, 15, 30, 60, 120, 180, 360, 720, 1440];
const roomPerMark = 76;

/** The instants the axis names: whole steps of the viewer's clock. */
export function axisMarks(scale: Scale): readonly number[] {
  const minutes = (scale.to - scale.from) / 60_000;
  const most = Math.max(2, Math.floor(scale.width / roomPerMark));
  const step = (steps.find((each) => minutes / each <= most) ?? 1440) * 60_000;
  const marks: number[] = [];
  // Local midnight is the origin: with UTC as origin a day would be marked at 01:00.
  const origin = new Date(scale.from).setHours(0, 0, 0, 0);
  for (let at = origin; at <= scale.to; at += step) if (at >= scale.from) marks.push(at);
  return marks;
}

/** Planned runs that would touch each other are drawn as fewer. */
export function spreadSlots(
  slots: TimelineJob['slots'],
  scale: Scale,
  leastGap: number,
): readonly { readonly at: number; readonly x: number }[] {
  const shown: { at: number; x: number }[] = [];
  for (const slot of slots) {
    const at = Date.parse(slot);
    const x = xOf(at, scale);
    if (x > scale.width) break;
    const last = shown.at(-1);
    if (!last || x - last.x >= leastGap) shown.push({ at, x });
  }
  return shown;
}
