/** So many faults of the program itself within a minute are no accident. */
export const mostFaults = 5;
const spanMs = 60_000;

/** Counts faults; true from the one on that is too many. */
export function createFaultCounter(now: () => number): () => boolean {
  const faults: number[] = [];
  return () => {
    const at = now();
    faults.push(at);
    while ((faults[0] ?? at) < at - spanMs) faults.shift();
    return faults.length >= mostFaults;
  };
}
