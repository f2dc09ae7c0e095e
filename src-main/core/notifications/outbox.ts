import type { ChannelName } from '../../../src-shared/model/notification';
import type { EventBus } from '../events/event-bus';
import type { Clock } from '../ports/clock';
import type { Logger } from '../ports/logger';
import type { NotificationRepository, OutboxRecord } from '../ports/notification-store';
import type { NotificationPorts, Outgoing } from '../ports/notifier';
import type { CancelTimer, Timer } from '../ports/timer';
import type { Redactor } from '../secrets/redactor';
import { retryWaitMs } from './backoff';
import { digestOf } from './digest';

/** Sends what is stored, each channel in a lane of its own: a dead one keeps nobody else waiting. */
export interface Outbox {
  start(): Promise<void>;
  /** Something was stored: looks at once. */
  wake(): void;
  /** Ends looking; waits a moment for what is on its way. */
  stop(): Promise<void>;
}

/** Messages to one target within a minute; what is beyond comes as one when the minute is over. */
const mostAMinute = 5;
const minuteMs = 60_000;
/** Tries under way on one channel at once. */
const mostInChannel = 4;
const looked = 500;
const mostInDigest = 200;
/** Never further away than this: an entry may be set back to waiting by hand. */
const longestSleepMs = 60_000;
const storeRetryMs = 5000;
const patienceMs = 3000;
const keptMs = 90 * 86_400_000;

const laneOf = ({ channel, target }: OutboxRecord): string => `${channel} ${target}`;

