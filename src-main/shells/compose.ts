import { randomUUID } from 'node:crypto';
import { existsSync, mkdirSync } from 'node:fs';
import { hostname } from 'node:os';
import { dirname, isAbsolute, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { createArtifactFolder } from '../adapters/artifacts/artifact-folder';
import { icalReader } from '../adapters/calendars/ical-reader';
import { createManagedFolders } from '../adapters/host/managed-folders';
import { createNodeHost } from '../adapters/host/node-host';
import { createNodeSystemProbe } from '../adapters/host/node-system-probe';
import { sweepTemporaryFolders } from '../adapters/host/temporary-folders';
import { createJobsFile } from '../adapters/jobs-folder/jobs-file';
import { createTemplateFolder } from '../adapters/jobs-folder/template-folder';
import { createAppLogger } from '../adapters/logging/app-logger';
import { createJobLog } from '../adapters/logging/job-log';
import { createLogFeed } from '../adapters/logging/log-feed';
import { createLogReader } from '../adapters/logging/log-reader';
import type { ShowToast } from '../adapters/notify/local-channels';
import { createNotificationPorts } from '../adapters/notify/notification-ports';
import { createOutputStore } from '../adapters/output/output-store';
import { hasPendingMove } from '../adapters/persistence/move/pending-move';
import { createStoreSwitch } from '../adapters/persistence/move/store-switch';
import { openStore } from '../adapters/persistence/open-store';
import { markedEnvironment } from '../adapters/process/child-environment';
import { createNodeProcessRunner } from '../adapters/process/node-process-runner';
import { fileReportWriter } from '../adapters/reports/report-writer';
import { createKeyFileSecretBox } from '../adapters/secrets/key-file-secret-box';
import { nodeRandom } from '../adapters/secrets/node-random';
import { createScryptHasher } from '../adapters/secrets/scrypt-hasher';
import type { LoadedSettings } from '../adapters/settings/load-settings';
import { Settings } from '../adapters/settings/settings';
import { writeDatabaseSettings } from '../adapters/settings/write-database-settings';
import { createSqlClient } from '../adapters/sql/create-sql-client';
import { createSqliteClient } from '../adapters/sql/sqlite/sqlite-client';
import { createSqlServerClient } from '../adapters/sql/sqlserver/sqlserver-client';
import { createNodeScheduleTimer } from '../adapters/timers/node-schedule-timer';
import { systemClock } from '../adapters/timers/system-clock';
import { saxesXmlReader } from '../adapters/xml/xml-reader';
import { createHandlers } from '../api/create-handlers';
import { createInvoke, type Invoke } from '../api/invoke';
import { type Core, createCore } from '../core/core';
import type { Logger, LogLevel } from '../core/ports/logger';
import type { SecretBox } from '../core/ports/secret-box';
import { createMaskingLogger } from '../core/secrets/masking-logger';
import { createRedactor } from '../core/secrets/redactor';
import { type Access, createAccess } from '../core/security/access';
import { createJobTypes } from '../job-types';
import { programUrl } from './program-folder';

export interface ComposeOptions {
  readonly dataFolder: string;
  readonly programFolder: string;
  readonly jobsFile: string;
  /** Nothing is said when there is no jobs file. */
  readonly isJobsFileOptional?: boolean;
  readonly settings: Settings;
  readonly schedules: boolean;
  readonly version: string;
  /** Shows a message on the desktop; without it every open window shows it. */
  readonly showToast?: ShowToast;
  /** Log lines also to stdout and stderr. */
  readonly console: boolean;
  /** What the program runs in, for the About page; plain Node when absent. */
  readonly runtime?: string;
  /** Where secrets are sealed; the key file of the data folder when absent. */
  readonly secrets?: SecretBox;
  /** What the settings page tells beside the settings in force. */
  readonly told: {
    readonly loaded: LoadedSettings;
    /** Where the pages are served; known once the server listens. */
    readonly addresses: () => readonly string[];
  };
  /** Starts the program anew; absent where only its keeper can. */
  readonly restart?: () => void;
}

/** The whole program, wired and not yet started. */
export interface Program {
  readonly core: Core;
  readonly invoke: Invoke;
  readonly access: Access;
  readonly logger: Logger;
  readonly webLogger: Logger;
  start(): Promise<void>;
  stop(): Promise<void>;
}

const levels: Readonly<Record<Settings['logging']['level'], LogLevel>> = {
  DEBUG: 'debug',
  INFO: 'info',
  WARNING: 'warning',
  ERROR: 'error',
  CRITICAL: 'error',
};

/** Wires every adapter to the core, in reading order. The only place that knows them all. */
export async function compose(options: ComposeOptions): Promise<Program> {
  const { dataFolder, settings } = options;
  const inData = (path: string) => (isAbsolute(path) ? path : join(dataFolder, path));

  const schedulerLog = inData(settings.logging.file);
  const logsFolder = dirname(schedulerLog);
  const logOptions = {
    level: levels[settings.logging.level],
    maxSizeBytes: settings.logging.max_size,
    backupCount: settings.logging.backup_count,
  };
  const feed = createLogFeed();
  const feeding = (source: string) => (time: Date, level: LogLevel, message: string) =>
    feed.push({ time: time.toISOString(), level, source, message });
  const debugFile = join(logsFolder, 'debug.log');
  const redactor = createRedactor();
  const logger = createMaskingLogger(
    createAppLogger({
      ...logOptions,
      file: schedulerLog,
      debugFile,
      console: options.console,
      onLine: feeding('scheduler'),
    }),
    redactor,
  );
  const webLog = join(logsFolder, 'web.log');
  const webLogger = createMaskingLogger(
    createAppLogger({ ...logOptions, file: webLog, console: false, onLine: feeding('web') }),
    redactor,
  );
  const jobsLogFolder = join(logsFolder, 'jobs');
  const jobLog = createJobLog({
    ...logOptions,
    folder: jobsLogFolder,
    logger,
    onLine: (job_id, ...line) => feeding(`jobs/${job_id}`)(...line),
  });
  const logs = createLogReader({
    schedulerLog,
    webLog,
    jobsFolder: jobsLogFolder,
    backupCount: logOptions.backupCount,
    feed,
    flush: jobLog.flush,
  });

  const clock = systemClock;
  const timer = createNodeScheduleTimer(logger);
  mkdirSync(dataFolder, { recursive: true, mode: 0o700 });
  const instance = randomUUID();
  const {
    enabled: isClustered,
    node = hostname()
      .replace(/[^A-Za-z0-9_.-]/g, '-')
      .slice(0, 63),
    tags,
  } = settings.cluster;
  const unfinished = hasPendingMove(dataFolder)
    ? await (await import('../adapters/persistence/move/finish-move')).finishAtStart({
        dataFolder,
        logger,
        database: settings.database,
      })
    : undefined;
  const store = await openStore({
    // A move that could not be completed: the embedded store is used as before.
    database: unfinished === undefined ? settings.database : Settings.parse({}).database,
    dataFolder,
    logger,
    ...(isClustered
      ? {
          cluster: {
            node,
            tags,
            instance,
            version: options.version,
            address: () => options.told.addresses()[0] ?? null,
          },
        }
      : {}),
  });
  const secrets = options.secrets ?? createKeyFileSecretBox(join(dataFolder, 'secret.key'));
  // Children carry this mark; it must be the same after a restart, so that what a crash left can be found.
  const token = (await store.facts.get('run_token')) ?? randomUUID();
  await store.facts.set('run_token', token);
  const temporaryFolder = join(dataFolder, 'tmp');
  const processRunner = createNodeProcessRunner({ token, temporaryFolder });
  await sweepTemporaryFolders(temporaryFolder);
  const host = createNodeHost({ jobsFolder: dirname(options.jobsFile), temporaryFolder });
  const environments = createManagedFolders({ folder: join(dataFolder, 'python') });
  const outputs = createOutputStore({
    folder: join(dataFolder, 'outputs'),
    capBytes: settings.output.max_size,
    excerptBytes: settings.output.excerpt_size,
  });
  const artifacts = createArtifactFolder({
    folder: join(dataFolder, 'artifacts'),
    capBytes: settings.output.max_artifact_size,
  });
  // Electron's binary is no Node to be forked.
  const startWorker =
    process.versions.electron === undefined
      ? undefined
      : (await import('./electron/utility-worker')).startUtilityWorker;
  const sqlClient = createSqlClient({
    sqlite: createSqliteClient({
      workerFile: fileURLToPath(new URL('./sqlite-worker.js', programUrl())),
      baseFolder: dirname(options.jobsFile),
      environmentOf: (run) => markedEnvironment(run, token),
      ...(startWorker && { startWorker }),
    }),
    sqlserver: createSqlServerClient(),
  });

  const notifications = createNotificationPorts(settings.notifications, {
    openSecret: (name) => core.secrets.open(name),
    redactor,
    showToast:
      options.showToast ??
      (({ title, text, tone, job_id, execution_id }) =>
        core.events.publish('notification.toast', { title, text, tone, job_id, execution_id })),
    addresses: options.told.addresses,
    platform: process.platform,
  });
  const core: Core = createCore(
    {
      store,
      cluster: store.cluster,
      outputs,
      artifacts,
      redactor,
      processRunner,
      host,
      sqlClient,
      secrets,
      random: nodeRandom,
      probe: createNodeSystemProbe(dataFolder),
      calendarReader: icalReader,
      xmlReader: saxesXmlReader,
      jobLog,
      notifications,
      clock,
      timer,
      logger,
    },
    (connections) =>
      createJobTypes({
        processRunner,
        sqlClient,
        connections,
        reports: fileReportWriter,
        host,
        environments,
        powershellHost: settings.scheduler.powershell_host,
      }),
    {
      instance,
      machine: { node, tags },
      threadPoolSize: settings.scheduler.thread_pool_size,
      maxQueued: settings.scheduler.max_queued,
      jobDefaults: { ...settings.scheduler.job_defaults, timezone: settings.scheduler.timezone },
      schedules: options.schedules,
      retention: settings.history,
    },
  );
  const access = createAccess({
    apiKeys: store.apiKeys,
    users: store.users,
    hasher: createScryptHasher(),
    random: nodeRandom,
    clock,
  });
  const templates = createTemplateFolder(join(options.programFolder, 'jobs', 'templates'));
  const { told } = options;
  const { loaded } = told;
  const storeSwitch = createStoreSwitch({
    dataFolder,
    store,
    database: settings.database,
    isClustered,
    logger,
    settingsFile: loaded.ownFile.file,
    writeSetting: (server) => writeDatabaseSettings({ ...loaded.ownFile, server }),
    // What the start needs before anything else is sealed with the data folder's own key, whoever keeps the others.
    seal: (password) => createKeyFileSecretBox(join(dataFolder, 'secret.key')).seal(password),
    fixedBy: loaded.storeVariables,
    unfinished,
    restart: options.restart,
  });
  const handlers = createHandlers(core, {
    access,
    templates,
    logs,
    version: options.version,
    storeSwitch,
    program: {
      settings: loaded.entries,
      addresses: told.addresses,
      places: {
        data_folder: dataFolder,
        logs_folder: logsFolder,
        jobs_file: options.jobsFile,
        config_file: loaded.file ?? null,
      },
      runtime: options.runtime ?? `Node ${process.versions.node}`,
      platform: `${process.platform} ${process.arch}`,
    },
  });
  const invoke = createInvoke({ handlers, audit: core.audit, clock, logger });

  let stopping: Promise<void> | undefined;
  return {
    core,
    invoke,
    access,
    logger,
    webLogger,
    start: async () => {
      const isLeftOut = options.isJobsFileOptional && !existsSync(options.jobsFile);
      await core.start(isLeftOut ? undefined : createJobsFile(options.jobsFile));
      if (options.schedules) core.doctor.start();
    },
    stop() {
      stopping ??= (async () => {
        await core.stop();
        await sqlClient.close();
        await jobLog.close();
        await store.close();
        await storeSwitch.finish();
      })();
      return stopping;
    },
  };
}
