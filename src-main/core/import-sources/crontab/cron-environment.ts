import { withoutMacros } from '../converted-job';
import type { CrontabEntry } from './read-crontab';

export interface CronSurroundings {
  readonly shell: string;
  readonly timezone: string | undefined;
  readonly jitterSeconds: number | undefined;
  readonly workingDirectory: string | undefined;
  readonly environment: Readonly<Record<string, string>>;
  readonly maps: readonly string[];
  readonly unmapped: readonly string[];
}

/** What the variables above a line come to: some steer cron itself, the others are the program's. */
export function cronEnvironment(entry: CrontabEntry): CronSurroundings {
  const environment: Record<string, string> = {};
  const maps: string[] = [];
  const unmapped: string[] = [];
  let shell = '/bin/sh';
  let timezone: string | undefined;
  let jitterSeconds: number | undefined;
  let workingDirectory: string | undefined;
  for (const [name, value] of entry.variables) {
    switch (name) {
      case 'SHELL':
        shell = value || shell;
        break;
      case 'CRON_TZ':
        timezone = value;
        maps.push(`CRON_TZ=${value}: the schedule's timezone`);
        break;
      case 'MAILTO':
      case 'MAILFROM':
        if (value === '') maps.push(`${name} is empty: nobody is mailed, here neither`);
        else
          unmapped.push(
            `${name}=${value}: cron mails the output; here the output is kept with each run. To be told of failures, add notifications: on_failure: [{email: ${mailList(value)}}]`,
          );
        break;
      case 'RANDOM_DELAY': {
        const minutes = Number(value);
        if (/^\d{1,4}$/.test(value) && minutes > 0) {
          jitterSeconds = minutes * 60;
          maps.push(`RANDOM_DELAY=${value}: jitter of up to ${minutes * 60} seconds`);
        }
        break;
      }
      case 'HOME':
        workingDirectory = value || undefined;
        environment[name] = withoutMacros(value);
        maps.push(`HOME=${value}: the working directory, and the variable`);
        break;
      case 'LOGNAME':
      case 'USER':
        unmapped.push(`${name}: cron sets it to the user of the crontab whatever is written; left out`);
        break;
      default:
        if (
          /^(NODE_OPTIONS|ELECTRON_RUN_AS_NODE|LD_PRELOAD|LD_AUDIT|DYLD_INSERT_LIBRARIES|JOB_SCHEDULER_.*)$/i.test(
            name,
          )
        )
          unmapped.push(`${name}: a job may not set this variable here; left out`);
        else if (!/^[A-Za-z_][A-Za-z0-9_().-]*$/.test(name))
          unmapped.push(`"${name}": not a name of a variable here; left out`);
        else if (name === 'PATH' && value.split(':').some((folder) => !/^[/$]/.test(folder)))
          unmapped.push(
            `PATH=${value}: holds a folder that is no full path, which is not taken here; left out`,
          );
        else environment[name] = withoutMacros(value);
    }
  }
  const names = Object.keys(environment).filter((name) => name !== 'HOME');
  if (names.length > 0) maps.push(`${names.join(', ')}: environment`);
  const unexpanded = Object.entries(environment).find(([, value]) => /\$[A-Za-z{]/.test(value));
  if (unexpanded)
    unmapped.push(
      `${unexpanded[0]}=${unexpanded[1]}: neither cron nor this program replaces the $ in it; it is passed as it stands`,
    );
  return { shell, timezone, jitterSeconds, workingDirectory, environment, maps, unmapped };
}

/** `a@x,b@x` as an `email` of notifications takes it. */
function mailList(value: string): string {
  const addresses = value.split(/[\s,]+/).filter((one) => one !== '');
  return addresses.length === 1 ? (addresses[0] ?? '') : `[${addresses.join(', ')}]`;
}
