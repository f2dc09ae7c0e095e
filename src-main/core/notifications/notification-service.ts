import { AppError } from '../../../src-shared/errors';
import type { DoctorReport } from '../../../src-shared/model/doctor';
import type { OutboxEntry, Recipient } from '../../../src-shared/model/notification';
import { targetsOf } from '../../../src-shared/model/notification';
import type { EventBus } from '../events/event-bus';
import type { Job } from '../jobs/job';
import type { JobRegistry } from '../jobs/job-registry';
import type { Clock } from '../ports/clock';
import type { Logger } from '../ports/logger';
import type { OutboxFilter, OutboxRecord } from '../ports/notification-store';
import type { Delivery, NotificationPorts } from '../ports/notifier';
import type { Random } from '../ports/random';
import type { ExecutionRecord, NewExecution, Store } from '../ports/store';
import type { CancelTimer, Timer } from '../ports/timer';
import type { RunQueue } from '../run/run-queue';
import { isTestRun } from '../run/run-request';
import { holdAt, type PreparedWindow } from '../schedule/maintenance-window';
import type { Scheduler } from '../schedule/scheduler';
import type { SlotLedger } from '../schedule/slot-ledger';
import type { Redactor } from '../secrets/redactor';
import type { LearnedDurations } from '../statistics/learned-durations';
import { audienceOf, foldingOf } from './audience';
import { createChannelTrial } from './channel-trial';
import { missedMessage, reminderMessage } from './compose-message';
import { deadEnds } from './dead-ends';
import { doctorMessage } from './doctor-message';
import { isExpected, unkeptPromises } from './expectations';
import { createFactLine } from './fact-line';
import { createHeartbeat } from './heartbeat';
import { type JobWatch, readWatch } from './job-watch';
import { type News, type NewsDeps, type Noted, newsOfLongRun, newsOfRun } from './news';
import { createOutbox } from './outbox';
import { outboxEntry } from './outbox-entry';
import { reminderAt } from './trouble';

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
  const watches = new Map<string, JobWatch>();
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

  const watchOf = (job_id: string): JobWatch => watches.get(job_id) ?? {};

  /** What is remembered and what is to be told, in one transaction: neither can be without the other. */
  const keep = async (job_id: string, noted: Noted): Promise<void> => {
    const before = watches.get(job_id);
    const isSame = before !== undefined && JSON.stringify(before) === JSON.stringify(noted.watch);
    if (isSame && noted.news.length === 0) return;
    const now = clock.now();
    const records = noted.news.flatMap((news) => recordsOf(news, now));
    const added: OutboxRecord[] = [];
    await store.transaction(async (inside) => {
      added.length = 0;
      await inside.notifications.putTrouble(job_id, JSON.stringify(noted.watch), now);
      for (const record of records) if (await inside.notifications.add(record)) added.push(record);
    });
    watches.set(job_id, noted.watch);
    for (const { notification_id, state } of added)
      deps.events.publish('notification.changed', { notification_id, job_id, state });
    if (added.length > 0) outbox.wake();
  };

  /** Messages that are remembered of no job. */
  const add = async (records: readonly OutboxRecord[]): Promise<void> => {
    const added: OutboxRecord[] = [];
    await store.transaction(async (inside) => {
      added.length = 0;
      for (const record of records) if (await inside.notifications.add(record)) added.push(record);
    });
    for (const { notification_id, job_id, state } of added)
      deps.events.publish('notification.changed', { notification_id, job_id, state });
    if (added.length > 0) outbox.wake();
  };

  const recordsOf = ({ key, message, targets, execution_id }: News, now: number): OutboxRecord[] => {
    const masked = deps.redactor.value(message);
    return targets.map(({ channel, target }) => ({
      notification_id: deps.random.digest(`${key} ${channel} ${target}`).slice(0, 32),
      kind: masked.kind,
      job_id: masked.job_id,
      execution_id,
      channel,
      target,
      message: masked,
      state: 'waiting',
      attempts: 0,
      created_date: now,
      next_attempt: now,
      sent_date: null,
      note: null,
      owner: null,
    }));
  };

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

  /** Jobs that have to be looked at; made anew when a job changed. */
  let expected: { readonly version: number; readonly jobs: readonly Job[] } | undefined;
  const expectedJobs = (): readonly Job[] => {
    if (expected?.version !== registry.version)
      expected = {
        version: registry.version,
        jobs: registry.all().filter((job) => job.record.enabled && isExpected(job, newsDeps)),
      };
    return expected.jobs;
  };

  const look = async (): Promise<void> => {
    const now = clock.now();
    const active = deps.queue.status().executions;
    for (const job of expectedJobs()) {
      const { job_id } = job.record;
      const plan = await deps.scheduler.planOf(job);
      const noted = await unkeptPromises(
        newsDeps,
        job,
        {
          plan,
          underWay: active.filter(({ row }) => row.job_id === job_id),
          standstill: plan && deps.ledger.standstill(plan),
          holdAt: (slot) => holdAt(deps.maintenance.windows, job.definition.tags, slot),
        },
        watchOf(job_id),
        now,
      );
      await keep(job_id, noted);
    }
    for (const { row, state, started } of active) {
      const job = state === 'running' && !isTestRun(row) ? registry.get(row.job_id) : undefined;
      if (!job || watchOf(row.job_id).longRun === row.execution_id) continue;
      const news = await newsOfLongRun(newsDeps, job, { row, started }, now);
      if (news)
        await keep(row.job_id, {
          watch: { ...watchOf(row.job_id), longRun: row.execution_id },
          news: [news],
        });
    }
    for (const [job_id, watch] of [...watches]) await remind(job_id, watch, now);
  };

  const remind = async (job_id: string, watch: JobWatch, now: number): Promise<void> => {
    const job = registry.get(job_id);
    const { trouble } = watch;
    if (!job) {
      watches.delete(job_id);
      await notifications.removeTrouble(job_id);
      return;
    }
    if (!trouble || !job.record.enabled) return;
    const due = reminderAt(trouble, foldingOf(job, ports));
    if (due === undefined || due > now) return;
    const { targets } = audienceOf(job, 'on_failure', ports);
    const row = await store.executions.get(trouble.last_execution_id);
    const message = await reminderMessage(newsDeps, job, row, trouble, now);
    await keep(job_id, {
      watch: { ...watch, trouble: { ...trouble, lastTold: now, untold: 0 } },
      news: [
        {
          key: `${job_id} reminder ${trouble.since} ${due}`,
          message,
          targets,
          execution_id: row?.execution_id ?? null,
        },
      ],
    });
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
      const work = () => add(recordsOf({ key, message, targets, execution_id: null }, clock.now()));
      line.note({ kind: 'watch', work });
    },
    async start(lastAlive) {
      isStopped = false;
      for (const [job_id, text] of await notifications.troubles()) watches.set(job_id, readWatch(text));
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
