import type { OutputRange, OutputStore } from '../ports/output-store';
import type { ExecutionRecord } from '../ports/store';

/** What of an output can not be shown. */
export interface LeftOut {
  readonly bytes: number;
  /** Why, and which setting decides it; a part of a sentence. */
  readonly reason: string;
}

const sizeWords = (bytes: number): string =>
  bytes >= 1_000_000 ? `${(bytes / 1e6).toFixed(1)} MB` : `${(bytes / 1000).toFixed(1)} kB`;

/**
 * How much of an execution's output is missing from what is stored (`undefined`: nothing but the row's excerpt of
 * `excerptBytes`), and why; undefined when it is whole.
 */
export function leftOutOf(
  row: Pick<ExecutionRecord, 'end_time' | 'metadata'>,
  stored: OutputRange | undefined,
  excerptBytes: number,
  limits: OutputStore['limits'],
): LeftOut | undefined {
  const { output_bytes, output_stored_bytes, output_problem } = row.metadata;
  const whole = `one run keeps ${sizeWords(limits.whole_bytes)} of its output, the beginning and the end (output.max_size in the configuration)`;
  if (row.end_time === null) {
    const gone = stored?.gone_bytes ?? 0;
    return gone > 0 ? { bytes: gone, reason: whole } : undefined;
  }
  if (typeof output_bytes !== 'number') return undefined;
  if (stored) {
    const bytes =
      output_bytes - (typeof output_stored_bytes === 'number' ? output_stored_bytes : output_bytes);
    if (bytes <= 0) return undefined;
    return { bytes, reason: typeof output_problem === 'string' ? output_problem : whole };
  }
  // A marker stands in the excerpt of a longer output, so its length alone proves nothing.
  if (output_bytes <= limits.excerpt_bytes || excerptBytes > output_bytes) return undefined;
  return {
    bytes: output_bytes - Math.min(excerptBytes, limits.excerpt_bytes),
    reason:
      typeof output_problem === 'string'
        ? output_problem
        : `its file is not here; the history keeps ${sizeWords(limits.excerpt_bytes)}, the beginning and the end (output.excerpt_size in the configuration)`,
  };
}
