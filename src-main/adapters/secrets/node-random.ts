import { createHash, randomBytes, randomInt } from 'node:crypto';
import type { Random } from '../../core/ports/random';

const steps = 2 ** 32;

/** Tokens and digests by node:crypto. */
export const nodeRandom: Random = {
  token: (bytes) => randomBytes(bytes).toString('base64url'),
  digest: (text) => createHash('sha256').update(text).digest('hex'),
  fraction: () => randomInt(0, steps) / steps,
};
