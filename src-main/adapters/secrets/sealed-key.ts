import { createCipheriv, createDecipheriv, randomBytes, scryptSync } from 'node:crypto';
import { AppError } from '../../../src-shared/errors';

/** The shortest passphrase a key is sealed with; as for passwords of people. */
export const shortestPassphrase = 12;

const format = 'job-scheduler-key';
/** OWASP's password storage cheat sheet: N=2^15, r=8, p=3 (32 MiB once). */
const costs = { N: 2 ** 15, r: 8, p: 3 } as const;
const [keyBytes, saltBytes, ivBytes] = [32, 16, 12];

function derive(passphrase: string, salt: Buffer): Buffer {
  const { N, r } = costs;
  return scryptSync(passphrase.normalize('NFKC'), salt, keyBytes, { ...costs, maxmem: 256 * N * r });
}

/** A key as a text that only the passphrase opens (scrypt, AES-256-GCM). Throws `validation_failed` for a short one. */
export function sealKey(key: Buffer, passphrase: string): string {
  if (passphrase.length < shortestPassphrase)
    throw new AppError(
      'validation_failed',
      `The passphrase has ${passphrase.length} characters; expected ${shortestPassphrase} or more`,
    );
  const [salt, iv] = [randomBytes(saltBytes), randomBytes(ivBytes)];
  const cipher = createCipheriv('aes-256-gcm', derive(passphrase, salt), iv);
  cipher.setAAD(Buffer.from(format));
  const sealed = Buffer.concat([cipher.update(key), cipher.final(), cipher.getAuthTag()]);
  const text = {
    format,
    version: 1,
    about: 'secret.key of Job Scheduler, sealed with a passphrase; job-scheduler restore asks for it',
    kdf: `scrypt N=${costs.N} r=${costs.r} p=${costs.p}`,
    cipher: 'AES-256-GCM',
    salt: salt.toString('base64'),
    iv: iv.toString('base64'),
    sealed: sealed.toString('base64'),
  };
  return `${JSON.stringify(text, null, 2)}\n`;
}

/** Whether these bytes are what `sealKey` has written, and not a key as it is. */
export const isSealedKey = (bytes: Buffer): boolean =>
  bytes.length > keyBytes && bytes.includes(`"${format}"`);

/** The key in a text of `sealKey`. Throws `validation_failed` naming `file` for a wrong passphrase or a damaged text. */
export function openSealedKey(bytes: Buffer, passphrase: string, file: string): Buffer {
  const damaged = (why: string) =>
    new AppError('validation_failed', `The key file ${file} is damaged: ${why}`);
  let text: Readonly<Record<string, unknown>>;
  try {
    text = JSON.parse(bytes.toString('utf8')) as Record<string, unknown>;
  } catch (error) {
    throw damaged((error as Error).message);
  }
  if (text.version !== 1) throw damaged(`version is ${JSON.stringify(text.version)}; expected 1`);
  const [salt, iv, sealed] = ['salt', 'iv', 'sealed'].map((name) =>
    Buffer.from(String(text[name]), 'base64'),
  );
  const tagAt = keyBytes;
  if (salt?.length !== saltBytes || iv?.length !== ivBytes || sealed?.length !== keyBytes + 16)
    throw damaged('salt, iv or sealed has another length');
  try {
    const decipher = createDecipheriv('aes-256-gcm', derive(passphrase, salt), iv);
    decipher.setAAD(Buffer.from(format));
    decipher.setAuthTag(sealed.subarray(tagAt));
    return Buffer.concat([decipher.update(sealed.subarray(0, tagAt)), decipher.final()]);
  } catch (error) {
    throw new AppError('validation_failed', `The passphrase does not open ${file}`, { cause: error });
  }
}
