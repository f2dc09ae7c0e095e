import { createClusterHost, isLeftToCluster } from './cluster/cluster-host';
import { placementOf } from './cluster/placement';
import { type ConnectionService, createConnectionService } from './connections/connection-service';
import type { Core, CorePorts } from './core-parts';
import type { CoreSettings } from './core-settings';
import { createEventBus } from './events/event-bus';
import { createDoctor } from './health/doctor';
import { channelFindings } from './health/expiring-certificates';
import { expiringKeys } from './health/expiring-keys';
import { createHealthService } from './health/health-service';
import { createSourceImport } from './import-sources/source-import';
import type { JobType } from './job-type';
import { createJobTypeRegistry } from './job-type-registry';
import { createJobBuilder } from './jobs/build-job';
import { createDifferenceSince } from './jobs/job-difference';
import { createJobImport } from './jobs/job-import';
import { createJobLister } from './jobs/job-list';
import { createJobRegistry } from './jobs/job-registry';
import { createJobService } from './jobs/job-service';
import { createSurroundings } from './jobs/job-surroundings';
import { createJobVersions } from './jobs/job-versions';
import { loadJobs, takeInJobsFile } from './jobs/load-jobs';
import { webhooksOfJobs } from './notifications/job-webhooks';
import { createNotificationService, type NotificationService } from './notifications/notification-service';
import type { ExecutionRecord } from './ports/store';
import { createExecutionWriter } from './run/execution-writer';
import { reconcile } from './run/janitor';
import { createRetention } from './run/retention';
import { createRunQueue } from './run/run-queue';
import { isTestRun } from './run/run-request';
import { createRunStatistics } from './run/run-statistics';
import { createRunner } from './run/runner';
import { createTestRuns } from './run/test-run';
import { createCalendarService } from './schedule/calendars/calendar-service';
import { createGapReviewer } from './schedule/gap-review';
import { createMaintenanceService } from './schedule/maintenance-service';
import { createScheduler } from './schedule/scheduler';
import { createSlotLedger } from './schedule/slot-ledger';
import { resealAll } from './secrets/reseal';
import { createSecretService } from './secrets/secret-service';
import { createAuditTrail } from './security/audit-trail';
import { createSignOfLife } from './sign-of-life';
import { createJobStatistics } from './statistics/job-statistics';
import { createLearnedDurations } from './statistics/learned-durations';

export type { Core, CorePorts } from './core-parts';

/**
 * Wires the core from its ports. `createTypes` gets the connection service, which SQL jobs resolve their logins by.
 */
