import { useCallback, useMemo } from 'react';
import { useSearchParams } from 'react-router';
import { readList, writeList } from './list-text';

/**
 * Changes texts of the address's query together; '' removes one. History is replaced, not grown, unless `isStep`:
 * then Back leads to where it was before.
 */
export function useUrlChange(): (texts: Readonly<Record<string, string>>, isStep?: boolean) => void {
  const [, setParams] = useSearchParams();
  return useCallback(
    (texts, isStep = false) =>
      setParams(
        (current) => {
          const next = new URLSearchParams(current);
          for (const [name, value] of Object.entries(texts)) {
            if (value === '') next.delete(name);
            else next.set(name, value);
          }
          return next;
        },
        { replace: !isStep },
      ),
    [setParams],
  );
}

/** One text of the address's query; '' when absent. Setting '' removes it. History is replaced, not grown. */
export function useUrlText(name: string): readonly [string, (value: string) => void] {
  const [params] = useSearchParams();
  const change = useUrlChange();
  const set = useCallback((value: string) => change({ [name]: value }), [name, change]);
  return [params.get(name) ?? '', set];
}

/** Which part of a page is shown, as `?tab=`; Back leads to the one before. The first of `tabs` needs no word. */
export function useUrlTab<T extends string>(
  tabs: readonly [T, ...T[]],
): readonly [tab: T, choose: (tab: T) => void] {
  const [params] = useSearchParams();
  const change = useUrlChange();
  const [first] = tabs;
  const choose = useCallback((tab: T) => change({ tab: tab === first ? '' : tab }, true), [change, first]);
  const text = params.get('tab');
  return [tabs.find((tab) => tab === text) ?? first, choose];
}

/** A list in the address's query (`status=failed,timeout`, an entry with a comma in quotes); empty when absent. */
export function useUrlList(name: string): readonly [readonly string[], (values: readonly string[]) => void] {
  const [text, setText] = useUrlText(name);
  const list = useMemo(() => readList(text), [text]);
  const set = useCallback((values: readonly string[]) => setText(writeList(values, ',')), [setText]);
  return [list, set];
}
