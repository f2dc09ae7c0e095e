import { mkdirSync, readFileSync } from 'node:fs';
import { userInfo } from 'node:os';
import { dirname, join } from 'node:path';
import { app, dialog, ipcMain, Menu, protocol } from 'electron';
import { AppError } from '../../../src-shared/errors';
import { acquireInstanceLock, type InstanceLock } from '../../adapters/persistence/instance-lock';
import { type LoadedSettings, loadSettings } from '../../adapters/settings/load-settings';
import type { Invoke } from '../../api/invoke';
import { compose, findProgramFolder, type Program } from '../compose';
import { createAppProtocol } from './app-protocol';
import type { DesktopArguments } from './arguments';
import { createEventFeed } from './event-feed';
import { registerIpc } from './ipc';
import { lockDown } from './lockdown';
import { appScheme } from './scheme';
import { createSmallFile } from './small-file';
import { createMainWindow, preloadIn } from './window';
import { WindowState } from './window-state';

type Started = Extract<DesktopArguments, { kind: 'desktop' }>;

function personName(): string {
  try {
    return userInfo().username;
  } catch {
    return 'local';
  }
}

/** Tells why it can't start, where a person sees it and where a script does, and ends. */
function fail(error: unknown): void {
  const message =
    error instanceof AppError ? error.message : ((error as Error | undefined)?.stack ?? String(error));
  process.stderr.write(`job-scheduler: ${message}\n`);
  dialog.showErrorBox('Job Scheduler can’t start', message);
  app.exit(error instanceof AppError && error.code === 'validation_failed' ? 2 : 1);
}

/** Starts the desktop application, from top to bottom. Called before Electron is ready. */
export async function startDesktop(args: Started): Promise<void> {
  const programFolder = findProgramFolder();
  const { version } = JSON.parse(readFileSync(join(programFolder, 'package.json'), 'utf8')) as {
    version: string;
  };
  const { dataFolder } = args;
  const jobsFile = args.jobsFile ?? join(dataFolder, 'jobs', 'job_config.yaml');

  let lock: InstanceLock | undefined;
  let program: Program;
  let loaded: LoadedSettings;
  try {
    loaded = loadSettings({
      appConfigFile: args.appConfigFile,
      dataFolder,
      programFolder,
      environment: process.env,
      options: {},
    });
    lock = acquireInstanceLock(dataFolder, {
      pid: process.pid,
      started: new Date().toISOString(),
      mode: 'desktop',
    });
    mkdirSync(dirname(jobsFile), { recursive: true });
    program = await compose({
      dataFolder,
      programFolder,
      jobsFile,
      isJobsFileOptional: args.jobsFile === undefined,
      settings: loaded.settings,
      schedules: true,
      version,
      console: !app.isPackaged,
      runtime: `Electron ${process.versions.electron} (Node ${process.versions.node})`,
      told: { entries: loaded.entries, configFile: loaded.file, addresses: () => [] },
    });
  } catch (error) {
    lock?.release();
    await app.whenReady();
    return fail(error);
  }
  const { core, logger } = program;
  if (loaded.file) logger.info(`configuration: ${loaded.file}`);
  for (const warning of loaded.warnings) logger.warning(`configuration: ${warning}`);
  for (const option of args.unknown) logger.warning(`the option ${option} is not known and does nothing`);

  await app.whenReady();
  Menu.setApplicationMenu(null);
  lockDown(app, logger);

  const started = program.start();
  // The window opens while jobs are read; its calls wait for them.
  const invoke: Invoke = async (...call) => {
    await started.catch(() => undefined);
    return program.invoke(...call);
  };
  const caller = {
    principal: { kind: 'local', key_id: null, name: personName(), role: 'admin' },
    origin: 'window',
  } as const;
  protocol.handle(
    appScheme,
    createAppProtocol({ rendererFolder: join(programFolder, 'out', 'renderer'), invoke, caller }),
  );
  registerIpc({ ipcMain, invoke, caller, feed: createEventFeed(core.events), logger });

  let isQuitting = false;
  const window = createMainWindow({
    preloadFile: preloadIn(programFolder),
    iconFile: join(programFolder, 'assets', 'icon.png'),
    state: createSmallFile(join(dataFolder, 'window', 'place.json'), WindowState),
    logger,
    mayClose: () => isQuitting,
    onHidden: () => undefined,
  });
  if (!args.hidden) window.show();
  app.on('second-instance', () => window.show());
  app.on('window-all-closed', () => undefined);

  const stop = async () => {
    isQuitting = true;
    try {
      await program.stop();
      lock?.release();
    } catch (error) {
      logger.error('the stop was not clean', { error: String(error) });
    }
    app.exit(0);
  };
  app.on('before-quit', (event) => {
    event.preventDefault();
    void stop();
  });

  try {
    await started;
  } catch (error) {
    lock?.release();
    fail(error);
  }
}
