/** The first of many by an order, in O(log n). */
export interface Heap<T> {
  push(item: T): void;
  peek(): T | undefined;
  pop(): T | undefined;
  clear(): void;
}

/** An empty heap. Items that `isBefore` calls equal come in no particular order. */
export function createHeap<T>(isBefore: (a: T, b: T) => boolean): Heap<T> {
  const items: T[] = [];
  const swap = (a: number, b: number) => {
    const kept = items[a] as T;
    items[a] = items[b] as T;
    items[b] = kept;
  };
  return {
    peek: () => items[0],
    push(item) {
      items.push(item);
      let index = items.length - 1;
      while (index > 0) {
        const parent = (index - 1) >> 1;
        if (!isBefore(items[index] as T, items[parent] as T)) break;
        swap(index, parent);
        index = parent;
      }
    },
    pop() {
      const first = items[0];
      const last = items.pop();
      if (items.length === 0 || last === undefined) return first;
      items[0] = last;
      let index = 0;
      for (;;) {
        const left = index * 2 + 1;
        if (left >= items.length) break;
        const right = left + 1;
        const least = right < items.length && isBefore(items[right] as T, items[left] as T) ? right : left;
        if (!isBefore(items[least] as T, items[index] as T)) break;
        swap(index, least);
        index = least;
      }
      return first;
    },
    clear() {
      items.length = 0;
    },
  };
}
