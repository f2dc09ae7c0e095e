import type { TimelineJob } from '../../../src-shared/contract/statistics';
import { startOfDay } from '../../lib/wall-clock';

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
  const origin = startOfDay(scale.from);
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

/** A run as it is drawn, or several that touch each other and ended alike. */
export interface Mark {
  /** The last of them. */
  readonly run: TimelineJob['runs'][number];
  readonly count: number;
  readonly start: number;
  readonly end: number;
  readonly box: Box;
}

/** Less room than this between two marks can't be seen. */
const leastRoom = 1;

/**
 * The marks of a row: a job of every few seconds has thousands of runs within a day, and room for some hundred.
 * Runs that ended alike and touch are one mark; what went wrong is never swallowed by what went well.
 */
export function marksOf(runs: TimelineJob['runs'], scale: Scale, now: number): readonly Mark[] {
  const marks: Mark[] = [];
  for (const run of runs) {
    const start = Date.parse(run.start_time);
    const end = run.end_time === null ? now : Date.parse(run.end_time);
    const box = end < scale.from ? undefined : boxOf(start, end, scale);
    if (!box) continue;
    const last = marks.at(-1);
    const touches = last !== undefined && box.x - (last.box.x + last.box.width) < leastRoom;
    if (last && touches && last.run.status === run.status) {
      const right = Math.max(last.box.x + last.box.width, box.x + box.width);
      marks[marks.length - 1] = {
        run,
        count: last.count + run.count,
        start: last.start,
        end: Math.max(last.end, end),
        box: { x: last.box.x, width: right - last.box.x },
      };
    } else marks.push({ run, count: run.count, start, end, box });
  }
  return marks;
}
