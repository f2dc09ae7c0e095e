import { AppError } from '../../../src-shared/errors';
import type { DoctorReport } from '../../../src-shared/model/doctor';
import type { OutboxEntry, Recipient } from '../../../src-shared/model/notification';
import { targetsOf } from '../../../src-shared/model/notification';
import type { EventBus } from '../events/event-bus';
import type { Job } from '../jobs/job';
import type { JobRegistry } from '../jobs/job-registry';
import type { Clock } from '../ports/clock';
import type { Logger } from '../ports/logger';
import type { OutboxFilter } from '../ports/notification-store';
import type { Delivery, NotificationPorts } from '../ports/notifier';
import type { Random } from '../ports/random';
import type { ExecutionRecord, NewExecution, Store } from '../ports/store';
import type { CancelTimer, Timer } from '../ports/timer';
import type { RunQueue } from '../run/run-queue';
import { isTestRun } from '../run/run-request';
import type { PreparedWindow } from '../schedule/maintenance-window';
import type { Scheduler } from '../schedule/scheduler';
import type { SlotLedger } from '../schedule/slot-ledger';
import type { Redactor } from '../secrets/redactor';
import type { LearnedDurations } from '../statistics/learned-durations';
import { audienceOf } from './audience';
import { createChannelTrial } from './channel-trial';
import { missedMessage } from './compose-message';
import { deadEnds } from './dead-ends';
import { doctorMessage } from './doctor-message';
import { createFactLine } from './fact-line';
import { createHeartbeat } from './heartbeat';
import { createJobLook } from './job-look';
import type { JobWatch } from './job-watch';
import { type News, type NewsDeps, newsOfRun } from './news';
import { createOutbox } from './outbox';
import { outboxEntry } from './outbox-entry';
import { createWatchBook } from './watch-book';

/** Tells people what happens to their jobs, and watches for what does not happen. */
export interface NotificationService {
  /** A run ended. Returns at once: nothing of a job waits for this. */
  noteRun(record: ExecutionRecord): void;
  /** Planned runs that were missed. */
  noteMissed(rows: readonly NewExecution[]): void;
  /** What the daily check of the jobs found; those are told who hear of the failures of jobs that do not say. */
  noteCheck(report: DoctorReport): void;
  /** Reads what was remembered, takes in what a crash left untold, and begins to send and to watch. */
  start(lastAlive: number | undefined): Promise<void>;
  stop(): Promise<void>;
  /** Resolves when everything noted so far is stored. */
  settled(): Promise<void>;
  list(filter: OutboxFilter, page: { limit: number; offset: number }): Promise<OutboxEntry[]>;
  counts(filter: { job_id?: string }): ReturnType<Store['notifications']['counts']>;
  /** Sends one that waits, or was given up, now. Throws `not_found`, or `conflict` when it has been sent. */
  retry(notification_id: string): Promise<OutboxEntry>;
  /** Sends a message to try a channel, past the outbox. Throws `validation_failed` for a target that must not be. */
  test(recipient: Recipient, job: Job | undefined): Promise<Delivery>;
  watchOf(job_id: string): JobWatch;
}

const watchEveryMs = 30_000;
const replayedMs = 120_000;
const mostReplayed = 1000;

type Fact =
  | { readonly kind: 'run'; readonly row: ExecutionRecord }
  | { readonly kind: 'missed'; readonly row: NewExecution }
  | { readonly kind: 'watch'; readonly work: () => Promise<void> };

export interface NotificationDeps {
  readonly store: Store;
  readonly registry: JobRegistry;
  readonly scheduler: Scheduler;
  readonly queue: Pick<RunQueue, 'status'>;
  readonly ledger: Pick<SlotLedger, 'standstill'>;
  readonly maintenance: { readonly windows: readonly PreparedWindow[] };
  readonly learned: LearnedDurations;
  readonly ports: NotificationPorts;
  readonly events: EventBus;
  readonly clock: Clock;
  readonly timer: Timer;
  readonly random: Pick<Random, 'digest'>;
  readonly redactor: Redactor;
  readonly logger: Logger;
  readonly instance: string;
  readonly schedules: boolean;
  isWell(): Promise<boolean>;
}

