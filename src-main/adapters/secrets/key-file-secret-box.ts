import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';
import { closeSync, constants, fsyncSync, lstatSync, openSync, readFileSync, writeSync } from 'node:fs';
import { AppError } from '../../../src-shared/errors';
import type { SecretBox } from '../../core/ports/secret-box';

const keyBytes = 32;
const ivBytes = 12;
const tagBytes = 16;
const version = 'v1:';

function refuse(message: string, cause?: unknown): never {
  throw new AppError('unavailable', message, { cause });
}

function createKey(file: string): Buffer {
  const key = randomBytes(keyBytes);
  // O_EXCL: never follows a link and never takes over a file somebody put there.
  const handle = openSync(file, constants.O_WRONLY | constants.O_CREAT | constants.O_EXCL, 0o600);
  writeSync(handle, key);
  fsyncSync(handle);
  closeSync(handle);
  return key;
}

function loadKey(file: string): Buffer {
  return readKeyFile(file) ?? createKey(file);
}

/**
 * The key in a file; undefined when there is no such file. Refuses (`unavailable`) one that others can read, a link, or
 * one of the wrong length.
 */
export function readKeyFile(file: string): Buffer | undefined {
  let info: ReturnType<typeof lstatSync>;
  try {
    info = lstatSync(file);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    return refuse(`The key file ${file} can't be read: ${(error as Error).message}`, error);
  }
  if (!info.isFile()) refuse(`The key file ${file} is not a plain file; a link could lead anywhere`);
  if (process.platform !== 'win32' && (info.mode & 0o077) !== 0) {
    const mode = (info.mode & 0o777).toString(8);
    refuse(`The key file ${file} can be read by others (mode ${mode}); make it private: chmod 600 ${file}`);
  }
  const key = readFileSync(file);
  if (key.length !== keyBytes) refuse(`The key file ${file} holds ${key.length} bytes; expected ${keyBytes}`);
  return key;
}

/**
 * AES-256-GCM with a key file that only its owner may read; the file is made at first use. Refuses (`unavailable`)
 * a key file that others can read, a link, or one of the wrong length: there is no plain-text fallback.
 */
export function createKeyFileSecretBox(file: string): SecretBox {
  return createKeySecretBox(loadKey(file), file);
}

/** The same with a key that is at hand; `file` is where messages say it comes from. */
export function createKeySecretBox(key: Buffer, file: string): SecretBox {
  return {
    seal(plain) {
      const iv = randomBytes(ivBytes);
      const cipher = createCipheriv('aes-256-gcm', key, iv);
      const sealed = Buffer.concat([cipher.update(plain, 'utf8'), cipher.final()]);
      return version + Buffer.concat([iv, cipher.getAuthTag(), sealed]).toString('base64');
    },
    open(sealed) {
      if (sealed.startsWith('os1:'))
        refuse(
          "A stored secret was sealed with this person's key by the desktop application; move it to the key file in its settings, or enter it again",
        );
      if (!sealed.startsWith(version))
        refuse('A stored secret has a form this version does not know; enter it again');
      try {
        const bytes = Buffer.from(sealed.slice(version.length), 'base64');
        const decipher = createDecipheriv('aes-256-gcm', key, bytes.subarray(0, ivBytes));
        decipher.setAuthTag(bytes.subarray(ivBytes, ivBytes + tagBytes));
        return Buffer.concat([
          decipher.update(bytes.subarray(ivBytes + tagBytes)),
          decipher.final(),
        ]).toString('utf8');
      } catch (error) {
        return refuse(
          `A stored secret can't be opened with ${file}: another key made it; enter the secret again`,
          error,
        );
      }
    },
  };
}
