/** What the rows of one table looked like when they were copied: a few bytes of each, however many there are. */
export interface SeenRows {
  readonly count: number;
  /** Rows of a numbered table come in the order of their numbers. */
  note(key: readonly unknown[], digest: Buffer): void;
  /** Whether the row was copied as it is now; undefined: it was not there. It counts as looked at. */
  compare(key: readonly unknown[], digest: Buffer): boolean | undefined;
  /** Keys that were copied and not looked at since the last call of `forget`. */
  unlooked(): (string | number)[][];
  /** Nothing counts as looked at any more. */
  forget(): void;
}

/** 48 bits: of a million rows, two changed ones look alike once in 280 million times a comparison. */
const shortOf = (digest: Buffer): number => digest.readUIntBE(0, 6);

/** Where the number stands, or would stand. */
function placeOf(sorted: readonly number[], wanted: number): number {
  let [low, high] = [0, sorted.length];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((sorted[middle] ?? 0) < wanted) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** Two plain arrays: a million runs need 17 MB. Rows noted since `forget` count as looked at. */
function numberedRows(): SeenRows {
  const ids: number[] = [];
  const digests: number[] = [];
  let looked = new Uint8Array(0);
  return {
    get count() {
      return ids.length;
    },
    note([id], digest) {
      const number = Number(id);
      const at = placeOf(ids, number);
      if (ids[at] === number) digests[at] = shortOf(digest);
      else {
        ids.splice(at, 0, number);
        digests.splice(at, 0, shortOf(digest));
      }
    },
    compare([id], digest) {
      const at = placeOf(ids, Number(id));
      if (ids[at] !== Number(id)) return undefined;
      looked[at] = 1;
      return digests[at] === shortOf(digest);
    },
    unlooked: () => ids.filter((_, at) => looked[at] === 0).map((id) => [id]),
    forget() {
      looked = new Uint8Array(ids.length);
    },
  };
}

function namedRows(): SeenRows {
  const rows = new Map<string, number>();
  let looked = new Set<string>();
  const nameOf = (key: readonly unknown[]) => JSON.stringify(key);
  return {
    get count() {
      return rows.size;
    },
    note: (key, digest) => void rows.set(nameOf(key), shortOf(digest)),
    compare(key, digest) {
      const name = nameOf(key);
      const known = rows.get(name);
      if (known === undefined) return undefined;
      looked.add(name);
      return known === shortOf(digest);
    },
    unlooked: () =>
      [...rows.keys()].filter((name) => !looked.has(name)).map((name) => JSON.parse(name) as string[]),
    forget() {
      looked = new Set();
    },
  };
}

export const createSeenRows = (isNumbered: boolean): SeenRows => (isNumbered ? numberedRows() : namedRows());
