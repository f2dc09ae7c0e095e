/** Work done one after the other; at once and without a promise as long as nothing has to be waited for. */
export interface OrderedWork {
  push(work: () => void | Promise<void>): void;
  /** Resolves when all that was pushed is done; rejects with the first failure. */
  idle(): Promise<void>;
  readonly waiting: number;
}

/** `onFree` is called when nothing waits any more, `onFail` once; what comes after a failure is dropped. */
export function createOrderedWork(on: { readonly free: () => void; readonly fail: () => void }): OrderedWork {
  let queue: (() => void | Promise<void>)[] = [];
  let busy: Promise<void> | undefined;
  let failure: { readonly error: unknown } | undefined;

  const fail = (error: unknown) => {
    if (failure) return;
    failure = { error };
    queue = [];
    on.fail();
  };

  const drain = async (first: Promise<void>) => {
    try {
      await first;
      while (queue.length > 0) {
        const batch = queue;
        queue = [];
        for (const work of batch) {
          const pending = work();
          if (pending) await pending;
        }
      }
    } catch (error) {
      fail(error);
    }
    busy = undefined;
    on.free();
  };

  return {
    push(work) {
      if (failure) return;
      if (busy) {
        queue.push(work);
        return;
      }
      try {
        const pending = work();
        if (pending) busy = drain(pending);
      } catch (error) {
        fail(error);
      }
    },
    async idle() {
      while (busy) await busy;
      if (failure) throw failure.error;
    },
    get waiting() {
      return queue.length;
    },
  };
}
