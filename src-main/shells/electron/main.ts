import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { app, protocol } from 'electron';
import { readArguments } from './arguments';
import { chooseGraphics } from './graphics';
import { appScheme } from './scheme';
import { stopWhenClosed } from './stop-window';

/**
 * The entry of the desktop application: what must be done before Electron is ready, and nothing else. CommonJS,
 * because that is loaded before the ready event; the program itself is loaded while Chromium starts.
 */
function main(): void {
  const started = readArguments({
    argv: process.argv,
    isPackaged: app.isPackaged,
    platform: process.platform,
    environment: process.env,
    workingFolder: process.cwd(),
  });
  const load = (name: string): Promise<unknown> =>
    import(pathToFileURL(join(__dirname, '..', 'main', name)).href);

  app.setName('Job Scheduler');
  if (started.kind === 'headless' || started.kind === 'cli') {
    const hasDisplay = process.env.DISPLAY ?? process.env.WAYLAND_DISPLAY;
    if (process.platform === 'linux' && !hasDisplay && !app.commandLine.hasSwitch('ozone-platform')) {
      process.stderr.write(
        `job-scheduler: --${started.kind} without a display needs --ozone-platform=headless before it on Linux\n`,
      );
      process.exit(2);
    }
    app.disableHardwareAcceleration();
    app.commandLine.appendSwitch('disable-gpu');
    app.on('window-all-closed', () => undefined);
    process.argv = [process.argv[0] ?? '', 'job-scheduler', ...started.argv];
    if (started.kind === 'headless') {
      app.whenReady().then(stopWhenClosed, stop);
      load('headless.js').catch(stop);
    }
    // Electron goes on until it is told to end; first what is still on its way to a pipe.
    else
      load('cli.js').then(
        () => process.stdout.write('', () => app.exit(Number(process.exitCode ?? 0))),
        stop,
      );
    return;
  }

  const { dataFolder } = started;
  const windowFolder = join(dataFolder, 'window');
  try {
    mkdirSync(windowFolder, { recursive: true, mode: 0o700 });
  } catch (error) {
    process.stderr.write(`job-scheduler: the data folder ${dataFolder} can't be used: ${String(error)}\n`);
    app.exit(1);
    return;
  }
  app.setPath('userData', windowFolder);
  app.setPath('sessionData', windowFolder);
  app.setAppUserModelId('job-scheduler.desktop');
  // One window for each data folder. The second start hands over and leaves; the first decides what it does with it.
  if (!app.requestSingleInstanceLock()) {
    app.exit(0);
    return;
  }
  const drawsInSoftware = chooseGraphics(app, join(windowFolder, 'graphics.json'));
  protocol.registerSchemesAsPrivileged([
    {
      scheme: appScheme,
      privileges: { standard: true, secure: true, supportFetchAPI: true, stream: true, codeCache: true },
    },
  ]);
  // Every page of the window is in a sandbox, whoever opens it.
  if (!app.commandLine.hasSwitch('no-sandbox')) app.enableSandbox();
  load('desktop.js')
    .then((module) => (module as typeof import('./desktop')).startDesktop({ ...started, drawsInSoftware }))
    .catch(stop);
}

/** What can't even be loaded. */
function stop(error: unknown): void {
  process.stderr.write(`job-scheduler: ${error instanceof Error ? error.stack : String(error)}\n`);
  app.exit(1);
}

main();
