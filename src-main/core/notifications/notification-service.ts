import { AppError } from '../../../src-shared/errors';
import { formatExecutionId } from '../../../src-shared/model/ids';
import {
  type ChannelTarget,
  type OutboxEntry,
  type Recipient,
  recipientListNames,
  targetsOf,
} from '../../../src-shared/model/notification';
import { emailProblem, readWebTarget } from '../../../src-shared/notify/address-rules';
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
import { aboutJob, missedMessage, reminderMessage } from './compose-message';
import { isExpected, unkeptPromises } from './expectations';
import { createHeartbeat } from './heartbeat';
import { type JobWatch, readWatch } from './job-watch';
import type { NotificationMessage } from './message';
import { type News, type NewsDeps, type Noted, newsOfLongRun, newsOfRun } from './news';
import { createOutbox } from './outbox';
import { shownTarget } from './shown-target';
import { reminderAt } from './trouble';

/** Tells people what happens to their jobs, and watches for what does not happen. */
export interface NotificationService {
  /** A run ended. Returns at once: nothing of a job waits for this. */
  noteRun(record: ExecutionRecord): void;
  /** Planned runs that were missed. */
  noteMissed(rows: readonly NewExecution[]): void;
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
const storeRetryMs = 5000;
const mostFailures = 5;
const replayedMs = 120_000;
const mostReplayed = 1000;

type Fact = { failures?: number } & (
  | { readonly kind: 'run'; readonly row: ExecutionRecord }
  | { readonly kind: 'missed'; readonly row: NewExecution }
  | { readonly kind: 'watch'; readonly work: () => Promise<void> }
);

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
  const facts: Fact[] = [];
  let draining: Promise<void> | undefined;
  let cancelWatch: CancelTimer | undefined;
  let isStopped = true;
  let isLoaded = false;
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

  const drain = async (): Promise<void> => {
    for (let fact = facts[0]; fact; fact = facts[0]) {
      try {
        await handle(fact);
      } catch (error) {
        fact.failures = (fact.failures ?? 0) + 1;
        const isStoreThere = await store.check().then(
          () => true,
          () => false,
        );
        if (!isStoreThere || fact.failures < mostFailures) {
          // Nothing is lost: it stays first in line until the store takes it.
          logger.warning('a notification could not be stored yet', { error: String(error) });
          if (!isStopped) deps.timer.after(storeRetryMs, pump);
          return;
        }
        // The store is well and this fails again and again: it must not hold up all others.
        logger.error('a notification could not be made and is left out', {
          kind: fact.kind,
          error: String(error instanceof Error ? error.stack : error),
        });
      }
      facts.shift();
    }
  };

  const pump = () => {
    // Before it is known what was told already, nothing is decided.
    if (!isLoaded) return;
    draining ??= drain().finally(() => {
      draining = undefined;
    });
  };

  const note = (fact: Fact) => {
    facts.push(fact);
    pump();
  };

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
      if (!facts.some(({ kind }) => kind === 'watch'))
        note({ kind: 'watch', work: async () => look().catch(logLook) });
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

  const view = (record: OutboxRecord): OutboxEntry => ({
    notification_id: record.notification_id,
    kind: record.kind,
    job_id: record.job_id,
    execution_id: record.execution_id === null ? null : formatExecutionId(record.execution_id),
    channel: record.channel,
    target: shownTarget(record),
    title: record.message.title,
    state: record.state,
    attempts: record.attempts,
    created: new Date(record.created_date).toISOString(),
    sent: record.sent_date === null ? null : new Date(record.sent_date).toISOString(),
    next_attempt: record.state === 'waiting' ? new Date(record.next_attempt).toISOString() : null,
    note: record.note,
  });

  const refuseTarget = ({ channel, target }: ChannelTarget): void => {
    const isWeb = /^[a-z][a-z0-9+.-]*:/i.test(target);
    const read = channel !== 'email' && isWeb ? readWebTarget(target, ports.allowedHosts) : undefined;
    const bad = channel === 'email' ? target.split(', ').find((one) => emailProblem(one)) : undefined;
    const problem = bad === undefined ? (typeof read === 'string' ? read : undefined) : emailProblem(bad);
    if (problem) throw new AppError('validation_failed', `${channel} ${problem}`);
  };

  const service: NotificationService = {
    watchOf,
    noteRun(record) {
      if (matters(record)) note({ kind: 'run', row: record });
    },
    noteMissed(rows) {
      for (const row of rows) {
        const job = row.status === 'missed' ? registry.get(row.job_id) : undefined;
        if (job && audienceOf(job, 'on_missed', ports).targets.length > 0) note({ kind: 'missed', row });
      }
    },
    async start(lastAlive) {
      isStopped = false;
      for (const [job_id, text] of await notifications.troubles()) watches.set(job_id, readWatch(text));
      isLoaded = true;
      pump();
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
      await draining;
      pump();
      await draining;
      await outbox.stop();
    },
    async settled() {
      await draining;
    },
    list: async (filter, page) => (await notifications.list(filter, page)).map(view),
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
      return view({ ...record, state: 'waiting', next_attempt: now });
    },
    async test(recipient, job) {
      const [target] = targetsOf([recipient]);
      if (!target) throw new AppError('validation_failed', 'The recipient is switched off (false)');
      refuseTarget(target);
      const channel = ports.channels.find((one) => one.channel === target.channel);
      const problem = channel
        ? channel.problem(target.target)
        : `this program has no channel "${target.channel}"`;
      if (!channel || problem) return { kind: 'failed', error: problem ?? '', isFinal: true };
      const message = testMessage(job);
      const id = deps.random.digest(`test ${clock.now()} ${target.channel} ${target.target}`).slice(0, 32);
      const delivery = await channel.send({
        id,
        target: target.target,
        message: deps.redactor.value(message),
      });
      return deps.redactor.value(delivery);
    },
  };

  const testMessage = (job: Job | undefined): NotificationMessage => {
    const at = clock.now();
    const text = 'This is a test. When something happens to a job, its message comes this way.';
    if (job)
      return aboutJob(newsDeps, job, {
        kind: 'test',
        tone: 'info',
        title: `Test: notifications of ${job.record.name}`,
        text,
        at,
      });
    const link = ports.linkBase();
    return {
      kind: 'test',
      tone: 'info',
      title: 'Test: notifications of Job Scheduler',
      text,
      facts: [],
      ...(link === undefined ? {} : { link }),
      job_id: null,
      job_name: null,
      execution_id: null,
      status: null,
      tags: [],
      count: 1,
      time: new Date(at).toISOString(),
    };
  };

  /** Jobs that name channels which lead nowhere: an admin must not find out by silence. */
  const tellProblems = () => {
    const problems = new Map<string, number>();
    for (const job of registry.all()) {
      const targets = new Map(
        recipientListNames.flatMap((list) =>
          audienceOf(job, list, ports).targets.map((one) => [`${one.channel} ${one.target}`, one] as const),
        ),
      );
      for (const { channel, target } of targets.values()) {
        const problem = ports.channels.find((one) => one.channel === channel)?.problem(target);
        if (problem) problems.set(problem, (problems.get(problem) ?? 0) + 1);
      }
    }
    for (const [problem, count] of problems)
      logger.warning(`notifications of ${count} ${count === 1 ? 'job' : 'jobs'} reach nobody: ${problem}`);
  };

  return service;
}
