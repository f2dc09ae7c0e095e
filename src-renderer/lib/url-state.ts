import { useCallback, useMemo } from 'react';
import { useSearchParams } from 'react-router';

/** One text of the address's query; '' when absent. Setting '' removes it. History is replaced, not grown. */
export function useUrlText(name: string): readonly [string, (value: string) => void] {
  const [params, setParams] = useSearchParams();
  const set = useCallback(
    (value: string) =>
      setParams(
        (current) => {
          const next = new URLSearchParams(current);
          if (value === '') next.delete(name);
          else next.set(name, value);
          return next;
        },
        { replace: true },
      ),
    [name, setParams],
  );
  return [params.get(name) ?? '', set];
}

/** A list in the address's query (`status=failed,timeout`); empty when absent. */
export function useUrlList(name: string): readonly [readonly string[], (values: readonly string[]) => void] {
  const [text, setText] = useUrlText(name);
  const list = useMemo(() => text.split(',').filter((part) => part !== ''), [text]);
  const set = useCallback((values: readonly string[]) => setText(values.join(',')), [setText]);
  return [list, set];
}
