/** Colours of the terminal; without colours every one leaves the text as it is. */
export interface Paint {
  readonly good: (text: string) => string;
  readonly bad: (text: string) => string;
  readonly warning: (text: string) => string;
  readonly dim: (text: string) => string;
  readonly strong: (text: string) => string;
  /** The colour that goes with the status of an execution or the fate of a slot. */
  readonly status: (text: string) => string;
}

const good = new Set(['success', 'ran', 'running', 'ok', 'enabled', 'healthy']);
const bad = new Set(['failed', 'timeout', 'missed', 'interrupted', 'stopped', 'unhealthy']);
const doubtful = new Set([
  'retry',
  'cancelled',
  'skipped',
  'withheld',
  'paused',
  'pending',
  'disabled',
  'shadow',
  'refused',
]);

export function createPaint(hasColour: boolean): Paint {
  const style = (code: number) => (text: string) => (hasColour ? `\u001b[${code}m${text}\u001b[0m` : text);
  const paint = { good: style(32), bad: style(31), warning: style(33), dim: style(2), strong: style(1) };
  return {
    ...paint,
    status: (text) => {
      const word = text.trim();
      if (good.has(word)) return paint.good(text);
      if (bad.has(word)) return paint.bad(text);
      return doubtful.has(word) ? paint.warning(text) : text;
    },
  };
}

/** Colours only for a person at a terminal who has not refused them (https://no-color.org). */
export function wantsColour(facts: {
  readonly isInteractive: boolean;
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly isRefused: boolean;
}): boolean {
  const { NO_COLOR, TERM } = facts.environment;
  return facts.isInteractive && !facts.isRefused && !NO_COLOR && TERM !== 'dumb';
}
