import { homedir } from 'node:os';
import { join, resolve } from 'node:path';
import { AppError } from '../../src-shared/errors';

/** Where the program keeps its data when nobody says otherwise: the place each system has for that. */
export function defaultDataFolder(
  platform: string,
  environment: Readonly<Record<string, string | undefined>>,
): string {
  const home = homedir();
  if (platform === 'win32')
    return join(environment.LOCALAPPDATA ?? join(home, 'AppData', 'Local'), 'Job Scheduler');
  if (platform === 'darwin') return join(home, 'Library', 'Application Support', 'Job Scheduler');
  return join(environment.XDG_DATA_HOME ?? join(home, '.local', 'share'), 'job-scheduler');
}

/**
 * The data folder that is meant: the one named, else JOB_SCHEDULER_DATA, else the usual one. Throws `validation_failed`
 * for an empty name: a variable that is not set must not mean the folder one happens to stand in.
 */
export function namedDataFolder(
  named: string | undefined,
  facts: {
    readonly platform: string;
    readonly environment: Readonly<Record<string, string | undefined>>;
  },
): string {
  if (named?.trim() === '')
    throw new AppError('validation_failed', `--data is ${JSON.stringify(named)}; expected a folder`);
  return resolve(
    named ?? (facts.environment.JOB_SCHEDULER_DATA || defaultDataFolder(facts.platform, facts.environment)),
  );
}
