import { useCallback, useMemo } from 'react';
import { useSearchParams } from 'react-router';
import { readList, writeList } from './list-text';

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

/** A list in the address's query (`status=failed,timeout`, an entry with a comma in quotes); empty when absent. */
export function useUrlList(name: string): readonly [readonly string[], (values: readonly string[]) => void] {
  const [text, setText] = useUrlText(name);
  const list = useMemo(() => readList(text), [text]);
  const set = useCallback((values: readonly string[]) => setText(writeList(values, ',')), [setText]);
  return [list, set];
}
