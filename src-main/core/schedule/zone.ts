/** One change of a zone's offset. */
export interface Transition {
  /** First instant with the new offset, epoch ms. */
  readonly at: number;
  readonly before: number;
  readonly after: number;
}

/** A time zone's offsets. Offsets are what is added to UTC to give local time, in ms. */
export interface Zone {
  readonly name: string;
  offsetAt(instant: number): number;
  /** Changes with from < at <= to. */
  transitions(from: number, to: number): readonly Transition[];
}

const dayMs = 86_400_000;
const yearMs = 366 * dayMs;
/** Two changes have never lain closer than some weeks; Ramadan pauses of Casablanca and Cairo are about four. */
const sampleMs = 4 * dayMs;
/** A change found to the second: zones have changed at odd seconds only before 1970. */
const exactMs = 1000;

function offsetReader(name: string): (instant: number) => number {
  const format = new Intl.DateTimeFormat('en-US', {
    timeZone: name,
    hourCycle: 'h23',
    era: 'short',
    year: 'numeric',
    month: 'numeric',
    day: 'numeric',
    hour: 'numeric',
    minute: 'numeric',
    second: 'numeric',
  });
  return (instant) => {
    const whole = Math.floor(instant / 1000) * 1000;
    const fields: Record<string, string> = {};
    for (const { type, value } of format.formatToParts(whole)) fields[type] = value;
    const year = fields.era === 'BC' ? 1 - Number(fields.year) : Number(fields.year);
    const local = Date.UTC(
      year,
      Number(fields.month) - 1,
      Number(fields.day),
      Number(fields.hour),
      Number(fields.minute),
      Number(fields.second),
    );
    return local - whole;
  };
}

/** Asks Intl once per stretch of a year and remembers the changes in it: Intl costs microseconds, a look-up does not. */
function createZone(name: string): Zone {
  const read = offsetReader(name);
  /** Changes by block of a year. */
  const blocks = new Map<number, { readonly start: number; readonly changes: readonly Transition[] }>();

  const blockOf = (index: number) => {
    const known = blocks.get(index);
    if (known) return known;
    const from = index * yearMs;
    const to = from + yearMs;
    const changes: Transition[] = [];
    const start = read(from);
    let before = start;
    for (let left = from; left < to; ) {
      const right = Math.min(left + sampleMs, to);
      const after = read(right);
      if (after !== before) {
        let low = left;
        let high = right;
        while (high - low > exactMs) {
          const middle = Math.floor((low + high) / 2 / exactMs) * exactMs;
          if (read(middle) === before) low = middle;
          else high = middle;
        }
        changes.push({ at: high, before, after });
        before = after;
      }
      left = right;
    }
    const block = { start, changes };
    // Far-away years are asked for once, by a schedule that seeks its end: no need to keep them all.
    if (blocks.size > 400) blocks.clear();
    blocks.set(index, block);
    return block;
  };

  return {
    name,
    offsetAt(instant) {
      const { start, changes } = blockOf(Math.floor(instant / yearMs));
      let offset = start;
      for (const change of changes) {
        if (change.at > instant) break;
        offset = change.after;
      }
      return offset;
    },
    transitions(from, to) {
      const found: Transition[] = [];
      for (let index = Math.floor(from / yearMs); index <= Math.floor(to / yearMs); index += 1) {
        for (const change of blockOf(index).changes)
          if (change.at > from && change.at <= to) found.push(change);
      }
      return found;
    },
  };
}

const fixedUtc: Zone = { name: 'UTC', offsetAt: () => 0, transitions: () => [] };
const zones = new Map<string, Zone>([['UTC', fixedUtc]]);

/** The zone of that IANA name. Throws RangeError when there is none. */
export function zoneOf(name: string): Zone {
  const known = zones.get(name);
  if (known) return known;
  const zone = createZone(name);
  zone.offsetAt(0);
  zones.set(name, zone);
  return zone;
}

/** Where a local time lands. `local` holds the wall clock's fields as if they were UTC, epoch ms. */
export type LocalResolution =
  | { readonly kind: 'once'; readonly instant: number }
  /** The clock skips it; `after` is the first instant behind the gap. */
  | { readonly kind: 'gap'; readonly after: number }
  | { readonly kind: 'fold'; readonly first: number; readonly second: number };

/** No offset lies further than this from UTC; with a change in between, a local time is this close to its instant. */
const widestMs = 16 * 3_600_000;

export function resolveLocal(zone: Zone, local: number, near?: readonly Transition[]): LocalResolution {
  const changes = near ?? zone.transitions(local - widestMs, local + widestMs);
  if (changes.length === 0) return { kind: 'once', instant: local - zone.offsetAt(local) };
  for (const { at, before, after } of changes) {
    const instantBefore = local - before;
    const instantAfter = local - after;
    if (instantBefore >= at && instantAfter < at) return { kind: 'gap', after: at };
    if (instantBefore < at && instantAfter >= at)
      return { kind: 'fold', first: instantBefore, second: instantAfter };
  }
  // Outside every gap and fold exactly one offset is its own.
  const offsets = [changes[0]?.before ?? 0, ...changes.map((change) => change.after)];
  const instant = offsets
    .map((offset) => local - offset)
    .find((one, index) => zone.offsetAt(one) === offsets[index]);
  return { kind: 'once', instant: instant ?? local - zone.offsetAt(local) };
}
