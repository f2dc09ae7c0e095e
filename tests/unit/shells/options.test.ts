import { describe, expect, it } from 'vitest';
import { defaultDataFolder } from '../../../src-main/shells/data-folder';
import { parseOptions } from '../../../src-main/shells/headless/options';

const parse = (...argv: string[]) =>
  parseOptions(argv, {
    version: '1.2.3',
    programFolder: '/program',
    platform: 'linux',
    environment: { XDG_DATA_HOME: '/home/data' },
  });

describe('the command line', () => {
  it('has the defaults of the documentation', () => {
    expect(parse()).toEqual({
      kind: 'start',
      options: {
        mode: 'both',
        config: '/program/jobs/job_config.yaml',
        data: '/home/data/job-scheduler',
        auth: true,
      },
    });
  });

  it('takes every option', () => {
    expect(
      parse(
        '--mode',
        'web',
        '--port',
        '5001',
        '--host',
        '127.0.0.1',
        '--config',
        'a.yaml',
        '--app-config',
        'b.yaml',
        '--data',
        'd',
        '--no-auth',
      ),
    ).toMatchObject({
      options: {
        mode: 'web',
        port: 5001,
        host: '127.0.0.1',
        config: 'a.yaml',
        appConfig: 'b.yaml',
        data: 'd',
        auth: false,
      },
    });
  });

  it.each([
    [['--port', 'x'], /port.*expected 0-65535/s],
    [['--port', '70000'], /expected 0-65535/],
    [['--mode', 'all'], /scheduler, web, both/],
    [['--prot', '1'], /unknown option.*--port/s],
    [['extra'], /argument/],
    [['--config'], /argument missing/],
  ])('%j ends with code 2 and one line', (argv, text) => {
    const parsed = parse(...argv);
    expect(parsed).toMatchObject({ kind: 'exit', code: 2, text: expect.stringMatching(text) });
  });

  it('prints help and version and ends well', () => {
    expect(parse('--version')).toMatchObject({ kind: 'exit', code: 0, text: '1.2.3\n' });
    expect(parse('--help')).toMatchObject({
      kind: 'exit',
      code: 0,
      text: expect.stringContaining('--no-auth'),
    });
  });

  it('keeps data where each system keeps it', () => {
    expect(defaultDataFolder('win32', { LOCALAPPDATA: 'C:\\Users\\a\\AppData\\Local' })).toMatch(
      /Local.Job Scheduler$/,
    );
    expect(defaultDataFolder('linux', {})).toMatch(/\.local\/share\/job-scheduler$/);
  });
});
