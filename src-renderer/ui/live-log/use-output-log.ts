import { useEffect, useRef, useState } from 'react';
import { api } from '../../lib/api';
import { followOutput, useLive } from '../../lib/live';
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

  useEffect(() => (isEnded ? undefined : followOutput(execution_id)), [execution_id, isEnded]);
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
