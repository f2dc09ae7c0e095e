import { InvalidArgumentError } from 'commander';
import { parseScheduleDate } from '../../../src-shared/schedule/schedule-date';

/** Reads a whole number from 1 to `maximum`. */
export function isPositiveInteger(maximum: number) {
  return (text: string): number => {
    const value = Number(text);
    if (!/^\d{1,15}$/.test(text) || value < 1 || value > maximum)
      throw new InvalidArgumentError(`expected a whole number from 1 to ${maximum}.`);
    return value;
  };
}

/** An instant with its zone, or a time of this machine's clock (`2026-11-24 08:00`), as ISO text with `Z`. */
export function instant(text: string): string {
  const read = parseScheduleDate(text);
  if (typeof read === 'string') throw new InvalidArgumentError(`it ${read}.`);
  if (read.kind === 'instant') return new Date(read.epoch).toISOString();
  const there = new Date(read.local);
  return new Date(
    there.getUTCFullYear(),
    there.getUTCMonth(),
    there.getUTCDate(),
    there.getUTCHours(),
    there.getUTCMinutes(),
    there.getUTCSeconds(),
  ).toISOString();
}
