import type { ChannelTarget } from '../../../src-shared/model/notification';
import type { Trouble } from './trouble';

/** What is remembered of one job, over restarts: its trouble, and what its watch has told already. */
export interface JobWatch {
  readonly trouble?: Trouble;
  /** Last slot whose absence was told, epoch ms. */
  readonly notRunSlot?: number;
  /** Last `must_finish_by` instant that was looked at, and who waits to hear that it is done after all. */
  readonly deadline?: number;
  readonly late?: {
    readonly since: number;
    readonly what: string;
    readonly recipients: readonly ChannelTarget[];
  };
  /** The success (or beginning) after which silence was told. */
  readonly silentSince?: number;
  /** The last run that was called long. */
  readonly longRun?: number;
  /** Runs taken in lately: after a crash they are not counted twice. */
  readonly seen?: readonly number[];
}

const mostSeen = 30;

export function withSeen(watch: JobWatch, execution_id: number): JobWatch {
  return { ...watch, seen: [...(watch.seen ?? []), execution_id].slice(-mostSeen) };
}

export function readWatch(text: string): JobWatch {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null ? (value as JobWatch) : {};
  } catch {
    return {};
  }
}
