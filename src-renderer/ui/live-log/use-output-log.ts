import { useEffect, useRef, useState } from 'react';
import { api } from '../../lib/api';
import { followOutput, subscribeLive, useLive } from '../../lib/live';
import { createOutputLog, type OutputLog } from '../../lib/output-log';

/** The output of one execution, live while it runs. The component is drawn anew at most once a frame. */
export function useOutputLog(execution_id: string, isEnded: boolean): OutputLog {
  const [, setVersion] = useState(0);
  const frame = useRef<number | undefined>(undefined);
  const made = useRef<{ id: string; log: OutputLog } | undefined>(undefined);

  if (made.current?.id !== execution_id) {
    made.current?.log.close();
    const params = { execution_id };
    const log = createOutputLog(
      {
        lines: (from, limit) => api.executions.outputLines({ params, query: { from, limit } }),
        tail: (tail) => api.executions.outputLines({ params, query: { tail } }),
      },
      () => {
        frame.current ??= requestAnimationFrame(() => {
          frame.current = undefined;
          setVersion((version) => version + 1);
        });
      },
    );
    made.current = { id: execution_id, log };
  }
  const { log } = made.current;

  useEffect(() => {
    if (isEnded) return undefined;
    // What was written before the connection stood is heard by nobody, and perhaps nothing follows.
    const unsubscribe = subscribeLive({ onOpen: () => void made.current?.log.load() });
    const unfollow = followOutput(execution_id);
    return () => {
      unsubscribe();
      unfollow();
    };
  }, [execution_id, isEnded]);
  useLive(
    {
      load: () => void log.load(),
      apply(event) {
        if (event.type === 'execution.output' && event.data.execution_id === execution_id)
          log.append(event.data, Date.parse(event.time));
      },
    },
    // At the end once more: the middle of a very long output is cut out then.
    `${execution_id} ${isEnded}`,
  );
  useEffect(
    () => () => {
      if (frame.current !== undefined) cancelAnimationFrame(frame.current);
      frame.current = undefined;
    },
    [],
  );
  return log;
}
