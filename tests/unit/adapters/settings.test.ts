import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { checkBind } from '../../../src-main/adapters/settings/check-bind';
import { loadSettings } from '../../../src-main/adapters/settings/load-settings';
import { projectFolder } from '../../support/real-types';
import { tempFolder } from '../../support/temp-folder';

function load(
  text: string,
  environment: Record<string, string> = {},
  options: { host?: string; port?: number } = {},
) {
  const dataFolder = tempFolder();
  writeFileSync(join(dataFolder, 'app_config.yaml'), text);
  return loadSettings({ dataFolder, programFolder: '/nowhere', environment, options });
}
const refusal = (work: () => unknown): string => {
  try {
    work();
  } catch (error) {
    return (error as Error).message;
  }
  throw new Error('was not refused');
};

/** Section 9 of the documentation, with "Application Tuning". */
const printed = `
database:
  connection_string: "DRIVER={ODBC Driver 17 for SQL Server};SERVER=localhost;DATABASE=sreutil;Trusted_Connection=yes"
  pool_size: 20
  max_overflow: 10
  pool_timeout: 30
logging:
  level: INFO
  file: logs/scheduler.log
  max_size: 10485760
  backup_count: 5
web:
  host: 0.0.0.0
  port: 5000
  secret_key: your-secret-key-here
scheduler:
  timezone: America/New_York
  thread_pool_size: 20
  process_pool_size: 5
  job_defaults:
    coalesce: true
    max_instances: 3
    misfire_grace_time: 60
  executors:
    default:
      class: apscheduler.executors.pool:ThreadPoolExecutor
      max_workers: 25
`;

