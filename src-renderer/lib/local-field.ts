import { viewerZone } from './time-text';
import { instantOf, wallOf } from './wall-clock';

/** `2026-11-24T14:30` in the viewer's zone, as a field of type datetime-local holds it; '' for what is no instant. */
export function toLocalField(instant: number, zone = viewerZone): string {
  if (Number.isNaN(instant)) return '';
  return new Date(wallOf(instant, zone)).toISOString().slice(0, 16);
}

/** What such a field holds, as an instant in UTC; undefined for what is no time. */
export function fromLocalField(text: string, zone = viewerZone): string | undefined {
  const wall = Date.parse(`${text}Z`);
  return Number.isNaN(wall) ? undefined : new Date(instantOf(wall, zone)).toISOString();
}