export function createCore(
  ports: CorePorts,
  createTypes: (connections: Pick<ConnectionService, 'resolve'>) => readonly JobType[],
  settings: CoreSettings,
): Core {
  const { store, clock, timer, logger, random } = ports;
  const { cluster } = ports;
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
  const surroundings = createSurroundings({
    ...ports,
    registry,
    hasSecret: secrets.has,
    connections: () => connections.ids,
    calendars: () => calendars.ids.keys(),
    notifications: ports.notifications,
    timezone: settings.jobDefaults.timezone,
  });
  const jobTypes = createJobTypeRegistry(createTypes(connections), surroundings);
  const builder = createJobBuilder({
    jobTypes,
    defaults: settings.jobDefaults,
    hasCalendar: (calendar_id) => calendars.ids.has(calendar_id),
    misplaced(runs_on) {
      // In a cluster another machine runs it.
      if (cluster || !settings.machine || placementOf(runs_on, settings.machine) !== 'elsewhere')
        return undefined;
      const { node, tags } = settings.machine;
      return `runs_on names ${runs_on?.join(', ')}; this machine is ${[node, ...tags].join(', ')}, and there is no cluster`;
    },
  });
  const writer = createExecutionWriter({
    executions: store.executions,
    registry,
    events,
    timer,
    logger,
    machine: cluster?.node,
    onEnd: (record) => notifications?.noteRun(record),
  });
  const runner = createRunner({ ...ports, secrets, jobTypes, writer, events });
  const queue = createRunQueue({
    store,
    cluster,
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
    cluster,
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
  const ledger = createSlotLedger({ store, scheduler, maintenance, clock, cluster });
  const audit = createAuditTrail({ ...ports, box: ports.secrets });
  const versions = createJobVersions({ store, registry, clock, digest: random.digest });
  const differenceSince = createDifferenceSince({ store, versions, redactor: ports.redactor });
  const jobs = createJobService({
    differenceSince,
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
    connections,
    sqlClient: ports.sqlClient,
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
  const channelCertificates = async () => {
    const { notifications } = ports;
    return (await notifications?.certificates?.(webhooksOfJobs(registry.all(), notifications))) ?? [];
  };
  const doctor = createDoctor({
    registry,
    jobTypes,
    secrets,
    probe: ports.probe,
    nextRun: scheduler.nextRun,
    others: async () => [
      ...expiringKeys(await store.apiKeys.list(), clock.now()),
      ...channelFindings(await channelCertificates(), clock.now()),
    ],
    onDaily: (report) => notifications?.noteCheck(report),
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

  /**
   * A holiday set appeared, changed or went: jobs that name it may have become able to run, or no longer are.
   * Without an id any of them may have.
   */
  const reviewJobs = async (calendar_id?: string) => {
    for (const job of registry.all()) {
      const { exclude } = job.effective;
      if (calendar_id === undefined ? exclude.length === 0 : !exclude.includes(calendar_id)) continue;
      const reviewed = builder.fromDefinition(job.record, job.definition);
      if (reviewed.disabledReason === job.disabledReason) continue;
      registry.put(reviewed);
      await scheduler.reschedule(reviewed, 'the holiday sets');
    }
    await scheduler.replan();
  };

  /** What other machines wrote into these tables holds here too. */
  const reload = async (tables: ReadonlySet<string>) => {
    if (tables.has('secrets')) await secrets.load();
    if (tables.has('user_connections')) await connections.load();
    if (tables.has('maintenance_windows')) await maintenance.load();
    if (tables.has('calendars')) {
      await calendars.load();
      await reviewJobs();
    } else if (tables.has('maintenance_windows')) await scheduler.replan();
  };

  let stopping: Promise<void> | undefined;
  const signOfLife = createSignOfLife(ports);

  const stop = async () => {
    signOfLife.stop();
    doctor.stop();
    await retention?.stop();
    await scheduler.stop('shutdown');
    await cluster?.leave();
    await queue.stop();
    await notifications?.stop();
    await signOfLife.last();
  };

  return {
    settings,
    store,
    cluster,
    outputs: ports.outputs,
    artifacts: ports.artifacts,
    redactor: ports.redactor,
    jobTypes,
    registry,
    jobs,
    versions,
    differenceSince,
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
      const lastAlive = await signOfLife.read();
      const interrupted: ExecutionRecord[] = [];
      await secrets.load();
      await connections.load();
      await calendars.load();
      await maintenance.load();
      await loadJobs({ store, registry, builder, logger });
      await reconcile({
        ...ports,
        instance: settings.instance,
        lastAlive,
        ...(cluster ? { isLeft: (row) => isLeftToCluster(row, { registry, cluster }) } : {}),
        onInterrupted(record) {
          interrupted.push(record);
          if (!isTestRun(record)) registry.noteExecution(record);
        },
      });
      if (file)
        await takeInJobsFile(file, {
          store,
          registry,
          versions,
          builder,
          jobTypes,
          audit,
          digest: random.digest,
          clock,
          logger,
        });
      await notifications?.start(lastAlive);
      for (const record of interrupted) notifications?.noteRun(record);
      if (settings.schedules && lastAlive !== undefined) await queue.resumeChains(lastAlive);
      if (settings.schedules) await scheduler.start('start-up', lastAlive);
      if (settings.schedules) retention?.start();
      if (cluster && settings.schedules)
        cluster.attach(
          createClusterHost({
            store,
            cluster,
            registry,
            builder,
            queue,
            scheduler,
            events,
            logger,
            reload,
            noteRun: (record) => notifications?.noteRun(record),
          }),
        );
      await signOfLife.start();
    },
    stop() {
      stopping ??= stop();
      return stopping;
    },
  };
}
