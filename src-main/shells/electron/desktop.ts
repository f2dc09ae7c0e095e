import { mkdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { app, ipcMain, Menu, powerSaveBlocker, protocol, safeStorage } from 'electron';
import { desktopContract } from '../../../src-shared/desktop-contract';
import { acquireInstanceLock, type InstanceLock } from '../../adapters/persistence/instance-lock';
import { createKeyFileSecretBox } from '../../adapters/secrets/key-file-secret-box';
import { loadSettings } from '../../adapters/settings/load-settings';
import { createInvoke, type Invoke } from '../../api/invoke';
import type { Program } from '../compose';
import { findProgramFolder } from '../program-folder';
import { createAct } from './act';
import { createAppProtocol } from './app-protocol';
import { type DesktopArguments, jobFileOf, ownArguments } from './arguments';
import { createDesktopHandlers } from './desktop-handlers';
import { createDesktopSecrets } from './desktop-secrets';
import { createEarlyLogger } from './early-logger';
import { createEventFeed, type EventFeed } from './event-feed';
import { type FailureNote, pathOf, watchFailures } from './failure-notes';
import { registerIpc } from './ipc';
import { createKeepAwake } from './keep-awake';
import { localCaller } from './local-caller';
import { lockDown } from './lockdown';
import { loginStart } from './login-start';
import { showNote, tellStillRunning } from './notify';
import { createOpenedFiles, openedPath } from './opened-file';
import { watchPower } from './power';
import { createPreferences } from './preferences';
import { createQuitting, type Quitting } from './quitting';
import { pagesOfHolder } from './running-elsewhere';
import { createSafeMode } from './safe-mode';
import { appScheme } from './scheme';
import { createServing } from './serving';
import { createSmallFile } from './small-file';
import { fail, isTaken, openTheirs } from './start-failure';
import { createTray, type TrayPlace } from './tray';
import { createTrayWatch, type TrayWatch } from './tray-watch';
import { createUpdates } from './updates';
import { createMainWindow, preloadIn } from './window';
import { WindowState } from './window-state';

type Started = Extract<DesktopArguments, { kind: 'desktop' }> & { readonly drawsInSoftware: boolean };

/** What calls of the window wait for. */
interface Ready {
  readonly program: Program;
  readonly desktopInvoke: Invoke;
  readonly started: Promise<void>;
  readonly feed: EventFeed;
}

/** Starts the desktop application. Called before Electron is ready. */
export async function startDesktop(args: Started): Promise<void> {
  let lock: InstanceLock | undefined;
  try {
    lock = await start(args, (taken) => {
      lock = taken;
    });
  } catch (error) {
    const pages = lock === undefined && isTaken(error) ? pagesOfHolder(args.dataFolder) : undefined;
    lock?.release();
    await app.whenReady();
    if (pages === undefined) fail(error);
    else await openTheirs(pages, args.dataFolder);
  }
}

/** From top to bottom. What must be undone when a later step fails is told to `onLock`. */
async function start(args: Started, onLock: (lock: InstanceLock) => void): Promise<InstanceLock> {
  const { dataFolder } = args;
  const programFolder = findProgramFolder();
  const rendererFolder = join(programFolder, 'out', 'renderer');
  const assetsFolder = join(programFolder, 'assets');
  const iconFile = join(assetsFolder, 'icon.png');
  const { version } = JSON.parse(readFileSync(join(programFolder, 'package.json'), 'utf8')) as {
    version: string;
  };
  const jobsFile = args.jobsFile ?? join(dataFolder, 'jobs', 'job_config.yaml');

  // 1. The data folder is ours, and its settings are understood.
  const loaded = loadSettings({
    appConfigFile: args.appConfigFile,
    dataFolder,
    programFolder,
    environment: process.env,
    options: {},
  });
  const { settings } = loaded;
  const lock = acquireInstanceLock(dataFolder, {
    pid: process.pid,
    started: new Date().toISOString(),
    mode: 'desktop',
  });
  onLock(lock);
  mkdirSync(dirname(jobsFile), { recursive: true });
  const preferences = createPreferences(dataFolder);
  const secrets = createDesktopSecrets({
    keeper: preferences.current.secret_keeper ?? 'key_file',
    storage: safeStorage,
    platform: process.platform,
    keyFile: () => createKeyFileSecretBox(join(dataFolder, 'secret.key')),
  });

  // Made further down; what comes earlier may meet them not there yet.
  let quitting: Quitting | undefined;
  let watch: TrayWatch | undefined;
  let tray: TrayPlace | undefined;

  // 2. Electron, closed to everything the pages never need.
  await app.whenReady();
  Menu.setApplicationMenu(null);
  const logger = createEarlyLogger();
  lockDown(app, logger);

  // 3. The window opens while the program is composed and its jobs are read: its calls wait for them.
  let onReady: (ready: Ready) => void = () => undefined;
  const ready = new Promise<Ready>((resolve) => {
    onReady = resolve;
  });
  const caller = localCaller();
  const invoke: Invoke = async (id, ...call) => {
    const { program, desktopInvoke, started } = await ready;
    await started;
    return (id.startsWith('desktop.') ? desktopInvoke : program.invoke)(id, ...call);
  };
  protocol.handle(appScheme, createAppProtocol({ rendererFolder, invoke, caller }));
  registerIpc({ ipcMain, invoke, caller, feed: ready.then(({ feed }) => feed), logger });
  const opened = createOpenedFiles();
  if (args.open !== undefined) opened.offer(args.open);
  const window = createMainWindow({
    preloadFile: preloadIn(programFolder),
    iconFile,
    state: createSmallFile(join(dataFolder, 'window', 'place.json'), WindowState),
    logger,
    mayClose: () => quitting?.isCertain ?? false,
    onHidden() {
      if (preferences.current.told_about_tray) return;
      preferences.change({ told_about_tray: true });
      tellStillRunning(iconFile, () => window.show());
    },
    onFocus: () => watch?.noteLooked(),
    onSessionEnd: () => void quitting?.now('the session ends'),
  });
  app.on('window-all-closed', () => undefined);
  // Its arguments are a stranger's: all they can do is bring the window to the front, with a jobs file to look at.
  app.on('second-instance', (_event, argv, workingFolder) => {
    const file = jobFileOf(ownArguments(argv, app.isPackaged), workingFolder);
    if (file !== undefined) opened.offer(file);
    window.show(file === undefined ? undefined : openedPath);
  });
  if (args.open !== undefined) window.show(openedPath);
  else if (!args.hidden) window.show();

  // 4. The program, as headless composes it. Nobody can be told anything before there is a tray.
  let tell: (note: FailureNote) => void = () => undefined;
  const { compose } = await import('../compose');
  const program = await compose({
    dataFolder,
    programFolder,
    jobsFile,
    isJobsFileOptional: args.jobsFile === undefined,
    settings,
    schedules: true,
    version,
    console: !app.isPackaged,
    runtime: `Electron ${process.versions.electron} (Node ${process.versions.node})`,
    secrets,
    // What failed is told by the desktop application anyway, with buttons.
    showToast({ kind, title, text, job_id, execution_id }) {
      if (kind !== 'failure')
        tell({ title, body: text, path: pathOf(job_id, execution_id), job_id: undefined });
    },
    told: { loaded, addresses: () => (serving.address ? [serving.address] : []) },
    restart: () => void quitting?.restart(),
  });
  const { core } = program;
  logger.handTo(program.logger);
  const { events } = core;
  const safeMode = createSafeMode({ core, logger, onChange: () => watch?.refresh() });
  // A bug must not end the scheduler silently: it is logged with its stack, and the jobs go on.
  process.on('uncaughtException', (error) => safeMode.noteFault('uncaught exception', error));
  process.on('unhandledRejection', (error) => safeMode.noteFault('unhandled rejection', error));
  if (loaded.file) logger.info(`configuration: ${loaded.file}`);
  for (const warning of loaded.warnings) logger.warning(`configuration: ${warning}`);
  if (args.drawsInSoftware) logger.info('the window is drawn without a graphics processor');
  for (const option of args.unknown) logger.warning(`the option ${option} is not known and does nothing`);
  // Decided once, at the first start: whoever has no secrets yet gets the system's own store, if it is a real one.
  if (preferences.current.secret_keeper === undefined) {
    const isEmpty = (await core.store.secrets.list()).length + (await core.store.connections.list()).length;
    if (isEmpty === 0 && secrets.systemProblem() === undefined) secrets.keeper = 'system';
    preferences.change({ secret_keeper: secrets.keeper });
  }
  const started = program.start();
  const serving = createServing({
    program,
    web: settings.web,
    dataFolder,
    rendererFolder,
    version,
    // The command line finds it there.
    onAddress: (address) => lock.tell({ address }),
  });
  const updates = createUpdates({ feed: settings.updates.feed, logger });
  const desktopInvoke = createInvoke({
    contract: desktopContract,
    handlers: createDesktopHandlers({
      core,
      web: settings.web,
      places: { data: dataFolder, logs: join(dataFolder, dirname(settings.logging.file)), jobsFile },
      preferences,
      serving,
      secrets,
      safeMode,
      updates,
      opened,
      keepsInTray: () => tray !== undefined,
      onChange: () => watch?.refresh(),
    }),
    audit: core.audit,
    clock: core.clock,
    logger,
  });
  onReady({ program, desktopInvoke, started: started.catch(() => undefined), feed: createEventFeed(events) });

  // 5. The way out.
  quitting = createQuitting({
    app,
    core,
    logger,
    window: window.current,
    async stop() {
      watch?.stop();
      tray?.destroy();
      keepAwake();
      updates.stop();
      stopNotes();
      await serving.stop();
      await program.stop();
      lock.release();
    },
  });
  app.on('before-quit', (event) => {
    event.preventDefault();
    void quitting?.request();
  });
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const)
    process.on(signal, () => void quitting?.now(signal));

  // 6. The tray, and what is told outside the window.
  const act = createAct(invoke, caller);
  watch = createTrayWatch({
    core,
    isLookedAt: () => window.current()?.isFocused() ?? false,
    startsAtLogin: loginStart.isOn,
    isSafeMode: () => safeMode.reason !== undefined,
    show: (facts) => tray?.show(facts),
  });
  tray = createTray({
    assetsFolder,
    logger,
    actions: {
      open: (path) => window.show(path),
      run: (job_id) => void act('tray', 'jobs.run', { job_id }),
      pause: () => void act('tray', 'scheduler.pause'),
      resume: () => void act('tray', 'scheduler.resume'),
      setStartAtLogin(on) {
        loginStart.set(on);
        watch?.refresh();
      },
      quit: () => void quitting?.request(),
    },
  });
  tell = (note) =>
    showNote(note, {
      iconFile,
      open: (path) => window.show(path),
      runAgain: (job_id) => void act('notification', 'jobs.run', { job_id }),
      logger,
    });
  const stopNotes = watchFailures({ subscribe: events.subscribe, tell });
  const keepAwake = createKeepAwake({
    subscribe: events.subscribe,
    asks: (job_id) => core.registry.get(job_id)?.definition.keep_awake === true,
    block: () => powerSaveBlocker.start('prevent-app-suspension'),
    release: (id) => powerSaveBlocker.stop(id),
  });
  watchPower({ core, logger, onShutdown: () => void quitting?.now('the system shuts down') });

  // 7. Jobs are read, and scheduling has begun.
  await started;
  safeMode.recall();
  await watch.start();
  if (preferences.current.serving.on) {
    await serving
      .start(preferences.current.serving.port ?? settings.web.port)
      .catch((error: Error) => logger.error(`the pages are not served: ${error.message}`));
  }
  return lock;
}
