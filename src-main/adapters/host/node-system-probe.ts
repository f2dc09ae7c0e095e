import { statfs } from 'node:fs/promises';
import { freemem, totalmem } from 'node:os';
import type { SystemProbe } from '../../core/ports/system-probe';

/** Disk and memory of this machine. */
export function createNodeSystemProbe(folder: string): SystemProbe {
  return {
    async disk() {
      try {
        const { bavail, blocks, bsize } = await statfs(folder);
        return { free: bavail * bsize, total: blocks * bsize };
      } catch {
        return undefined;
      }
    },
    memory: () => ({ process: process.memoryUsage.rss(), free: freemem(), total: totalmem() }),
  };
}
