import { windowsZones } from './windows-zones';

const known = new Map<string, string | undefined>();

/**
 * The IANA name of a zone as written (case does not matter; Windows names such as `Eastern Standard Time` are
 * translated by Unicode CLDR's table), or undefined when there is no such zone.
 */
export function timeZoneName(written: string): string | undefined {
  if (known.has(written)) return known.get(written);
  const name = windowsZones.get(written.toLowerCase()) ?? written;
  let resolved: string | undefined;
  try {
    // Offsets such as "+02:00" are accepted by newer Intl versions, but they are not zones: no rules, no name.
    if (/^[A-Za-z][A-Za-z0-9_+/-]{0,60}$/.test(name)) {
      resolved = new Intl.DateTimeFormat('en-US', { timeZone: name }).resolvedOptions().timeZone;
      // Keep the author's spelling where Intl would swap in an older alias, e.g. Asia/Kolkata -> Asia/Calcutta.
      resolved = resolved.toLowerCase() === name.toLowerCase() ? resolved : name;
    }
  } catch {
    // Not a zone: the caller says so, naming it.
  }
  if (known.size < 5000) known.set(written, resolved);
  return resolved;
}