export function createOutbox(deps: {
  readonly repository: NotificationRepository;
  readonly ports: NotificationPorts;
  readonly events: EventBus;
  readonly clock: Clock;
  readonly timer: Timer;
  readonly logger: Logger;
  readonly redactor: Redactor;
  readonly instance: string;
}): Outbox {
  const { repository, ports, clock, logger } = deps;
  const channels = new Map(ports.channels.map((channel) => [channel.channel, channel]));
  const busyLanes = new Set<string>();
  const inChannel = new Map<ChannelName, number>();
  /** Monotonic instants of the last messages to each target. */
  const recent = new Map<string, number[]>();
  const underWay = new Set<Promise<void>>();
  let cancel: CancelTimer | undefined;
  let looking: Promise<void> | undefined;
  let isAgain = false;
  let isStopped = true;

  const arm = (milliseconds: number) => {
    cancel?.();
    cancel = isStopped ? undefined : deps.timer.after(Math.max(0, milliseconds), wake);
  };

  const tell = ({ notification_id, job_id }: OutboxRecord, state: OutboxRecord['state']) =>
    deps.events.publish('notification.changed', { notification_id, job_id, state });

  const settle = async (record: OutboxRecord, outcome: Awaited<ReturnType<typeof send>>, merged: boolean) => {
    const now = clock.now();
    const attempts = record.attempts + 1;
    if (outcome.kind === 'sent') {
      const note = [outcome.note, merged ? 'sent together with others, as one message' : undefined]
        .filter((part) => part !== undefined)
        .join('; ');
      await repository.update(record.notification_id, {
        state: 'sent',
        attempts,
        sent_date: now,
        note: note === '' ? null : deps.redactor.text(note),
        owner: null,
      });
      tell(record, 'sent');
      return;
    }
    const error = deps.redactor.text(outcome.error);
    const next = now + retryWaitMs(attempts, outcome.retryAfterSeconds);
    const isOver = outcome.isFinal || next > record.created_date + ports.giveUpAfterSeconds * 1000;
    await repository.update(record.notification_id, {
      state: isOver ? 'failed' : 'waiting',
      attempts,
      next_attempt: next,
      note: error,
      owner: null,
    });
    const about = { notification_id: record.notification_id, channel: record.channel, attempts };
    if (isOver) logger.error(`a notification could not be sent, and is given up: ${error}`, about);
    else logger.warning(`a notification could not be sent yet: ${error}`, about);
    tell(record, isOver ? 'failed' : 'waiting');
  };

  const send = async (record: OutboxRecord, message: Outgoing['message']) => {
    const channel = channels.get(record.channel);
    if (!channel)
      return {
        kind: 'failed' as const,
        error: `this program has no channel "${record.channel}"`,
        isFinal: true,
      };
    return channel
      .send({ id: record.notification_id, target: record.target, message })
      .catch((error: unknown) => ({
        kind: 'failed' as const,
        error: String(error),
        isFinal: false,
        retryAfterSeconds: 0,
      }));
  };

  /** One message, or all that wait for this target as one. */
  const deliver = async (records: readonly OutboxRecord[]) => {
    const claimed: OutboxRecord[] = [];
    for (const record of records)
      if (await repository.claim(record.notification_id, deps.instance)) claimed.push(record);
    const [first] = claimed;
    if (!first) return;
    const isMerged = claimed.length > 1;
    const message = isMerged
      ? digestOf(
          claimed.map((record) => record.message),
          ports.linkBase(),
        )
      : first.message;
    const outcome = await send(first, message);
    for (const record of claimed) await settle(record, outcome, isMerged);
  };

  const runLane = (lane: string, records: readonly OutboxRecord[]) => {
    const { channel } = records[0] as OutboxRecord;
    busyLanes.add(lane);
    inChannel.set(channel, (inChannel.get(channel) ?? 0) + 1);
    recent.set(lane, [...(recent.get(lane) ?? []), clock.monotonic()]);
    const work = deliver(records)
      .catch((error: unknown) => logger.error('the outbox could not be written', { error: String(error) }))
      .finally(() => {
        underWay.delete(work);
        busyLanes.delete(lane);
        inChannel.set(channel, (inChannel.get(channel) ?? 1) - 1);
        wake();
      });
    underWay.add(work);
  };

  const look = async () => {
    const now = clock.now();
    const due = await repository.due(now, looked);
    const lanes = new Map<string, OutboxRecord[]>();
    for (const record of due) lanes.set(laneOf(record), [...(lanes.get(laneOf(record)) ?? []), record]);
    let soonest = longestSleepMs;
    for (const [lane, records] of lanes) {
      const [first] = records;
      if (!first || busyLanes.has(lane) || (inChannel.get(first.channel) ?? 0) >= mostInChannel) continue;
      const since = clock.monotonic() - minuteMs;
      const lately = (recent.get(lane) ?? []).filter((instant) => instant > since);
      recent.set(lane, lately);
      const room = mostAMinute - lately.length;
      if (room <= 0) {
        soonest = Math.min(soonest, (lately[0] ?? 0) - since);
        continue;
      }
      runLane(lane, records.length > room ? records.slice(0, mostInDigest) : [first]);
    }
    for (const [lane, instants] of recent) if (instants.length === 0) recent.delete(lane);
    const next = due.length > 0 ? undefined : await repository.nextDue();
    if (next !== undefined) soonest = Math.min(soonest, Math.max(1, next - now));
    arm(soonest);
  };

  function wake(): void {
    if (isStopped) return;
    if (looking) {
      isAgain = true;
      return;
    }
    cancel?.();
    looking = look()
      .catch((error: unknown) => {
        logger.warning('the outbox could not be read', { error: String(error) });
        arm(storeRetryMs);
      })
      .finally(() => {
        looking = undefined;
        if (!isAgain) return;
        isAgain = false;
        wake();
      });
  }

  return {
    wake,
    async start() {
      isStopped = false;
      const released = await repository.release(
        deps.instance,
        'The program ended while this was being sent; it is sent again under the same id',
      );
      if (released > 0) logger.warning(`${released} notifications were on their way when the program ended`);
      await repository.purge(clock.now() - keptMs);
      wake();
    },
    async stop() {
      if (isStopped) return;
      isStopped = true;
      cancel?.();
      await looking;
      if (underWay.size === 0) return;
      await Promise.race([
        Promise.all(underWay),
        new Promise<void>((resolve) => void deps.timer.after(patienceMs, resolve)),
      ]);
    },
  };
}
