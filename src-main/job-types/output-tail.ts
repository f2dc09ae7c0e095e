import type { RunLog } from '../core/job-type';

const longestTail = 32 * 1024;

/** A run's log that remembers the end of what went to these streams, for saying why a script failed. */
export function withTail(
  log: RunLog,
  streams: readonly ('stdout' | 'stderr')[],
): { readonly log: RunLog; text(): string } {
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  return {
    log: {
      ...log,
      write(stream, chunk) {
        if (streams.includes(stream)) {
          chunks.push(chunk.slice(Math.max(0, chunk.length - longestTail)));
          bytes += chunks.at(-1)?.length ?? 0;
          while (chunks.length > 1 && bytes - (chunks[0]?.length ?? 0) >= longestTail)
            bytes -= chunks.shift()?.length ?? 0;
        }
        return log.write(stream, chunk);
      },
    },
    text() {
      const decoder = new TextDecoder();
      return chunks.map((chunk) => decoder.decode(chunk, { stream: true })).join('');
    },
  };
}
