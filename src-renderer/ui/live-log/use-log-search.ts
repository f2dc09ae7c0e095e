import { useEffect, useRef, useState } from 'react';
import { api, errorText } from '../../lib/api';

export interface LogSearch {
  readonly text: string;
  readonly isStderrOnly: boolean;
  /** Numbers of the lines found, ascending; undefined while nothing is looked for, or not found out yet. */
  readonly lines: readonly number[] | undefined;
  readonly total: number;
  readonly problem: string;
}

const typingMs = 250;
/** A running output is looked through again this often. */
const againMs = 2000;
const mostLines = 100_000;

/** Looks a text up in the whole output, on the server: also in what was never loaded here. */
export function useLogSearch(
  execution_id: string,
  {
    text,
    isStderrOnly,
    size,
    isEnded,
  }: { text: string; isStderrOnly: boolean; size: number; isEnded: boolean },
): LogSearch {
  const [found, setFound] = useState<{ key: string; lines: readonly number[]; total: number }>();
  const [problem, setProblem] = useState('');
  const wanted = text.trim() === '' ? '' : text.slice(0, 200);
  const isOn = wanted !== '' || isStderrOnly;
  const key = `${execution_id}\n${isStderrOnly}\n${wanted}`;
  const asked = useRef({ key: '', size: -1 });

  useEffect(() => {
    if (!isOn) return;
    if (asked.current.key === key && asked.current.size === size) return;
    const isSame = asked.current.key === key;
    let isCurrent = true;
    const timer = setTimeout(
      async () => {
        asked.current = { key, size };
        try {
          const { lines, total } = await api.executions.searchOutput({
            params: { execution_id },
            query: {
              limit: mostLines,
              ...(wanted === '' ? {} : { text: wanted }),
              ...(isStderrOnly ? { stream: 'stderr' as const } : {}),
            },
          });
          setProblem('');
          // A later question may be on its way; its answer will come. This one is shown if it is still asked for.
          if (asked.current.key === key) setFound({ key, lines, total });
        } catch (error) {
          if (isCurrent) setProblem(errorText(error));
        }
      },
      isSame && !isEnded ? againMs : typingMs,
    );
    return () => {
      isCurrent = false;
      clearTimeout(timer);
    };
  }, [key, size, isOn, isEnded, execution_id, wanted, isStderrOnly]);

  const isKnown = isOn && found?.key === key;
  return {
    text: wanted,
    isStderrOnly,
    lines: isKnown ? found.lines : undefined,
    total: isKnown ? found.total : 0,
    problem: isOn ? problem : '',
  };
}
