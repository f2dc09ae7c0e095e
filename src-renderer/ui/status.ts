import type { ExecutionStatus } from '../../src-shared/model/execution';

/** What can be shown of a run or a job: an outcome, `disabled`, `shadow` (recorded, not run), or `never` ran. */
export type ShownStatus = ExecutionStatus | 'disabled' | 'shadow' | 'never';

export interface StatusLook {
  readonly glyph: string;
  readonly word: string;
  /** The colour family in app/global.css: `--status-<tone>`, `-bg`, `-bar`. */
  readonly tone: 'success' | 'failed' | 'running' | 'retry' | 'missed' | 'idle';
  readonly isOutlined?: boolean;
}

/** Glyph, word and colour of every status; the same in pills, bars, charts and lists. */
export const statusLooks: Readonly<Record<ShownStatus, StatusLook>> = {
  success: { glyph: '✓', word: 'Success', tone: 'success' },
  failed: { glyph: '✕', word: 'Failed', tone: 'failed' },
  timeout: { glyph: '⏱', word: 'Timeout', tone: 'failed' },
  running: { glyph: '●', word: 'Running', tone: 'running' },
  pending: { glyph: '…', word: 'Waiting', tone: 'running' },
  retry: { glyph: '↻', word: 'Retry', tone: 'retry' },
  missed: { glyph: '◇', word: 'Missed', tone: 'missed' },
  skipped: { glyph: '–', word: 'Skipped', tone: 'idle' },
  cancelled: { glyph: '○', word: 'Cancelled', tone: 'idle' },
  interrupted: { glyph: '⚡', word: 'Interrupted', tone: 'failed', isOutlined: true },
  disabled: { glyph: '○', word: 'Disabled', tone: 'idle' },
  shadow: { glyph: '◌', word: 'In shadow', tone: 'idle', isOutlined: true },
  never: { glyph: '–', word: 'Never ran', tone: 'idle' },
};

/** The look of any status text; one we do not know is shown as it is, in grey. */
export function lookOf(status: string): StatusLook {
  return statusLooks[status as ShownStatus] ?? { glyph: '?', word: status, tone: 'idle' };
}

/** The strong colour of a status, for bars and chart marks. */
export function barColour(status: string): string {
  return `var(--status-${lookOf(status).tone}-bar)`;
}
