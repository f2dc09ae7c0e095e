/**
 * Due times found by walking every minute of a stretch and asking Intl for the wall clock: slow, and written without
 * a look at the trigger code. Rules: spec of schedules, "Daylight saving".
 */
export interface OracleCron {
  readonly hour: readonly number[] | '*';
  readonly minute: readonly number[] | '*';
  /** 0 = Monday. */
  readonly weekday?: readonly number[];
  readonly day?: readonly number[];
  readonly fold: 'once' | 'twice';
  readonly gap: 'run_after' | 'skip';
}

const minuteMs = 60_000;

/** Wall clock at every minute of [from, to), as if it were UTC. */
export function wallClocks(zone: string, from: number, to: number): number[] {
  const format = new Intl.DateTimeFormat('en-US', {
    timeZone: zone,
    hourCycle: 'h23',
    year: 'numeric',
    month: '2-digit',
    day: '2-digit',
    hour: '2-digit',
    minute: '2-digit',
  });
  const walls: number[] = [];
  for (let instant = from; instant < to; instant += minuteMs) {
    const [month, day, year, hour, minute] = (format.format(instant).match(/\d+/g) ?? []).map(Number);
    walls.push(Date.UTC(year ?? 0, (month ?? 1) - 1, day, hour, minute));
  }
  return walls;
}

function matches(wall: number, cron: OracleCron): boolean {
  const date = new Date(wall);
  const has = (list: readonly number[] | '*' | undefined, value: number) =>
    list === undefined || list === '*' || list.includes(value);
  return (
    has(cron.hour, date.getUTCHours()) &&
    has(cron.minute, date.getUTCMinutes()) &&
    has(cron.weekday, (date.getUTCDay() + 6) % 7) &&
    has(cron.day, date.getUTCDate())
  );
}

/** All slots in the stretch that `walls` covers, beginning at `from`. */
export function oracleSlots(walls: readonly number[], from: number, cron: OracleCron): number[] {
  const instantsOf = new Map<number, number[]>();
  walls.forEach((wall, index) => {
    const known = instantsOf.get(wall) ?? [];
    known.push(from + index * minuteMs);
    instantsOf.set(wall, known);
  });
  const slots = new Set<number>();
  // One walk over the wall clock's own minutes: those it shows, and those it leaps over.
  let highest = walls[0] ?? 0;
  walls.forEach((wall, index) => {
    for (let leapt = highest + minuteMs; leapt < wall; leapt += minuteMs) {
      if (matches(leapt, cron) && cron.gap === 'run_after') slots.add(from + index * minuteMs);
    }
    if (matches(wall, cron)) {
      const both = instantsOf.get(wall) ?? [];
      const instant = from + index * minuteMs;
      if (cron.fold === 'twice' || both[0] === instant) slots.add(instant);
    }
    highest = Math.max(highest, wall);
  });
  return [...slots].sort((a, b) => a - b);
}
