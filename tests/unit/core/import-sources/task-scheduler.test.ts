import { describe, expect, it } from 'vitest';
import { saxesXmlReader } from '../../../../src-main/adapters/xml/xml-reader';
import { proveFireTimes } from '../../../../src-main/core/import-sources/proof';
import { decodeSource } from '../../../../src-main/core/import-sources/source-text';
import { convertTasks } from '../../../../src-main/core/import-sources/task-scheduler/convert-tasks';
import { splitArguments, windowsCommand } from '../../../../src-main/core/import-sources/windows-command';
import { createTrigger } from '../../../../src-main/core/schedule/trigger';
import { parseSchedule } from '../../../../src-shared/schedule/parse-schedule';

const now = Date.parse('2026-02-20T00:00:00Z');
const zone = 'America/New_York';
const exec = '<Exec><Command>C:\\tools\\a.exe</Command></Exec>';
const task = (triggers: string, { settings = '', actions = exec, principals = '' } = {}) =>
  `<?xml version="1.0" encoding="UTF-16"?><Task version="1.4" xmlns="http://schemas.microsoft.com/windows/2004/02/mit/task"><RegistrationInfo><URI>\\Ops\\Nightly</URI></RegistrationInfo><Triggers>${triggers}</Triggers><Principals><Principal>${principals}</Principal></Principals><Settings>${settings}</Settings><Actions>${actions}</Actions></Task>`;
const only = (xml: string, timezone = zone) => {
  const [job] = convertTasks(xml, { timezone: undefined, defaultTimezone: timezone }, saxesXmlReader).jobs;
  if (!job) throw new Error('no job');
  return job;
};
const proofOf = (triggers: string, timezone = zone) => {
  const job = only(task(triggers), timezone);
  const { schedule } = job.definition;
  const reading = schedule && parseSchedule(schedule, 'schedule');
  expect(reading?.issues ?? []).toEqual([]);
  return proveFireTimes(
    job.fireTimes,
    reading?.parsed && createTrigger(reading.parsed, { defaultTimezone: timezone, anchor: now }),
    { from: now, count: 100, timezone },
  );
};
const calendar = (schedule: string, more = '', start = '2026-01-05T08:00:00') =>
  `<CalendarTrigger>${more}<StartBoundary>${start}</StartBoundary><Enabled>true</Enabled>${schedule}</CalendarTrigger>`;
const daily = '<ScheduleByDay><DaysInterval>1</DaysInterval></ScheduleByDay>';
const repeat = (interval: string, duration?: string) =>
  `<Repetition><Interval>${interval}</Interval>${duration ? `<Duration>${duration}</Duration>` : ''}</Repetition>`;
const week = (every: number, ...days: string[]) =>
  `<ScheduleByWeek><DaysOfWeek>${days.map((day) => `<${day}/>`).join('')}</DaysOfWeek><WeeksInterval>${every}</WeeksInterval></ScheduleByWeek>`;

