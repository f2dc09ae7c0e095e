/** Seconds of a day as cron fields: the fewest rules that together name exactly these times. */
export interface ClockFields {
  readonly hour: string;
  readonly minute: string;
  readonly second?: string;
}

const dayHours = 24;

function listOf(values: Iterable<number>, all: number): string {
  const sorted = [...new Set(values)].sort((a, b) => a - b);
  if (sorted.length === all) return '*';
  const step = (sorted[1] ?? 0) - (sorted[0] ?? 0);
  const isEven = sorted.every((value, index) => index === 0 || value - (sorted[index - 1] ?? 0) === step);
  if (sorted.length > 2 && isEven && sorted[0] === 0 && (sorted.at(-1) ?? 0) + step >= all)
    return `*/${step}`;
  if (sorted.length > 2 && step === 1 && isEven) return `${sorted[0]}-${sorted.at(-1)}`;
  return sorted.join(',');
}

/** Hours that have the same minutes go into one rule; an even spread over the whole day becomes a step. */
export function clockFields(secondsOfDay: readonly number[]): readonly ClockFields[] {
  const seconds = new Map<number, number[]>();
  for (const time of secondsOfDay) {
    const second = time % 60;
    seconds.set(second, [...(seconds.get(second) ?? []), Math.floor(time / 60)]);
  }
  /** Seconds by the hours and minutes they go with. */
  const rules = new Map<string, { readonly hour: string; readonly minute: string; seconds: number[] }>();
  for (const [second, minutesOfDay] of seconds) {
    const byHour = new Map<number, number[]>();
    for (const minute of minutesOfDay) {
      const hour = Math.floor(minute / 60);
      byHour.set(hour, [...(byHour.get(hour) ?? []), minute % 60]);
    }
    const byMinutes = new Map<string, number[]>();
    for (const [hour, minutes] of byHour) {
      const text = listOf(minutes, 60);
      byMinutes.set(text, [...(byMinutes.get(text) ?? []), hour]);
    }
    for (const [minute, hours] of byMinutes) {
      const hour = listOf(hours, dayHours);
      const key = `${hour} ${minute}`;
      const known = rules.get(key);
      if (known) known.seconds.push(second);
      else rules.set(key, { hour, minute, seconds: [second] });
    }
  }
  return [...rules.values()].map(({ hour, minute, seconds: all }) => {
    const second = listOf(all, 60);
    return { hour, minute, ...(second === '0' ? {} : { second }) };
  });
}