export function createNotificationService(deps: NotificationDeps): NotificationService {
  const { store, registry, ports, clock, logger } = deps;
  const { notifications } = store;
  const outbox = createOutbox({ ...deps, repository: notifications });
  const heartbeat = createHeartbeat({ ...deps, heartbeat: ports.heartbeat });
  let cancelWatch: CancelTimer | undefined;
  let isStopped = true;
  const newsDeps: NewsDeps = {
    store,
    registry,
    nextRun: deps.scheduler.nextRun,
    linkBase: ports.linkBase,
    defaults: ports,
    learned: deps.learned,
  };

  const book = createWatchBook({ ...deps, onAdded: outbox.wake });
  const { watchOf, keep } = book;
  const look = createJobLook({ ...deps, newsDeps, book });

  const handle = async (fact: Fact): Promise<void> => {
    if (fact.kind === 'watch') return fact.work();
    const { job_id } = fact.row;
    const job = registry.get(job_id);
    if (!job) return;
    if (fact.kind === 'run') {
      if (watchOf(job_id).seen?.includes(fact.row.execution_id)) return;
      return keep(job_id, await newsOfRun(newsDeps, job, fact.row, watchOf(job_id)));
    }
    const { targets } = audienceOf(job, 'on_missed', ports);
    const first = fact.row.scheduled_time ?? fact.row.start_time;
    const missed = {
      first,
      last: fact.row.scheduled_until ?? first,
      count: typeof fact.row.metadata.count === 'number' ? fact.row.metadata.count : 1,
      reason: fact.row.error_message ?? 'Its time passed without a run',
    };
    const message = missedMessage(newsDeps, job, missed, clock.now());
    const news: News[] =
      targets.length === 0
        ? []
        : [{ key: `${job_id} missed ${first}`, message, targets, execution_id: null }];
    return keep(job_id, { watch: watchOf(job_id), news });
  };

  const line = createFactLine<Fact>({ ...deps, handle });
  const test = createChannelTrial({ ...deps, newsDeps });

  /** Whether an end of this job is of interest to anybody: most ends are not, and cost nothing. */
  const matters = (record: ExecutionRecord): boolean => {
    const job = registry.get(record.job_id);
    if (!job || isTestRun(record)) return false;
    const has = (list: Parameters<typeof audienceOf>[1]) => audienceOf(job, list, ports).targets.length > 0;
    if (record.status === 'retry') return has('on_retry');
    if (record.status === 'success') {
      const { trouble, late } = watchOf(record.job_id);
      return trouble !== undefined || late !== undefined || has('on_success') || has('on_short_run');
    }
    return has('on_failure') || has('on_recovery');
  };

  const watchAgain = () => {
    if (isStopped) return;
    cancelWatch = deps.timer.after(watchEveryMs, () => {
      // In line with what is noted: a run and the watch of its job must not write over one another.
      if (!line.waiting.some(({ kind }) => kind === 'watch'))
        line.note({ kind: 'watch', work: async () => look().catch(logLook) });
      watchAgain();
    });
  };
  const logLook = (error: unknown) =>
    logger.warning('the watch over jobs could not look at all of them', { error: String(error) });

  /** Runs that ended just before a crash, and were not noted any more. */
  const replay = async (lastAlive: number) => {
    const rows = await store.executions.list(
      { from: lastAlive - 86_400_000 },
      { limit: mostReplayed, offset: 0, sort: 'end_time', descending: true },
    );
    for (const row of rows.reverse())
      if (
        row.end_time !== null &&
        row.end_time >= lastAlive - replayedMs &&
        row.end_time <= lastAlive + replayedMs
      )
        service.noteRun(row);
  };

  const service: NotificationService = {
    watchOf,
    noteRun(record) {
      if (matters(record)) line.note({ kind: 'run', row: record });
    },
    noteMissed(rows) {
      for (const row of rows) {
        const job = row.status === 'missed' ? registry.get(row.job_id) : undefined;
        if (job && !job.definition.shadow && audienceOf(job, 'on_missed', ports).targets.length > 0)
          line.note({ kind: 'missed', row });
      }
    },
    noteCheck(report) {
      const targets = targetsOf(ports.defaults.on_failure ?? []);
      const message = doctorMessage(report, ports.linkBase());
      if (message === undefined || targets.length === 0) return;
      // The day and what it says are the key: it is told once, also when the program is started again that day.
      const key = `doctor ${report.checked_at.slice(0, 10)} ${message.text}`;
      const work = () => book.tell({ key, message, targets, execution_id: null });
      line.note({ kind: 'watch', work });
    },
    async start(lastAlive) {
      isStopped = false;
      await book.load();
      line.open();
      tellProblems();
      if (lastAlive !== undefined) await replay(lastAlive);
      await outbox.start();
      if (!deps.schedules) return;
      watchAgain();
      heartbeat.start();
    },
    async stop() {
      isStopped = true;
      cancelWatch?.();
      heartbeat.stop();
      await line.close();
      await outbox.stop();
    },
    settled: line.settled,
    list: async (filter, page) => (await notifications.list(filter, page)).map(outboxEntry),
    counts: (filter) => notifications.counts(filter),
    async retry(notification_id) {
      const record = await notifications.get(notification_id);
      if (!record) throw new AppError('not_found', `There is no notification "${notification_id}"`);
      if (record.state === 'sent' || record.state === 'sending')
        throw new AppError(
          'conflict',
          `This notification is ${record.state === 'sent' ? 'sent already' : 'being sent'}`,
        );
      const now = clock.now();
      await notifications.update(notification_id, { state: 'waiting', next_attempt: now });
      outbox.wake();
      return outboxEntry({ ...record, state: 'waiting', next_attempt: now });
    },
    test,
  };

  /** Jobs that name channels which lead nowhere: an admin must not find out by silence. */
  const tellProblems = () => {
    for (const [problem, count] of deadEnds(registry.all(), ports))
      logger.warning(`notifications of ${count} ${count === 1 ? 'job' : 'jobs'} reach nobody: ${problem}`);
  };

  return service;
}
