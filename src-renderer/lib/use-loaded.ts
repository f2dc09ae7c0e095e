import { useCallback, useEffect, useRef, useState } from 'react';

export interface Loaded<T> {
  /** Undefined until the first answer. */
  readonly data: T | undefined;
  readonly error: unknown;
  reload(): void;
}

/**
 * What a part of a page reads for itself. `key` says what is read: another one reads anew. An answer that comes after
 * a newer question is dropped; a failed renewal keeps what was shown.
 */
export function useLoaded<T>(read: () => Promise<T>, key = ''): Loaded<T> {
  const [state, setState] = useState<{ data: T | undefined; error: unknown }>({
    data: undefined,
    error: undefined,
  });
  const latest = useRef(read);
  latest.current = read;
  const asked = useRef(0);
  const reload = useCallback(() => {
    asked.current += 1;
    const own = asked.current;
    latest.current().then(
      (data) => {
        if (own === asked.current) setState({ data, error: undefined });
      },
      (error: unknown) => {
        if (own === asked.current) setState(({ data }) => ({ data, error }));
      },
    );
  }, []);
  // biome-ignore lint/correctness/useExhaustiveDependencies: `key` says what is read
  useEffect(reload, [key, reload]);
  return { ...state, reload };
}