describe('the configuration', () => {
  it('of the documentation is read, every key of it', () => {
    const { settings, warnings } = load(printed);
    expect(settings).toMatchObject({
      database: { pool_size: 20, max_overflow: 10, pool_timeout: 30 },
      logging: { level: 'INFO', file: 'logs/scheduler.log', max_size: 10_485_760, backup_count: 5 },
      web: { host: '0.0.0.0', port: 5000, secret_key: 'your-secret-key-here' },
      scheduler: {
        timezone: 'America/New_York',
        thread_pool_size: 25,
        job_defaults: {
          coalesce: true,
          max_instances: 3,
          misfire_grace_time: 60,
          timeout: 300,
          max_retries: 3,
        },
      },
    });
    expect(warnings.join('\n')).toMatch(/Python class/);
  });

  it('has defaults for everything', () => {
    const { settings, file } = loadSettings({
      dataFolder: tempFolder(),
      programFolder: '/nowhere',
      environment: {},
      options: {},
    });
    expect(file).toBeUndefined();
    expect(settings.web).toMatchObject({ host: '127.0.0.1', port: 5000 });
    expect(settings.scheduler).toMatchObject({ thread_pool_size: 20, timezone: 'UTC' });
  });

  it('shipped as a sample is valid and keeps to the embedded database', () => {
    const { settings } = loadSettings({
      dataFolder: tempFolder(),
      programFolder: projectFolder,
      environment: {},
      options: {},
    });
    expect(settings.database.connection_string).toBeUndefined();
  });

  it('yields to the environment, and the environment to the options', () => {
    const environment = {
      JOB_SCHEDULER_WEB_PORT: '6000',
      JOB_SCHEDULER_WEB_HOST: '127.0.0.2',
      JOB_SCHEDULER_SCHEDULER_JOB_DEFAULTS_COALESCE: 'no',
      LOG_LEVEL: 'debug',
    };
    const { settings } = load('web: {port: 5500}\n', environment, { port: 7000 });
    expect(settings.web).toMatchObject({ port: 7000, host: '127.0.0.2' });
    expect(settings.scheduler.job_defaults.coalesce).toBe(false);
    expect(settings.logging.level).toBe('DEBUG');
  });

  it('tells every bad key at once, with its place, value and what was expected', () => {
    const message = refusal(() =>
      load(
        `web:\n  port: 70000\n  prot: 5000\nscheduler:\n  timezone: Mars/Phobos\n  thread_pool_size: many\nloging: {}\n`,
        { JOB_SCHEDULER_LOGGING_MAX_SIZE: 'big' },
      ),
    );
    expect(message).toMatch(/^6 settings can't be used:/);
    expect(message).toMatch(/app_config\.yaml:2:3: .*port is 70000/);
    expect(message).toMatch(/app_config\.yaml:3:3: unknown key web\.prot; did you mean web\.port\?/);
    expect(message).toMatch(/:5:3: .*timezone is "Mars\/Phobos".*IANA/);
    expect(message).toMatch(/:6:3: .*thread_pool_size is "many"/);
    expect(message).toMatch(/:7:1: unknown key loging; did you mean logging\?/);
    expect(message).toMatch(/JOB_SCHEDULER_LOGGING_MAX_SIZE: is "big"; expected a number/);
  });

  it('never repeats a secret in a refusal', () => {
    expect(refusal(() => load('web: {secret_key: [canary]}\n'))).not.toContain('canary');
    expect(refusal(() => load('database: {connection_string: {a: canary}}\n'))).not.toContain('canary');
    expect(refusal(() => load('notifications: {slack: {webhook_url: canary}}\n'))).not.toContain('canary');
  });

  it('refuses addresses of notifications inside the network, unless their host is allowed', () => {
    const hook = (more: string) =>
      `notifications: {webhooks: {mine: {url: 'http://10.0.0.8:8080/canary'}}${more}}\n`;
    const message = refusal(() => load(hook('')));
    expect(message).toMatch(
      /webhooks\.mine\.url is \*\*\*: leads to 10\.0\.0\.8.*"10\.0\.0\.8:8080" in notifications\.allowed_hosts/,
    );
    expect(message).not.toContain('canary');
    expect(load(hook(', allowed_hosts: [10.0.0.8]')).settings.notifications.webhooks.mine?.method).toBe(
      'POST',
    );
  });

  it.each([
    ['web: [1\n', /:\d+:\d+:/],
    ['- 1\n', /expected sections/],
    ['web: 5\n', /web is 5/],
  ])('%j is refused', (text, message) => {
    expect(refusal(() => load(text))).toMatch(message);
  });

  it('warns of a variable that is no setting', () => {
    const { warnings } = load('', { JOB_SCHEDULER_WEB_PROT: '1' });
    expect(warnings).toEqual([
      expect.stringMatching(/JOB_SCHEDULER_WEB_PROT is no setting; did you mean JOB_SCHEDULER_WEB_PORT/),
    ]);
  });
});

describe('an address', () => {
  it.each([
    ['127.0.0.1', undefined, false, undefined],
    ['::1', undefined, true, undefined],
    ['0.0.0.0', undefined, false, /secret_key/],
    ['0.0.0.0', 'your-secret-key-here', false, /secret_key/],
    ['0.0.0.0', 'short', false, /16 characters/],
    ['0.0.0.0', 'a-secret-of-my-own-1234', true, /--no-auth works on this machine only/],
    ['0.0.0.0', 'a-secret-of-my-own-1234', false, undefined],
    ['127.0.0.1.evil.example', undefined, false, /secret_key/],
  ])('%s with secret %s, no auth %s', (host, secretKey, noAuth, expected) => {
    const why = checkBind({ host, secretKey, noAuth });
    if (expected) expect(why).toMatch(expected);
    else expect(why).toBeUndefined();
  });
});

describe('the settings as they are told', () => {
  const found = (entries: ReturnType<typeof load>['entries'], key: string) =>
    entries.find((entry) => entry.key === key);

  it('say where each value comes from', () => {
    const { entries } = load(
      'scheduler:\n  timezone: Europe/Berlin\n  thread_pool_size: 7\nweb:\n  port: 8080\n',
      { LOG_LEVEL: 'debug', JOB_SCHEDULER_SCHEDULER_THREAD_POOL_SIZE: '9' },
      { port: 0 },
    );
    expect(found(entries, 'scheduler.timezone')).toMatchObject({
      value: 'Europe/Berlin',
      default: 'UTC',
      source: 'file',
      origin: expect.stringMatching(/app_config\.yaml:2:3$/),
      variable: 'JOB_SCHEDULER_SCHEDULER_TIMEZONE',
    });
    expect(found(entries, 'scheduler.thread_pool_size')).toMatchObject({
      value: 9,
      source: 'environment',
      origin: 'JOB_SCHEDULER_SCHEDULER_THREAD_POOL_SIZE',
    });
    expect(found(entries, 'web.port')).toMatchObject({ value: 0, source: 'option', origin: '--port' });
    expect(found(entries, 'logging.level')).toMatchObject({ value: 'DEBUG', origin: 'LOG_LEVEL' });
    expect(found(entries, 'scheduler.job_defaults.timeout')).toMatchObject({
      value: 300,
      source: 'default',
      origin: null,
    });
  });

  it('never hold a secret', () => {
    const { entries } = load(
      `database: {connection_string: canary-1, password: canary-2}
web: {secret_key: canary-3-which-is-long}
notifications: {smtp: {password: canary-4, host: mail}, slack: {webhook_url: 'https://hooks.slack.com/canary-5', webhook_urls: {'#a': 'https://hooks.slack.com/canary-6'}}, webhooks: {x: {url: 'https://x.example/canary-7', headers: {Authorization: canary-8}}}}
`,
    );
    expect(JSON.stringify(entries)).not.toContain('canary');
    expect(found(entries, 'web.secret_key')?.value).toBe('***');
    expect(found(entries, 'database.username')?.value).toBeNull();
  });
});
