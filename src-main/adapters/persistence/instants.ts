/** Epoch ms as the tables hold it. */
export function toText(instant: number): string {
  return new Date(instant).toISOString();
}

export function toTextOrNull(instant: number | null): string | null {
  return instant === null ? null : toText(instant);
}

/** Reads a stored instant; a text without zone is UTC. NaN-proof: unreadable is 0. */
export function fromText(text: string): number {
  const hasZone = /(Z|[+-]\d{2}:?\d{2})$/.test(text);
  const instant = Date.parse(hasZone ? text : `${text.replace(' ', 'T')}Z`);
  return Number.isNaN(instant) ? 0 : instant;
}

export function fromTextOrNull(text: string | null): number | null {
  return text === null ? null : fromText(text);
}
