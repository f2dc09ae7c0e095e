/** Who did something, to a person: `key:abc (nightly)` is shown as nightly. */
export function actorWords(actor: unknown): string {
  if (typeof actor !== 'string') return '';
  return /\((.+)\)$/.exec(actor)?.[1] ?? actor;
}
