import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { AppError } from '../../../src-shared/errors';
import { acquireInstanceLock, readInstanceInfo } from '../../adapters/persistence/instance-lock';
import { checkBind } from '../../adapters/settings/check-bind';
import { loadSettings } from '../../adapters/settings/load-settings';
import type { Logger } from '../../core/ports/logger';
import { prepareAdminKey } from '../admin-key';
import { compose } from '../compose';
import { createHttpAudit } from '../http/http-audit';
import { createHttpServer, type HttpServer } from '../http/server';
import { findProgramFolder } from '../program-folder';
import { controlSocket } from './control-socket';
import { serveInFront } from './front';
import { type HeadlessOptions, parseOptions } from './options';
import { welcomeText } from './welcome';

/** Exit codes: 0 ended as asked, 1 could not start, 2 the command line or the configuration is wrong. */
function fail(error: unknown): void {
  const isOurs = error instanceof AppError;
  const text = isOurs ? error.message : error instanceof Error ? error.stack : String(error);
  process.stderr.write(`job-scheduler: ${text}\n`);
  // The last thing done: inside the desktop application this returns, and the process ends a little later.
  process.exit(isOurs && error.code === 'validation_failed' ? 2 : 1);
}

/** What runs now, if anything does: signals and faults are about it. */
let running: { readonly logger: Logger; stop(why: string, code: number): Promise<void> } | undefined;

/** Once for the process, however often the program in it starts anew. */
function watchProcess(): void {
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const)
    process.on(signal, () => {
      if (running) void running.stop(signal, 0);
      else process.exit(0);
    });
  // A bug must not end the scheduler silently: it is logged with its stack, and the jobs go on.
  const tell = (kind: string, error: unknown) => {
    const stack = error instanceof Error ? (error.stack ?? error.message) : String(error);
    if (running) running.logger.error(kind, { stack });
    else fail(error);
  };
  process.on('uncaughtException', (error) => tell('uncaught exception', error));
  process.on('unhandledRejection', (error) => tell('unhandled rejection', error));
}

async function start(options: HeadlessOptions, programFolder: string, version: string): Promise<void> {
  const dataFolder = resolve(options.data);
  const loaded = loadSettings({
    appConfigFile: options.appConfig,
    dataFolder,
    programFolder,
    environment: process.env,
    options: { host: options.host, port: options.port },
  });
  const { settings, file, warnings } = loaded;
  const { web } = settings;
  const noAuth = !options.auth;
  const unsafe = checkBind({ host: web.host, secretKey: web.secret_key, noAuth });
  if (unsafe) throw new AppError('validation_failed', unsafe);

  const { mode } = options;
  const socket = controlSocket(dataFolder);
  if (mode === 'web') {
    const holder = readInstanceInfo(dataFolder);
    // A scheduler without pages runs on this data: this process becomes its front.
    if (holder?.mode === 'scheduler' && holder.socket && (await serveInFront({ socket: holder.socket, web })))
      return;
  }
  const started = new Date().toISOString();
  const lock = acquireInstanceLock(dataFolder, {
    pid: process.pid,
    started,
    mode,
    ...(mode === 'scheduler' ? { socket } : {}),
  });

  let server: HttpServer | undefined;
  const addressOf = (port: number) => `http://${web.host === '::1' ? '[::1]' : web.host}:${port}`;
  const program = await compose({
    dataFolder,
    programFolder,
    jobsFile: resolve(options.config),
    settings,
    schedules: mode !== 'web',
    version,
    console: true,
    restart: () => void restart(),
    told: { loaded, addresses: () => (server && mode !== 'scheduler' ? [addressOf(server.port)] : []) },
  });
  const { core, logger } = program;

  let ending: Promise<void> | undefined;
  const end = async (why: string) => {
    logger.info(`stopping (${why})`);
    try {
      await server?.close();
      await program.stop();
      lock.release();
    } catch (error) {
      logger.error('the stop was not clean', { error: String(error) });
    }
  };
  const stop = async (why: string, code: number) => {
    // Also when it was about to start anew: the stop counts.
    ending ??= end(why);
    await ending;
    process.exit(code);
  };
  /** In this process: whoever keeps the service sees no end. The port stays the same. */
  const restart = async () => {
    if (ending) return;
    const { port } = server ?? {};
    ending = end('starting anew');
    await ending;
    await start(port === undefined ? options : { ...options, port }, programFolder, version).catch(fail);
  };
  running = { logger, stop };

  try {
    if (file) logger.info(`configuration: ${file}`);
    for (const warning of warnings) logger.warning(`configuration: ${warning}`);
    const adminKey = await prepareAdminKey(
      program.access,
      join(dataFolder, 'admin.key'),
      core.store.remote !== undefined,
    );
    // The address is taken before anything is scheduled: a copy that can't serve must not run jobs either.
    server = await createHttpServer({
      invoke: program.invoke,
      access: program.access,
      events: core.events,
      logger: program.webLogger,
      host: web.host,
      port: web.port,
      moreHosts: web.allowed_hosts,
      noAuth,
      uiFolder: join(programFolder, 'out', 'renderer'),
      version,
      ...createHttpAudit(core.audit, core.clock),
      ...(mode === 'scheduler' ? { socket } : {}),
    });
    if (mode !== 'scheduler') lock.tell({ address: addressOf(server.port) });
    await program.start();
    const welcome = welcomeText({
      mode,
      address: mode === 'scheduler' ? undefined : addressOf(server.port),
      keyFile: join(dataFolder, 'admin.key'),
      firstKey: adminKey.isNew ? adminKey.key : undefined,
      loginToken: adminKey.principal && program.access.sessions.createLoginToken(adminKey.principal),
      noAuth,
      hideKey: options.hideKey === true,
      dataFolder,
    });
    process.stdout.write(welcome);
  } catch (error) {
    await server?.close().catch(() => undefined);
    await program.stop().catch(() => undefined);
    lock.release();
    fail(error);
  }
}

function main(): void {
  const programFolder = findProgramFolder();
  const { version } = JSON.parse(readFileSync(join(programFolder, 'package.json'), 'utf8')) as {
    version: string;
  };
  const parsed = parseOptions(process.argv.slice(2), {
    version,
    programFolder,
    platform: process.platform,
    environment: process.env,
  });
  if (parsed.kind === 'exit') {
    const { code, text } = parsed;
    // Ended by hand once the text is out: inside the desktop application nothing else would end it.
    (code === 0 ? process.stdout : process.stderr).write(text, () => process.exit(code));
    return;
  }
  watchProcess();
  start(parsed.options, programFolder, version).catch(fail);
}

main();
