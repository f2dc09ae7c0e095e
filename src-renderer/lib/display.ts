/** How this browser shows times and lists: a choice of the person, kept in the browser. */
export interface DisplayChoice {
  /** `local`: the zone of this computer; else an IANA zone. */
  readonly zone: string;
  /** `h23`: 14:30, `h12`: 2:30 pm. */
  readonly clock: 'h23' | 'h12';
  readonly density: 'comfortable' | 'compact';
}

const key = 'display';
export const displayDefaults: DisplayChoice = { zone: 'local', clock: 'h23', density: 'comfortable' };

function isZone(zone: unknown): zone is string {
  if (typeof zone !== 'string') return false;
  try {
    return zone === 'local' || new Intl.DateTimeFormat('en', { timeZone: zone }) !== undefined;
  } catch {
    return false;
  }
}

function read(): DisplayChoice {
  try {
    const stored = JSON.parse(localStorage.getItem(key) ?? '{}') as Partial<DisplayChoice>;
    return {
      zone: isZone(stored.zone) ? stored.zone : displayDefaults.zone,
      clock: stored.clock === 'h12' ? 'h12' : 'h23',
      density: stored.density === 'compact' ? 'compact' : 'comfortable',
    };
  } catch {
    return displayDefaults;
  }
}

/** What holds since the page was loaded. */
export const display: DisplayChoice = read();

/** Keeps a choice and loads the page anew: times are everywhere, and all of them must agree. */
export function chooseDisplay(choice: Partial<DisplayChoice>): void {
  try {
    localStorage.setItem(key, JSON.stringify({ ...display, ...choice }));
  } catch {
    // A browser that keeps nothing shows things as they are by default.
    return;
  }
  location.reload();
}
