import { closeSync, openSync, rmSync, writeSync } from 'node:fs';
import { resolve } from 'node:path';
import { AppError } from '../../../src-shared/errors';
import { piecesOf } from './raw-text';
import type { Session } from './session';
import { plural } from './words';

/** `executions bundle ID -o FILE`: everything about one execution as a zip. A file that is there stays. */
export async function bundle(
  session: Session,
  execution_id: string,
  options: { readonly output?: string },
): Promise<undefined> {
  const id = execution_id.replace(/^(?=\d)/, 'exec_');
  const file = resolve(options.output ?? `${id}.zip`);
  const reply = await session.api.executions.bundle({ params: { execution_id } });
  let handle: number;
  try {
    // Of all that is in it, some is nobody else's business.
    handle = openSync(file, 'wx', 0o600);
  } catch (error) {
    const isThere = (error as NodeJS.ErrnoException).code === 'EEXIST';
    const reason = isThere ? 'it is there already' : (error as Error).message;
    throw new AppError('validation_failed', `${file} can't be written: ${reason}`);
  }
  let bytes = 0;
  let isWhole = false;
  try {
    for await (const piece of piecesOf(reply)) {
      for (let at = 0; at < piece.length; ) at += writeSync(handle, piece, at);
      bytes += piece.length;
    }
    isWhole = true;
  } catch (error) {
    throw new AppError('unavailable', `${id} did not come whole: ${(error as Error).message}`, {
      cause: error,
    });
  } finally {
    closeSync(handle);
    if (!isWhole) rmSync(file, { force: true });
  }
  session.answer({ success: true, file, bytes }, () => session.print(`${file}: ${plural(bytes, 'byte')}`));
  return undefined;
}
