import type { AppError } from '../../src-shared/errors';
import type { KnownTargets } from '../../src-shared/job-document/check-notifications';
import { chainTargets } from '../../src-shared/model/run-rules';
import { type ConnectionService, createConnectionService } from './connections/connection-service';
import type { CoreSettings } from './core-settings';
import { createEventBus, type EventBus } from './events/event-bus';
import { createDoctor, type Doctor } from './health/doctor';
import { createHealthService, type HealthService } from './health/health-service';
import { createSourceImport, type SourceImport } from './import-sources/source-import';
import type { JobType } from './job-type';
import { createJobTypeRegistry, type JobTypeRegistry } from './job-type-registry';
import { createJobBuilder } from './jobs/build-job';
import { type SyncReport, synchroniseJobsFile } from './jobs/job-file-sync';
import { createJobImport, type JobImport } from './jobs/job-import';
import { createJobLister, type JobLister } from './jobs/job-list';
import { createJobRegistry, type JobRegistry } from './jobs/job-registry';
import { createJobService, type JobService } from './jobs/job-service';
import { createJobVersions, type JobVersions } from './jobs/job-versions';
import { createNotificationService, type NotificationService } from './notifications/notification-service';
import type { ArtifactStore } from './ports/artifact-store';
import type { CalendarReader } from './ports/calendar-reader';
import type { Clock } from './ports/clock';
import type { Host } from './ports/host';
import type { JobsFile } from './ports/jobs-file';
import type { JobLog, Logger } from './ports/logger';
import type { NotificationPorts } from './ports/notifier';
import type { OutputStore } from './ports/output-store';
import type { ProcessRunner } from './ports/process-runner';
import type { Random } from './ports/random';
import type { SecretBox } from './ports/secret-box';
import type { SqlClient } from './ports/sql-client';
import type { ExecutionRecord, Store } from './ports/store';
import type { SystemProbe } from './ports/system-probe';
import type { CancelTimer, Timer } from './ports/timer';
import type { XmlReader } from './ports/xml-reader';
import { createExecutionWriter } from './run/execution-writer';
import { reconcile } from './run/janitor';
import { createRetention } from './run/retention';
import { createRunQueue, type RunQueue } from './run/run-queue';
import { isTestRun } from './run/run-request';
import { createRunStatistics, type RunStatistics } from './run/run-statistics';
import { createRunner } from './run/runner';
import { createTestRuns, latestOwnRun, type TestRuns } from './run/test-run';
import { type CalendarService, createCalendarService } from './schedule/calendars/calendar-service';
import { createGapReviewer, type GapReviewer } from './schedule/gap-review';
import { createMaintenanceService, type MaintenanceService } from './schedule/maintenance-service';
import { createScheduler, type Scheduler } from './schedule/scheduler';
import { createSlotLedger, type SlotLedger } from './schedule/slot-ledger';
import type { Redactor } from './secrets/redactor';
import { resealAll } from './secrets/reseal';
import { createSecretService, type SecretService } from './secrets/secret-service';
import { type AuditTrail, createAuditTrail } from './security/audit-trail';
import { createJobStatistics, type JobStatisticsService } from './statistics/job-statistics';
import { createLearnedDurations, type LearnedDurations } from './statistics/learned-durations';

export interface CorePorts {
  readonly store: Store;
  readonly outputs: OutputStore;
  readonly artifacts: ArtifactStore;
  readonly redactor: Redactor;
  readonly processRunner: ProcessRunner;
  readonly host: Pick<Host, 'kindOf' | 'jobsFolder'>;
  readonly sqlClient: SqlClient;
  readonly secrets: SecretBox;
  readonly random: Random;
  readonly probe: SystemProbe;
  readonly calendarReader: CalendarReader;
  readonly xmlReader: XmlReader;
  readonly jobLog: JobLog;
  /** Absent where nobody is to be told of anything (a simulation). */
  readonly notifications?: NotificationPorts;
  readonly clock: Clock;
  readonly timer: Timer;
  readonly logger: Logger;
}

/** The whole product without a shell around it. */
export interface Core {
  readonly settings: CoreSettings;
  readonly store: Store;
  readonly outputs: OutputStore;
  readonly artifacts: ArtifactStore;
  readonly redactor: Redactor;
  readonly jobTypes: JobTypeRegistry;
  readonly registry: JobRegistry;
  readonly jobs: JobService;
  /** What each job was, save by save. */
  readonly versions: JobVersions;
  readonly jobList: JobLister;
  readonly jobImport: JobImport;
  /** Jobs of other schedulers. */
  readonly sourceImport: SourceImport;
  readonly scheduler: Scheduler;
  readonly ledger: SlotLedger;
  readonly gapReview: GapReviewer;
  readonly calendars: CalendarService;
  readonly maintenance: MaintenanceService;
  readonly queue: RunQueue;
  readonly testRuns: TestRuns;
  readonly statistics: RunStatistics;
  /** Last outcomes and usual durations, by job. */
  readonly jobFigures: JobStatisticsService;
  readonly learned: LearnedDurations;
  readonly notifications: NotificationService | undefined;
  readonly notificationPorts: NotificationPorts | undefined;
  readonly connections: ConnectionService;
  readonly secrets: SecretService;
  readonly audit: AuditTrail;
  /** The secret box seals with another key now: everything stored is sealed anew. The number of values. */
  resealSecrets(): Promise<number>;
  readonly health: HealthService;
  readonly doctor: Doctor;
  readonly events: EventBus;
  readonly clock: Clock;
  readonly random: Random;
  readonly startedAt: number;
  /** Reads the stored jobs, mends what a crash left, takes the jobs file in, and begins to schedule. */
  start(file?: JobsFile): Promise<void>;
  /** Stops scheduling, ends what runs, and leaves every row in its final state. Safe to call twice. */
  stop(): Promise<void>;
}

