import { timeZoneName } from '../../../../src-shared/schedule/time-zone-name';
import { zoneOf } from '../../schedule/zone';
import { type Conversion, type ConvertedJob, type LeftOut, withoutMacros } from '../converted-job';
import { cronEnvironment } from './cron-environment';
import { cronFireTimes } from './cron-fire-times';
import { type CronLine, CronLineError, nicknames, readCronLine } from './cron-line';
import { type CrontabEntry, type CrontabFormat, readCrontab, splitPercent } from './read-crontab';

export interface CrontabOptions {
  readonly format: CrontabFormat;
  /** The zone of the machine it comes from, where that is known to be another than the program's. */
  readonly timezone: string | undefined;
  readonly defaultTimezone: string;
  readonly now: number;
}

/** As many as a job may have here; cron itself knows no bound. */
const mostInstances = 100;
const yearMs = 366 * 86_400_000;

/** `/usr/local/bin/backup.sh --all > /dev/null` -> `backup.sh`. */
function programOf(line: string): string {
  const words = line
    .replace(/^\s*(?:\[[^\]]*\]|test\s[^&|]*|cd\s+\S+)\s*(?:&&|\|\||;)\s*/, '')
    .replace(/^[({\s]+/, '')
    .split(/\s+/);
  const plain = words.filter((word) => !/^[A-Za-z_]\w*=/.test(word) && !word.startsWith('-'));
  const first = plain.find(
    (word) =>
      !/^(?:\/\S*\/)?(?:sh|bash|env|nice|ionice|flock|timeout|sudo|python[\d.]*|perl|php|node|ruby)$/.test(
        word,
      ),
  );
  return (first ?? plain[0] ?? 'command').replace(/["']/g, '').split('/').filter(Boolean).at(-1) ?? 'command';
}

/**
 * Where our ways at a clock change are not cron's: a line with a star in minute or hour follows the clock, which shows
 * no time inside a gap and every time of a fold twice.
 */
function clockChanges(line: CronLine, zone: string, now: number): { dst?: { gap?: 'skip'; fold?: 'twice' } } {
  if (!line.followsClock || zoneOf(zone).transitions(now, now + 3 * yearMs).length === 0) return {};
  const [minute, hour = ''] = line.expression.split(' ');
  const everyHour = hour === '*';
  const gap = everyHour && (minute === '*' || line.minutes.has(0)) ? {} : { gap: 'skip' as const };
  const fold = hour.includes('*') ? {} : { fold: 'twice' as const };
  const dst = { ...gap, ...fold };
  return Object.keys(dst).length === 0 ? {} : { dst };
}

function convert(entry: CrontabEntry, options: CrontabOptions): ConvertedJob | LeftOut {
  const place = `line ${entry.line}`;
  const refuse = (reason: string): LeftOut => ({ place, text: entry.text.slice(0, 200), reason });
  const around = cronEnvironment(entry);
  const maps = [...around.maps];
  const unmapped = [...around.unmapped];
  const asked = around.timezone ?? options.timezone;
  const timezone = asked === undefined ? undefined : timeZoneName(asked);
  if (asked !== undefined && timezone === undefined)
    return refuse(`CRON_TZ is "${asked.slice(0, 60)}"; expected an IANA zone such as Europe/Berlin`);
  const zone = timezone ?? options.defaultTimezone;

  const [nickname = ''] = entry.when;
  const isBoot = nickname.toLowerCase() === '@reboot';
  let line: CronLine | undefined;
  if (isBoot) {
    unmapped.push('@reboot: a start of the machine is no time; the job runs only by hand here');
  } else {
    const fields = nickname.startsWith('@') ? nicknames[nickname.toLowerCase()]?.split(' ') : entry.when;
    if (!fields)
      return refuse(
        `"${nickname}" is no nickname of crontab; known: ${Object.keys(nicknames).join(', ')}, @reboot`,
      );
    try {
      line = readCronLine(fields);
    } catch (error) {
      if (!(error instanceof CronLineError)) throw error;
      return refuse(error.message);
    }
    maps.push(
      `${entry.when.join(' ')}: ${line.expression === fields.join(' ') && !nickname.startsWith('@') ? 'the same expression' : `"${line.expression}"`} in ${zone}`,
    );
    if (!line.hasStarDay && !line.hasStarWeekday)
      maps.push('Day of month and day of week are both given: either is enough, as in crontab');
  }

  const { line: command, stdin } = splitPercent(entry.command);
  if (command === '') return refuse('There is no command in front of the %');
  if (stdin !== undefined) maps.push('What stands behind the first % is its standard input');
  const isPlainShell = /^(?:\/usr)?\/bin\/sh$/.test(around.shell);
  maps.push(
    isPlainShell
      ? 'The command: a line for the shell (shell: true)'
      : `The command: ${around.shell} -c, as SHELL says`,
  );
  if (entry.user !== undefined) maps.push(`User ${entry.user}: run_as`);
  else
    unmapped.push(
      'The user whose crontab this is stands not in it: the job runs as the scheduler does, unless you add run_as',
    );
  if (around.workingDirectory === undefined)
    unmapped.push(
      "cron begins in the user's home folder; here it is the folder of the jobs file, unless you add working_directory",
    );
  if (/^-/.test(entry.text))
    unmapped.push('"-" in front of the line (not to be logged): every run is recorded here');
  maps.push(
    `cron starts it although the one before still runs: max_instances ${mostInstances}`,
    'cron never catches up what it missed: misfire_grace_time 60',
    'cron ends nothing: timeout 0',
  );
  const dst = line ? clockChanges(line, zone, options.now) : {};
  if ('dst' in dst)
    maps.push('At clock changes it follows the clock, as cron does with a star in minute or hour: dst');
  const program = programOf(command);
  return {
    name: /^[\p{L}]/u.test(entry.comment) && entry.comment.length <= 80 ? entry.comment : program,
    wantedId: program,
    sourceKey: entry.text,
    place,
    isEnabledThere: true,
    isIncomplete: isBoot,
    maps,
    unmapped,
    timezone: zone,
    fireTimes: line && cronFireTimes(line, zoneOf(zone)),
    definition: {
      job_type: 'command',
      config: {
        ...(isPlainShell
          ? { command, shell: true }
          : { command: around.shell, arguments: ['-c', withoutMacros(command)] }),
        ...(stdin === undefined ? {} : { stdin: withoutMacros(stdin) }),
        ...(around.workingDirectory === undefined ? {} : { working_directory: around.workingDirectory }),
        ...(Object.keys(around.environment).length === 0 ? {} : { environment: around.environment }),
      },
      ...(line === undefined
        ? {}
        : {
            schedule: {
              type: 'cron' as const,
              expression: line.expression,
              ...(timezone === undefined ? {} : { timezone }),
              ...(around.jitterSeconds === undefined ? {} : { jitter: around.jitterSeconds }),
              ...dst,
            },
          }),
      timeout: 0,
      max_instances: mostInstances,
      misfire_grace_time: 60,
      ...(entry.user === undefined ? {} : { run_as: entry.user }),
    },
  };
}

const lineOf = ({ place }: LeftOut): number => Number(place.replace(/\D/g, ''));

/** A crontab, users' or system's, as jobs: one for each line. */
export function convertCrontab(text: string, options: CrontabOptions): Conversion {
  const { format, entries, leftOut } = readCrontab(text, options.format);
  const jobs: ConvertedJob[] = [];
  const out: LeftOut[] = [...leftOut];
  for (const entry of entries) {
    const converted = convert(entry, options);
    if ('definition' in converted) jobs.push(converted);
    else out.push(converted);
  }
  const kind = format === 'system' ? 'of the system (with a user in each line)' : 'of a user';
  return {
    jobs,
    leftOut: out.sort((a, b) => lineOf(a) - lineOf(b)),
    notes: [
      `Read as a crontab ${kind}`,
      `Times without CRON_TZ are in ${options.timezone ?? options.defaultTimezone}`,
    ],
  };
}
