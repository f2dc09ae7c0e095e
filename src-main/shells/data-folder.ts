import { homedir } from 'node:os';
import { join } from 'node:path';

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
