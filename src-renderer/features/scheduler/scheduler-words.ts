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
