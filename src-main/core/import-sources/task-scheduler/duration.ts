/** An XML Schema duration (`PT15M`, `P1DT2H`) in seconds; a month counts 30 days, a year 365. Undefined for anything else. */
export function durationSeconds(text: string | undefined): number | undefined {
  const match =
    /^P(?:(\d+)Y)?(?:(\d+)M)?(?:(\d+)W)?(?:(\d+)D)?(?:T(?:(\d+)H)?(?:(\d+)M)?(?:(\d+(?:\.\d+)?)S)?)?$/.exec(
      text?.trim() ?? '',
    );
  if (!match || text?.trim() === 'P') return undefined;
  const [years, months, weeks, days, hours, minutes, seconds] = match
    .slice(1)
    .map((part) => Number(part ?? 0)) as [number, number, number, number, number, number, number];
  return (years * 365 + months * 30 + weeks * 7 + days) * 86_400 + hours * 3600 + minutes * 60 + seconds;
}
