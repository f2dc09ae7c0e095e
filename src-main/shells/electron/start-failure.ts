import { join } from 'node:path';
import { app, dialog, shell } from 'electron';
import { AppError } from '../../../src-shared/errors';
import { findProgramFolder } from '../program-folder';
import { openServiceWindow } from './service-window';

/** Tells why it can't start, where a person sees it and where a script does, and ends: 1, or 2 for bad settings. */
export function fail(error: unknown): void {
  const message =
    error instanceof AppError ? error.message : ((error as Error | undefined)?.stack ?? String(error));
  process.stderr.write(`job-scheduler: ${message}\n`);
  dialog.showErrorBox('Job Scheduler can’t start', message);
  app.exit(error instanceof AppError && error.code === 'validation_failed' ? 2 : 1);
}

/** Another program holds this data folder. */
export const isTaken = (error: unknown): boolean => error instanceof AppError && error.code === 'conflict';

/**
 * A service schedules on this data: a second scheduler would be one too many, so this becomes its window. Where its
 * pages can't be shown here they open in the browser.
 */
export async function openTheirs(pages: string, dataFolder: string): Promise<void> {
  const iconFile = join(findProgramFolder(), 'assets', 'icon.png');
  await openServiceWindow({ pages, dataFolder, iconFile }).catch(() => openInBrowser(pages));
}

async function openInBrowser(address: string): Promise<void> {
  const message = `Job Scheduler runs on this data already, as a service or headless: its pages are at ${address}`;
  process.stdout.write(`job-scheduler: ${message}\n`);
  await shell
    .openExternal(address)
    .catch((error) => fail(new AppError('unavailable', `${message} (${error})`)));
  app.exit(0);
}
