/**
 * A port, or part of the store, that has no say in when a job runs: lists are empty, and what is written is gone.
 * What a simulation does need of it is given in `parts`.
 */
export function inert<T extends object>(parts: Partial<T> = {}): T {
  return new Proxy(parts as T, {
    get(target, name) {
      if (name in target) return target[name as keyof T];
      return async () => (name === 'list' ? [] : undefined);
    },
  });
}
