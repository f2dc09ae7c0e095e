import { AppError } from '../../../src-shared/errors';

/**
 * The text of a file given byte by byte in base64. Task Scheduler and SSMS write UTF-16 with a mark in front; a file of
 * UTF-16 without one is known by its zero bytes, anything else is UTF-8. Throws `validation_failed`.
 */
export function decodeSource(base64: string): string {
  let bytes: Uint8Array;
  try {
    bytes = Uint8Array.from(atob(base64), (character) => character.charCodeAt(0));
  } catch {
    throw new AppError('validation_failed', 'content_base64 is not base64');
  }
  const [first, second] = bytes;
  const encoding =
    (first === 0xff && second === 0xfe) || (second === 0 && first !== 0 && first !== undefined)
      ? 'utf-16le'
      : (first === 0xfe && second === 0xff) || (first === 0 && second !== 0 && second !== undefined)
        ? 'utf-16be'
        : 'utf-8';
  try {
    return new TextDecoder(encoding, { fatal: true }).decode(bytes);
  } catch {
    if (encoding !== 'utf-8')
      throw new AppError('validation_failed', `The file is broken ${encoding.toUpperCase()}`);
    // Older scripts are written in the code page of their machine.
    return new TextDecoder('windows-1252').decode(bytes);
  }
}
