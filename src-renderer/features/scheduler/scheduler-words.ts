/** Who changed something and why: `key:abc (nightly): reason` as the program keeps it. */
export function readActor(text: string | null): { readonly who: string; readonly why: string } {
  if (text === null) return { who: '', why: '' };
  const key = /^(?:key|session):\S+ \((.+?)\)(?:: ([\s\S]*))?$/.exec(text);
  if (key) return { who: key[1] ?? '', why: key[2] ?? '' };
  const colon = text.indexOf(': ');
  return colon < 0 ? { who: text, why: '' } : { who: text.slice(0, colon), why: text.slice(colon + 2) };
}

export const stateLooks = {
  running: { word: 'Running', glyph: '●', tone: 'success' },
  paused: { word: 'Paused', glyph: '❚❚', tone: 'retry' },
  stopped: { word: 'Stopped', glyph: '■', tone: 'failed' },
} as const;

/** `2026-11-24T14:30` of this computer's zone, for a field of the browser. */
export function toLocalField(instant: number): string {
  const at = new Date(instant);
  return new Date(instant - at.getTimezoneOffset() * 60_000).toISOString().slice(0, 16);
}

export function fromLocalField(text: string): string | undefined {
  const at = Date.parse(text);
  return Number.isNaN(at) ? undefined : new Date(at).toISOString();
}
