/** A reading of a clock on a wall, without a zone. Months count from 1. */
export interface CivilTime {
  readonly year: number;
  readonly month: number;
  readonly day: number;
  readonly hour: number;
  readonly minute: number;
  readonly second: number;
  readonly millisecond: number;
}

/** The instant (epoch ms) at which clocks in UTC show this. */
export const asUtc = (time: CivilTime): number =>
  Date.UTC(time.year, time.month - 1, time.day, time.hour, time.minute, time.second, time.millisecond);

const formatters = new Map<string, Intl.DateTimeFormat>();

function formatterOf(zone: string): Intl.DateTimeFormat {
  const known = formatters.get(zone);
  if (known) return known;
  const made = new Intl.DateTimeFormat('en-US', {
    timeZone: zone,
    hourCycle: 'h23',
    year: 'numeric',
    month: 'numeric',
    day: 'numeric',
    hour: 'numeric',
    minute: 'numeric',
    second: 'numeric',
  });
  formatters.set(zone, made);
  return made;
}

/** What clocks in `zone` show at an instant. The zone must exist. */
export function civilIn(instant: number, zone: string): CivilTime {
  const parts = Object.fromEntries(
    formatterOf(zone)
      .formatToParts(instant)
      .map(({ type, value }) => [type, Number(value)]),
  ) as unknown as Omit<CivilTime, 'millisecond'>;
  const millisecond = ((instant % 1000) + 1000) % 1000;
  const { year, month, day, hour, minute, second } = parts;
  return { year, month, day, hour, minute, second, millisecond };
}
