import type { Job } from './job';

/** Folded texts of a job, in the order in which a match in them counts. */
interface SearchTexts {
  readonly name: string;
  readonly id: string;
  readonly tags: readonly string[];
  readonly description: string;
}

/** Where one part of a search was found; less is better. */
const place = {
  exact: 0,
  nameStart: 1,
  wordStart: 2,
  inName: 3,
  idStart: 4,
  inId: 5,
  tag: 6,
  inTag: 7,
  description: 8,
} as const;

/** Case and accents make no difference: `Überprüfung` is found by `uberpruf`. */
export const fold = (text: string): string =>
  text
    .normalize('NFD')
    .replace(/\p{Mn}/gu, '')
    .toLowerCase();

const isLetter = /[\p{L}\p{N}]/u;

function startsWord(text: string, part: string): boolean {
  for (let at = text.indexOf(part); at !== -1; at = text.indexOf(part, at + 1))
    if (at === 0 || !isLetter.test(text[at - 1] ?? '')) return true;
  return false;
}

function placeOf({ name, id, tags, description }: SearchTexts, part: string): number | undefined {
  if (name === part || id === part) return place.exact;
  if (name.startsWith(part)) return place.nameStart;
  if (name.includes(part)) return startsWord(name, part) ? place.wordStart : place.inName;
  if (id.includes(part)) return id.startsWith(part) ? place.idStart : place.inId;
  if (tags.includes(part)) return place.tag;
  if (tags.some((tag) => tag.includes(part))) return place.inTag;
  return description.includes(part) ? place.description : undefined;
}

/**
 * How well jobs fit a search. A text is looked for as it is, and word by word: every word has to be somewhere in the
 * job. What is left out of a job's texts costs nothing; they are folded once for each saved state of a job.
 */
export function createJobSearch(): (job: Job, search: string) => number | undefined {
  const known = new WeakMap<Job, SearchTexts>();
  const textsOf = (job: Job): SearchTexts => {
    const found = known.get(job);
    if (found) return found;
    const { record, definition } = job;
    const texts = {
      name: fold(record.name),
      id: fold(record.job_id),
      tags: (definition.tags ?? []).map(fold),
      description: fold(definition.description ?? ''),
    };
    known.set(job, texts);
    return texts;
  };
  let last:
    | { readonly search: string; readonly whole: string; readonly words: readonly string[] }
    | undefined;
  const partsOf = (search: string) => {
    if (last?.search === search) return last;
    const whole = fold(search.trim());
    last = { search, whole, words: whole.split(/\s+/).filter(Boolean) };
    return last;
  };

  return (job, search) => {
    const { whole, words } = partsOf(search);
    if (words.length === 0) return 0;
    const texts = textsOf(job);
    const asWhole = placeOf(texts, whole);
    if (words.length === 1) return asWhole === undefined ? undefined : 2 * asWhole;
    // Words that stand apart are as good as the worst of them, and a little less than the same found together.
    let worst = 0;
    for (const word of words) {
      const at = placeOf(texts, word);
      if (at === undefined) return undefined;
      worst = Math.max(worst, at);
    }
    return Math.min(asWhole === undefined ? Number.POSITIVE_INFINITY : 2 * asWhole, 2 * worst + 1);
  };
}
