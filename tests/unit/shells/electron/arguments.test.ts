import { describe, expect, it } from 'vitest';
import { readArguments } from '../../../../src-main/shells/electron/arguments';

const read = (argv: string[], more: Partial<Parameters<typeof readArguments>[0]> = {}) =>
  readArguments({
    argv: ['/opt/job-scheduler/electron', ...argv],
    isPackaged: true,
    platform: 'linux',
    environment: { XDG_DATA_HOME: '/home/anna/.local/share' },
    workingFolder: '/home/anna',
    ...more,
  });

describe('command line of the desktop application', () => {
  it('keeps its data in the place of the system, or where --data says', () => {
    expect(read([])).toMatchObject({ kind: 'desktop', dataFolder: '/home/anna/.local/share/job-scheduler' });
    expect(read(['--data', 'here'])).toMatchObject({ dataFolder: '/home/anna/here' });
    expect(read(['--data=/srv/jobs', '--config', 'a.yaml'])).toMatchObject({
      dataFolder: '/srv/jobs',
      jobsFile: '/home/anna/a.yaml',
    });
  });

  it('keeps its data beside itself when it is the portable one', () => {
    const environment = { PORTABLE_EXECUTABLE_DIR: '/media/stick' };
    expect(read([], { environment })).toMatchObject({ dataFolder: '/media/stick/Job Scheduler data' });
  });

  it('is started by its folder during development', () => {
    const started = read(['--inspect=0', '.', '--data', '/tmp/x'], { isPackaged: false });
    expect(started).toMatchObject({ kind: 'desktop', dataFolder: '/tmp/x', unknown: [] });
  });

  it('starts although it does not understand an option, and tells which', () => {
    const started = read(['--hidden', '--run=job', '--no-sandbox', '--data']);
    expect(started).toMatchObject({ hidden: true, unknown: ['--run=job', '--data without a value'] });
  });

  it('leave everything behind --cli to the command line, as it was typed', () => {
    expect(read(['--no-sandbox', '--cli', 'jobs', 'run', 'load', '--', '--headless', '--lang=x'])).toEqual({
      kind: 'cli',
      argv: ['jobs', 'run', 'load', '--', '--headless', '--lang=x'],
    });
  });

  it('hands everything else to the headless program when that is asked for', () => {
    expect(read(['--no-sandbox', '--headless', '--port', '0', '--mode', 'web'])).toEqual({
      kind: 'headless',
      argv: ['--port', '0', '--mode', 'web'],
    });
  });

  it('opens a jobs file that was double-clicked', () => {
    expect(read(['nightly.job.yaml'])).toMatchObject({ open: '/home/anna/nightly.job.yaml' });
    expect(read(['notes.txt'])).toMatchObject({ open: undefined });
  });
});
