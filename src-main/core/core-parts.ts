import type { ConnectionService } from './connections/connection-service';
import type { CoreSettings } from './core-settings';
import type { EventBus } from './events/event-bus';
import type { Doctor } from './health/doctor';
import type { HealthService } from './health/health-service';
import type { SourceImport } from './import-sources/source-import';
import type { JobTypeRegistry } from './job-type-registry';
import type { DifferenceSince } from './jobs/job-difference';
import type { JobImport } from './jobs/job-import';
import type { JobLister } from './jobs/job-list';
import type { JobRegistry } from './jobs/job-registry';
import type { JobService } from './jobs/job-service';
import type { JobVersions } from './jobs/job-versions';
import type { NotificationService } from './notifications/notification-service';
import type { ArtifactStore } from './ports/artifact-store';
import type { CalendarReader } from './ports/calendar-reader';
import type { Clock } from './ports/clock';
import type { Cluster } from './ports/cluster';
import type { Host } from './ports/host';
import type { JobsFile } from './ports/jobs-file';
import type { JobLog, Logger } from './ports/logger';
import type { NotificationPorts } from './ports/notifier';
import type { OutputStore } from './ports/output-store';
import type { ProcessRunner } from './ports/process-runner';
import type { Random } from './ports/random';
import type { SecretBox } from './ports/secret-box';
import type { SqlClient } from './ports/sql-client';
import type { Store } from './ports/store';
import type { SystemProbe } from './ports/system-probe';
import type { Timer } from './ports/timer';
import type { XmlReader } from './ports/xml-reader';
import type { RunQueue } from './run/run-queue';
import type { RunStatistics } from './run/run-statistics';
import type { TestRuns } from './run/test-run';
import type { CalendarService } from './schedule/calendars/calendar-service';
import type { GapReviewer } from './schedule/gap-review';
import type { MaintenanceService } from './schedule/maintenance-service';
import type { Scheduler } from './schedule/scheduler';
import type { SlotLedger } from './schedule/slot-ledger';
import type { Redactor } from './secrets/redactor';
import type { SecretService } from './secrets/secret-service';
import type { AuditTrail } from './security/audit-trail';
import type { JobStatisticsService } from './statistics/job-statistics';
import type { LearnedDurations } from './statistics/learned-durations';

export interface CorePorts {
  readonly store: Store;
  /** Where several machines share the store. */
  readonly cluster?: Cluster | undefined;
  readonly outputs: OutputStore;
  readonly artifacts: ArtifactStore;
  readonly redactor: Redactor;
  readonly processRunner: ProcessRunner;
  readonly host: Pick<Host, 'kindOf' | 'jobsFolder' | 'platform'>;
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
  readonly cluster: Cluster | undefined;
  readonly outputs: OutputStore;
  readonly artifacts: ArtifactStore;
  readonly redactor: Redactor;
  readonly jobTypes: JobTypeRegistry;
  readonly registry: JobRegistry;
  readonly jobs: JobService;
  /** What each job was, save by save. */
  readonly versions: JobVersions;
  readonly differenceSince: DifferenceSince;
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
