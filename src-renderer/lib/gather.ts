/** A function that does the work once for all calls of the next `ms`: bursts of events cost one reading. */
export function gather(work: () => void, ms: number): () => void {
  let isWaiting = false;
  return () => {
    if (isWaiting) return;
    isWaiting = true;
    setTimeout(() => {
      isWaiting = false;
      work();
    }, ms);
  };
}
