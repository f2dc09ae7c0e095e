import { SqlError } from '../../../core/ports/sql-client';

/** What is waited for, unless the run is cancelled first. What comes later is the caller's to clean up. */
export async function whileWanted<T>(wanted: Promise<T>, signal: AbortSignal): Promise<T> {
  let onAbort: () => void = () => undefined;
  const aborted = new Promise<never>((_, reject) => {
    onAbort = () => reject(new SqlError('The query was cancelled'));
    if (signal.aborted) onAbort();
    else signal.addEventListener('abort', onAbort, { once: true });
  });
  // Whoever lost the race must not end the program by its failure.
  wanted.catch(() => undefined);
  try {
    return await Promise.race([wanted, aborted]);
  } finally {
    signal.removeEventListener('abort', onAbort);
  }
}

/** What is waited for, or what `late` makes of its not coming in time; a cancel ends the waiting too. */
export async function within<T>(
  wanted: Promise<T>,
  milliseconds: number,
  late: () => T,
  signal: AbortSignal = new AbortController().signal,
): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const tooLate = new Promise<T>((resolve, reject) => {
    timer = setTimeout(() => {
      try {
        resolve(late());
      } catch (error) {
        reject(error);
      }
    }, milliseconds);
  });
  try {
    return await whileWanted(Promise.race([wanted, tooLate]), signal);
  } finally {
    clearTimeout(timer);
  }
}
