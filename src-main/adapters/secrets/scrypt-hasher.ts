import { randomBytes, scrypt, timingSafeEqual } from 'node:crypto';
import type { PasswordHasher } from '../../core/ports/password-hasher';

/** OWASP's password storage cheat sheet: N=2^15, r=8, p=3 (32 MiB a hash). */
const standardCosts: Costs = { log2N: 15, r: 8, p: 3 };
const saltBytes = 16;
const hashBytes = 32;

export type Costs = { readonly log2N: number; readonly r: number; readonly p: number };

function derive(password: string, salt: Buffer, { log2N, r, p }: Costs): Promise<Buffer> {
  const N = 2 ** log2N;
  return new Promise((resolve, reject) => {
    // NFKC: the same password typed on another keyboard is the same password.
    scrypt(password.normalize('NFKC'), salt, hashBytes, { N, r, p, maxmem: 256 * N * r }, (error, key) =>
      error ? reject(error) : resolve(key),
    );
  });
}

/** Reads `scrypt$15$8$3$salt$hash`. Costs beyond reason are not computed. */
function parse(text: string): { costs: Costs; salt: Buffer; hash: Buffer } | undefined {
  const found = /^scrypt\$(\d{1,2})\$(\d{1,2})\$(\d{1,2})\$([\w-]+)\$([\w-]+)$/.exec(text);
  if (!found) return undefined;
  const [log2N, r, p] = [Number(found[1]), Number(found[2]), Number(found[3])];
  if (log2N < 10 || log2N > 18 || r < 1 || r > 16 || p < 1 || p > 8) return undefined;
  return {
    costs: { log2N, r, p },
    salt: Buffer.from(found[4] ?? '', 'base64url'),
    hash: Buffer.from(found[5] ?? '', 'base64url'),
  };
}

/** scrypt of node:crypto, one hash at a time: many logins at once must not take the memory of the jobs. */
export function createScryptHasher(costs = standardCosts): PasswordHasher {
  let queue: Promise<unknown> = Promise.resolve();
  const inTurn = <T>(work: () => Promise<T>): Promise<T> => {
    const own = queue.then(work);
    queue = own.catch(() => undefined);
    return own;
  };
  return {
    hash: (password) =>
      inTurn(async () => {
        const salt = randomBytes(saltBytes);
        const hash = await derive(password, salt, costs);
        const { log2N, r, p } = costs;
        return `scrypt$${log2N}$${r}$${p}$${salt.toString('base64url')}$${hash.toString('base64url')}`;
      }),
    async verify(password, text) {
      const known = parse(text);
      if (!known || known.hash.length !== hashBytes) return false;
      const hash = await inTurn(() => derive(password, known.salt, known.costs));
      return timingSafeEqual(hash, known.hash);
    },
  };
}
