/** `2026-11-24T14:30` in the viewer's zone, as a field of type datetime-local holds it; '' for what is no instant. */
export function toLocalField(instant: number): string {
  if (Number.isNaN(instant)) return '';
  const at = new Date(instant);
  return new Date(instant - at.getTimezoneOffset() * 60_000).toISOString().slice(0, 16);
}

/** What such a field holds, as an instant in UTC; undefined for what is no time. */
export function fromLocalField(text: string): string | undefined {
  const at = Date.parse(text);
  return Number.isNaN(at) ? undefined : new Date(at).toISOString();
}
