/** A timetable entry: which job is due when. */
export interface HeapEntry {
  readonly job_id: string;
  readonly next: number;
}

/**
 * The earliest due entry of many, in O(log n). An entry that was replaced stays inside until it surfaces;
 * the caller recognises it by comparing with what it holds now.
 */
export interface SlotHeap {
  push(entry: HeapEntry): void;
  peek(): HeapEntry | undefined;
  pop(): HeapEntry | undefined;
  clear(): void;
  readonly size: number;
}

export function createSlotHeap(): SlotHeap {
  const items: HeapEntry[] = [];
  const at = (index: number): HeapEntry => items[index] as HeapEntry;
  const swap = (a: number, b: number) => {
    const kept = at(a);
    items[a] = at(b);
    items[b] = kept;
  };

  const sink = () => {
    let index = 0;
    for (;;) {
      const left = index * 2 + 1;
      if (left >= items.length) return;
      const right = left + 1;
      const least = right < items.length && at(right).next < at(left).next ? right : left;
      if (at(index).next <= at(least).next) return;
      swap(index, least);
      index = least;
    }
  };

  return {
    push(entry) {
      items.push(entry);
      let index = items.length - 1;
      while (index > 0) {
        const parent = (index - 1) >> 1;
        if (at(parent).next <= at(index).next) return;
        swap(parent, index);
        index = parent;
      }
    },
    peek: () => items[0],
    pop() {
      const first = items[0];
      const last = items.pop();
      if (items.length > 0 && last) {
        items[0] = last;
        sink();
      }
      return first;
    },
    clear() {
      items.length = 0;
    },
    get size() {
      return items.length;
    },
  };
}
