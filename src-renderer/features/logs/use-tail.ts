import { useEffect } from 'react';
import type { LogsFilter } from './logs-filter';
import { useLogs } from './logs-store';

const everyMs = 1000;
const afterErrorMs = 5000;

/** Asks for new lines once a second while somebody looks; a slow answer delays the next question. */
export function useTail(filter: LogsFilter, isOn: boolean): void {
  const follow = useLogs((logs) => logs.follow);
  // biome-ignore lint/correctness/useExhaustiveDependencies: the filter counts by what it says
  useEffect(() => {
    if (!isOn) return;
    let timer: ReturnType<typeof setTimeout> | undefined;
    let isOver = false;
    const ask = async () => {
      let waitMs = everyMs;
      try {
        if (!document.hidden && (await follow(filter))) waitMs = 0;
      } catch {
        // The frame says that the program does not answer; here the lines just stay as they are.
        waitMs = afterErrorMs;
      }
      if (!isOver) timer = setTimeout(() => void ask(), waitMs);
    };
    timer = setTimeout(() => void ask(), everyMs);
    return () => {
      isOver = true;
      clearTimeout(timer);
    };
  }, [JSON.stringify(filter), isOn, follow]);
}