describe('A task of Task Scheduler', () => {
  it.each([
    ['once', '<TimeTrigger><StartBoundary>2026-03-01T08:00:00</StartBoundary></TimeTrigger>'],
    [
      'once and repeated',
      `<TimeTrigger>${repeat('PT1H', 'PT8H')}<StartBoundary>2026-03-01T08:00:00</StartBoundary></TimeTrigger>`,
    ],
    [
      'repeated without end',
      `<TimeTrigger>${repeat('PT7M')}<StartBoundary>2026-01-01T00:00:30</StartBoundary></TimeTrigger>`,
    ],
    ['daily', calendar(daily)],
    ['daily until an end', calendar(daily, '<EndBoundary>2026-04-01T00:00:00</EndBoundary>')],
    ['daily with an offset', calendar(daily, '', '2026-01-05T08:00:00-05:00')],
    ['daily in UTC', calendar(daily, '', '2026-01-05T08:00:00Z')],
    ['weekly', calendar(week(1, 'Monday', 'Friday'))],
    [
      'monthly',
      calendar(
        '<ScheduleByMonth><DaysOfMonth><Day>1</Day><Day>31</Day><Day>Last</Day></DaysOfMonth><Months><January/><April/><October/></Months></ScheduleByMonth>',
      ),
    ],
    [
      'on weekdays of the month',
      calendar(
        '<ScheduleByMonthDayOfWeek><Weeks><Week>2</Week><Week>Last</Week></Weeks><DaysOfWeek><Tuesday/><Sunday/></DaysOfWeek><Months><March/><June/></Months></ScheduleByMonthDayOfWeek>',
      ),
    ],
    ['several triggers', calendar(daily) + calendar(week(1, 'Sunday'), '', '2026-01-05T20:30:15')],
  ])('fires here when Windows fires: %s', (_, triggers) => {
    const proof = proofOf(triggers);
    expect(proof.slots.length).toBeGreaterThan(0);
    expect(proof.differing).toBe(0);
  });

  it.each([
    ['within the day', calendar(daily, repeat('PT30M', 'PT10H'))],
    ['over midnight', calendar(daily, repeat('PT2H', 'PT20H'))],
    ['all day', calendar(daily, repeat('PT15M', 'P1D'))],
    ['without end', calendar(daily, repeat('PT1H'))],
    ['on weekdays, over midnight', calendar(week(1, 'Saturday'), repeat('PT3H', 'P1D'))],
    ['every third day', calendar('<ScheduleByDay><DaysInterval>3</DaysInterval></ScheduleByDay>')],
    ['every second week', calendar(week(2, 'Sunday', 'Wednesday'))],
  ])('repeated %s, it fires here when Windows fires, where no clock changes', (_, triggers) => {
    const proof = proofOf(triggers, 'UTC');
    expect(proof.slots.length).toBeGreaterThan(50);
    expect(proof.differing).toBe(0);
  });

  it('counts the end of a repetition in: one minute over four minutes are five runs', () => {
    const { fireTimes } = only(
      task(
        `<TimeTrigger>${repeat('PT1M', 'PT4M')}<StartBoundary>2026-03-01T08:00:00</StartBoundary></TimeTrigger>`,
      ),
    );
    expect(fireTimes?.(now, Number.MAX_SAFE_INTEGER, 100)).toHaveLength(5);
  });

  it('marks what a clock change makes of every third day', () => {
    const proof = proofOf(calendar('<ScheduleByDay><DaysInterval>3</DaysInterval></ScheduleByDay>'));
    expect(proof.differing).toBeGreaterThan(0);
  });

  it.each([
    'BootTrigger',
    'LogonTrigger',
    'IdleTrigger',
    'EventTrigger',
    'RegistrationTrigger',
    'SessionStateChangeTrigger',
  ])('names a %s as not carried over, and is incomplete', (kind) => {
    const job = only(task(`<${kind}><Enabled>true</Enabled></${kind}>`));
    expect(job.isIncomplete).toBe(true);
    expect(job.fireTimes).toBeUndefined();
    expect(job.unmapped.join('\n')).toMatch(
      new RegExp(`${kind} \\(line 1\\) fires .*nothing here waits for it`),
    );
  });

  it('keeps limits, retries, instances, lateness and account, and names the rest', () => {
    const job = only(
      task(calendar(daily, '<RandomDelay>PT5M</RandomDelay>'), {
        settings:
          '<MultipleInstancesPolicy>Queue</MultipleInstancesPolicy><StartWhenAvailable>true</StartWhenAvailable><ExecutionTimeLimit>PT2H</ExecutionTimeLimit><RestartOnFailure><Interval>PT1M</Interval><Count>3</Count></RestartOnFailure><WakeToRun>true</WakeToRun><Hidden>true</Hidden><Enabled>false</Enabled>',
        principals:
          '<UserId>CORP\\svc</UserId><LogonType>Password</LogonType><RunLevel>HighestAvailable</RunLevel>',
      }),
    );
    expect(job.isEnabledThere).toBe(false);
    expect(job.name).toBe('Nightly');
    expect(job.definition).toMatchObject({
      overlap: 'queue',
      timeout: 7200,
      max_retries: 3,
      retry_delay: 60,
      misfire_grace_time: null,
      run_as: 'CORP\\svc',
      schedule: { jitter: 300 },
    });
    expect(job.unmapped.join('\n')).toMatch(/WakeToRun[\s\S]*Hidden[\s\S]*password of CORP[\s\S]*RunLevel/);
  });

  it('makes steps of several programs, and tells what it can not do', () => {
    const job = only(
      task('', {
        actions: `<Exec><Command>cmd.exe</Command><Arguments>/c "dir C:\\ &gt; D:\\x.txt"</Arguments></Exec><Exec><Command>"C:\\Program Files\\a.exe"</Command><Arguments>-n "a b" {{x}}</Arguments><WorkingDirectory>D:\\w</WorkingDirectory></Exec><ComHandler><ClassId>{0}</ClassId></ComHandler>`,
      }),
    );
    expect(job.definition).toMatchObject({
      job_type: 'steps',
      config: {
        steps: [
          { type: 'command', command: 'dir C:\\ > D:\\x.txt', shell: true },
          {
            command: 'C:\\Program Files\\a.exe',
            arguments: ['-n', 'a b', '{{{{x}}'],
            working_directory: 'D:\\w',
          },
        ],
      },
    });
    expect(job.isIncomplete).toBe(true);
    expect(job.unmapped.join('\n')).toContain('ComHandler (line 1): calls a COM object');
  });

  it('is read from UTF-16, with its mark and without', () => {
    const text = task(calendar(daily));
    const bytes = Buffer.from(text, 'utf16le');
    for (const file of [bytes, Buffer.concat([Buffer.from([0xff, 0xfe]), bytes])])
      expect(only(decodeSource(file.toString('base64'))).name).toBe('Nightly');
  });

  it('refuses XML that is something else', () => {
    expect(() => only('<Project/>')).toThrow('The root of the XML is <Project> (line 1); expected <Task>');
  });
});

describe('A Windows command line', () => {
  it.each([
    ['a "b c" d', ['a', 'b c', 'd']],
    ['"a\\\\" b\\"c \\\\srv\\x ""', ['a\\', 'b"c', '\\\\srv\\x', '']],
  ])('%s is split as Windows programs split it', (line, list) => {
    expect(splitArguments(line)).toEqual(list);
  });

  it('keeps the quotes of cmd /c around a lone program', () => {
    expect(windowsCommand('C:\\Windows\\System32\\cmd.exe', '/d /c "C:\\a b\\x.bat"').config.command).toBe(
      '"C:\\a b\\x.bat"',
    );
  });
});