/** What the checks of job definitions ask the channels. */
function knownTargets({ channels, allowedHosts }: NotificationPorts): KnownTargets {
  return {
    allowedHosts,
    problemOf: (channel, name) => channels.find((one) => one.channel === channel)?.problem(name),
  };
}

const aliveFact = 'alive_at';
const aliveEveryMs = 15_000;
/** So many jobs of a file are named one by one in the audit. */
const mostNamed = 200;

/**
 * Wires the core from its ports. `createTypes` gets the connection service, which SQL jobs resolve their logins by.
 */
export function createCore(
  ports: CorePorts,
  createTypes: (connections: Pick<ConnectionService, 'resolve'>) => readonly JobType[],
  settings: CoreSettings,
): Core {
  const { store, clock, timer, logger, random } = ports;
  const startedAt = clock.now();
  const events = createEventBus({ clock, logger });
  const registry = createJobRegistry();
  const statistics = createRunStatistics();
  const connections = createConnectionService({ ...ports, connections: store.connections, registry, events });
  const secrets = createSecretService({
    ...ports,
    secrets: store.secrets,
    box: ports.secrets,
    registry,
    events,
  });
  const jobTypes = createJobTypeRegistry(createTypes(connections), {
    hasSecret: secrets.has,
    calendars: () => calendars.ids.keys(),
    chainsOf: (job_id) => {
      const job = registry.get(job_id);
      return job && chainTargets(job.definition);
    },
    ...(ports.notifications ? { targets: knownTargets(ports.notifications) } : {}),
  });
  const builder = createJobBuilder({
    jobTypes,
    defaults: settings.jobDefaults,
    hasCalendar: (calendar_id) => calendars.ids.has(calendar_id),
  });
  const writer = createExecutionWriter({
    executions: store.executions,
    registry,
    events,
    timer,
    logger,
    onEnd: (record) => notifications?.noteRun(record),
  });
  const runner = createRunner({ ...ports, secrets, jobTypes, writer, events });
  const queue = createRunQueue({
    store,
    runner,
    writer,
    registry,
    statistics,
    settings,
    clock,
    timer,
    random,
    logger,
  });
  const calendars = createCalendarService({
    calendars: store.calendars,
    registry,
    reader: ports.calendarReader,
    events,
    clock,
    logger,
    onChange: (calendar_id) => reviewJobs(calendar_id),
  });
  const maintenance = createMaintenanceService({
    maintenanceWindows: store.maintenanceWindows,
    events,
    clock,
    logger,
    random,
    defaultTimezone: settings.jobDefaults.timezone,
    onChange: () => scheduler.replan(),
  });
  const scheduler = createScheduler({
    store,
    registry,
    queue,
    events,
    clock,
    timer,
    logger,
    random,
    around: () => ({ matchers: calendars.matchers, windows: maintenance.windows }),
    onPassed: (rows) => notifications?.noteMissed(rows),
  });
  const ledger = createSlotLedger({ store, scheduler, maintenance, clock });
  const audit = createAuditTrail({ ...ports, box: ports.secrets });
  const versions = createJobVersions({ store, registry, clock, digest: random.digest });
  const jobs = createJobService({
    store,
    registry,
    versions,
    builder,
    jobTypes,
    scheduler,
    queue,
    events,
    clock,
  });
  const jobImport = createJobImport({
    store,
    registry,
    versions,
    builder,
    jobTypes,
    scheduler,
    events,
    clock,
    digest: random.digest,
  });
  const sourceImport = createSourceImport({
    jobImport,
    jobTypes,
    registry,
    clock,
    xml: ports.xmlReader,
    defaultTimezone: settings.jobDefaults.timezone,
  });
  const jobFigures = createJobStatistics({ executions: store.executions, registry });
  const jobList = createJobLister(registry, scheduler.nextRun);
  const health = createHealthService({
    store,
    scheduler,
    writer,
    probe: ports.probe,
    clock,
    schedules: settings.schedules,
    onChange: ({ status, details }) =>
      events.publish('health.changed', { status, reason: String(details.database?.reason ?? '') }),
  });

  const retention =
    settings.retention &&
    createRetention({
      executions: store.executions,
      outputs: ports.outputs,
      artifacts: ports.artifacts,
      jobIds: () => registry.all().map((job) => job.record.job_id),
      rules: settings.retention,
      clock,
      timer,
      logger,
    });
  const doctor = createDoctor({
    registry,
    jobTypes,
    secrets,
    probe: ports.probe,
    nextRun: scheduler.nextRun,
    clock,
    timer,
    logger,
  });
  const learned = createLearnedDurations(store.statistics);
  const notifications: NotificationService | undefined =
    ports.notifications &&
    createNotificationService({
      ...ports,
      ports: ports.notifications,
      registry,
      scheduler,
      queue,
      ledger,
      maintenance,
      learned,
      events,
      instance: settings.instance,
      schedules: settings.schedules,
      isWell: async () => scheduler.state === 'running' && (await health.check()).status === 'healthy',
    });

  let cancelAlive: CancelTimer | undefined;
  let stopping: Promise<void> | undefined;

  /** Tells the next start how long nobody was there. */
  const noteAlive = async () => {
    try {
      await store.facts.set(aliveFact, String(clock.now()));
    } catch (error) {
      logger.warning('the sign of life could not be stored', { error: String(error) });
    }
    if (!stopping) cancelAlive = timer.after(aliveEveryMs, () => void noteAlive());
  };

  const load = async () => {
    for (const record of await store.jobs.list()) {
      const job = builder.fromRecord(record);
      if (job.disabledReason && record.enabled)
        logger.debug(`Job "${record.job_id}" will not run: ${job.disabledReason}`);
      registry.put(job);
    }
    for (const latest of await store.executions.latestPerJob()) {
      const own = isTestRun(latest) ? await latestOwnRun(store.executions, latest) : latest;
      if (own) registry.noteExecution(own);
    }
  };

  /** A holiday set appeared, changed or went: jobs that name it may have become able to run, or no longer are. */
  const reviewJobs = async (calendar_id: string) => {
    for (const job of registry.all()) {
      if (!job.effective.exclude.includes(calendar_id)) continue;
      const reviewed = builder.fromDefinition(job.record, job.definition);
      if (reviewed.disabledReason === job.disabledReason) continue;
      registry.put(reviewed);
      await scheduler.reschedule(reviewed, 'the holiday sets');
    }
    await scheduler.replan();
  };

  const tellSynchronised = async (file: JobsFile, { added, updated, conflicts }: SyncReport) => {
    const named = (ids: readonly string[]) =>
      ids.length > mostNamed ? [...ids.slice(0, mostNamed), `${ids.length - mostNamed} more`] : ids;
    await audit
      .append({
        time: clock.now(),
        actor: 'jobs file',
        origin: 'start-up',
        action: 'jobs.synchronise',
        subject: file.path,
        outcome: 'ok',
        details: JSON.stringify({
          added: named(added),
          updated: named(updated),
          kept_as_edited_here: named(conflicts),
        }),
      })
      .catch((error: unknown) =>
        logger.error('the audit row could not be written', { error: String(error) }),
      );
  };

  const stop = async () => {
    cancelAlive?.();
    doctor.stop();
    await retention?.stop();
    await scheduler.stop('shutdown');
    await queue.stop();
    await notifications?.stop();
    await store.facts.set(aliveFact, String(clock.now())).catch(() => undefined);
  };

  return {
    settings,
    store,
    outputs: ports.outputs,
    artifacts: ports.artifacts,
    redactor: ports.redactor,
    jobTypes,
    registry,
    jobs,
    versions,
    jobList,
    jobImport,
    sourceImport,
    scheduler,
    ledger,
    gapReview: createGapReviewer({ store, registry, scheduler, queue, clock }),
    calendars,
    maintenance,
    queue,
    testRuns: createTestRuns({ jobTypes, builder, queue, clock }),
    statistics,
    jobFigures,
    learned,
    notifications,
    notificationPorts: ports.notifications,
    connections,
    secrets,
    audit,
    async resealSecrets() {
      const count = await resealAll({ ...store, box: ports.secrets });
      await secrets.load();
      return count;
    },
    health,
    doctor,
    events,
    clock,
    random,
    startedAt,
    async start(file) {
      const lastAlive = Number(await store.facts.get(aliveFact)) || undefined;
      const interrupted: ExecutionRecord[] = [];
      await reconcile({
        ...ports,
        instance: settings.instance,
        lastAlive,
        onInterrupted: (record) => interrupted.push(record),
      });
      await secrets.load();
      await calendars.load();
      await maintenance.load();
      await load();
      if (file) {
        const report = await synchroniseJobsFile({
          file,
          store,
          registry,
          versions,
          builder,
          jobTypes,
          digest: random.digest,
          clock,
          logger,
        }).catch((error: AppError) => {
          logger.error(`the jobs file could not be synchronised: ${error.message}`);
        });
        if (report && report.added.length + report.updated.length > 0) await tellSynchronised(file, report);
      }
      await notifications?.start(lastAlive);
      for (const record of interrupted) notifications?.noteRun(record);
      if (settings.schedules && lastAlive !== undefined) await queue.resumeChains(lastAlive);
      if (settings.schedules) await scheduler.start('start-up', lastAlive);
      if (settings.schedules) retention?.start();
      await noteAlive();
    },
    stop() {
      stopping ??= stop();
      return stopping;
    },
  };
}
