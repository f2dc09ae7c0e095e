import { describe, expect, it } from 'vitest';
import { convertCrontab } from '../../../../src-main/core/import-sources/crontab/convert-crontab';
import { proveFireTimes } from '../../../../src-main/core/import-sources/proof';
import { createTrigger } from '../../../../src-main/core/schedule/trigger';
import { parseSchedule } from '../../../../src-shared/schedule/parse-schedule';

const now = Date.parse('2026-02-20T00:00:00Z');
const zone = 'America/New_York';
const read = (text: string, format: 'auto' | 'user' | 'system' = 'auto') =>
  convertCrontab(text, { format, timezone: undefined, defaultTimezone: zone, now });
const only = (text: string) => {
  const { jobs, leftOut } = read(text);
  const [job] = jobs;
  if (!job) throw new Error(`no job: ${JSON.stringify(leftOut)}`);
  return job;
};
const proofOf = (text: string, count = 100) => {
  const job = only(text);
  const schedule = job.definition.schedule;
  const parsed = schedule ? parseSchedule(schedule, 'schedule').parsed : undefined;
  return proveFireTimes(
    job.fireTimes,
    parsed && createTrigger(parsed, { defaultTimezone: zone, anchor: now }),
    {
      from: now,
      count,
      timezone: job.timezone,
    },
  );
};

describe('A crontab', () => {
  it.each([
    '* * * * *',
    '*/15 * * * *',
    '5,35 8-18 * * mon-fri',
    '30 2 * * *',
    '*/20 2 * * *',
    '30 */2 * * *',
    '0 */2 * * *',
    '0 0 13 * 5',
    '0 0 */2 * mon',
    '15 10 * * 7',
    '0 12 1-31/7 jan,jul *',
    '0 6 29 2 *',
    '@weekly',
    '@hourly',
    '*/100 * * * *',
    '0 4 * * 5-7',
  ])('fires here when cron fires: %s', (when) => {
    const proof = proofOf(`${when} /usr/bin/true`);
    expect(proof.slots.length).toBeGreaterThan(20);
    expect(proof.slots.filter(({ isTheirs, isOurs }) => isTheirs !== isOurs)).toEqual([]);
    expect(proof.clockChanges).toEqual([]);
  });

  it('runs a fixed time that the clock jumps over at once, and one that comes twice only once', () => {
    const times = only('30 2 * * * /usr/bin/true').fireTimes?.(
      Date.parse('2026-03-08T00:00:00Z'),
      Date.parse('2026-03-09T00:00:00Z'),
      10,
    );
    expect(times?.map((at) => new Date(at).toISOString())).toEqual(['2026-03-08T07:00:00.000Z']);
    const twice = only('30 1 * * * /usr/bin/true').fireTimes?.(
      Date.parse('2026-11-01T00:00:00Z'),
      Date.parse('2026-11-02T00:00:00Z'),
      10,
    );
    expect(twice?.map((at) => new Date(at).toISOString())).toEqual(['2026-11-01T05:30:00.000Z']);
  });

  it('marks a difference when the schedule here is another', () => {
    const job = only('30 2 * * * /usr/bin/true');
    const parsed = parseSchedule({ type: 'cron', expression: '30 2 * * 1-5' }, 'schedule').parsed;
    if (!parsed) throw new Error('not parsed');
    const proof = proveFireTimes(
      job.fireTimes,
      createTrigger(parsed, { defaultTimezone: zone, anchor: now }),
      {
        from: now,
        count: 7,
        timezone: zone,
      },
    );
    expect(proof.slots.filter(({ isTheirs, isOurs }) => isTheirs && !isOurs)).toHaveLength(2);
  });

  it('keeps variables, the standard input behind %, and names what it can not keep', () => {
    const job = only(
      [
        'MAILTO=ops@example.com, night@example.com',
        'CRON_TZ=Europe/Berlin',
        'PATH=/usr/bin:/bin',
        'HOME=/srv/app',
        '# Nightly report',
        '0 3 * * * mail -s "100\\% done" root%Hello%there',
      ].join('\n'),
    );
    expect(job.name).toBe('Nightly report');
    expect(job.definition.config).toEqual({
      command: 'mail -s "100% done" root',
      shell: true,
      stdin: 'Hello\nthere\n',
      working_directory: '/srv/app',
      environment: { PATH: '/usr/bin:/bin', HOME: '/srv/app' },
    });
    expect(job.definition.schedule).toMatchObject({ expression: '0 3 * * *', timezone: 'Europe/Berlin' });
    expect(job.unmapped.join('\n')).toContain('on_failure: [{email: [ops@example.com, night@example.com]}]');
  });

  it('of the system is known by its users, and hands them to run_as', () => {
    const text =
      '17 * * * * root cd / && run-parts --report /etc/cron.hourly\n25 6 * * * www-data /srv/tidy\n';
    expect(read(text).jobs.map(({ definition }) => definition.run_as)).toEqual(['root', 'www-data']);
    expect(read(text).jobs[1]?.definition.config.command).toBe('/srv/tidy');
    expect(only('0 1 * * * backup /srv').definition.run_as).toBe('backup');
    expect(read('0 1 * * * backup /srv', 'user').jobs[0]?.definition.config.command).toBe('backup /srv');
  });

  it('a line that is not understood is told with its reason, and the others are read', () => {
    const { jobs, leftOut } = read(
      '61 * * * * a\n0 0 * *\n5/10 * * * * b\n@often c\n0~30 * * * * d\n0 0 L * * e\n@reboot f\n',
    );
    expect(jobs.map(({ definition, isIncomplete }) => [definition.schedule, isIncomplete])).toEqual([
      [undefined, true],
    ]);
    expect(leftOut.map(({ place, reason }) => `${place}: ${reason}`)).toEqual([
      'line 1: minute is 61; expected 0-59',
      'line 2: Expected five fields (minute hour day month weekday) and a command',
      'line 3: minute is "5/10": a step needs a range or * in front of it; programs read this differently',
      expect.stringContaining('line 4: "@often" is no nickname'),
      expect.stringContaining('line 5: minute "0~30" takes a moment by chance'),
      expect.stringContaining('line 6: day of month "L" is Quartz\'s L'),
    ]);
  });
});
