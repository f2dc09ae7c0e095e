import type { EventBus } from '../events/event-bus';
import type { Clock } from '../ports/clock';
import type { OutboxRecord } from '../ports/notification-store';
import type { Random } from '../ports/random';
import type { Store } from '../ports/store';
import type { Redactor } from '../secrets/redactor';
import { type JobWatch, readWatch } from './job-watch';
import type { News, Noted } from './news';

/** What is remembered of each job for its notifications, and the messages that wait to be sent. */
export interface WatchBook {
  /** Reads what was remembered. */
  load(): Promise<void>;
  watchOf(job_id: string): JobWatch;
  all(): readonly (readonly [job_id: string, watch: JobWatch])[];
  /** Remembers and has told, in one transaction: neither can be without the other. */
  keep(job_id: string, noted: Noted): Promise<void>;
  /** Has told what is remembered of no job. */
  tell(news: News): Promise<void>;
  forget(job_id: string): Promise<void>;
}

export function createWatchBook({
  store,
  events,
  clock,
  random,
  redactor,
  onAdded,
}: {
  readonly store: Store;
  readonly events: EventBus;
  readonly clock: Clock;
  readonly random: Pick<Random, 'digest'>;
  readonly redactor: Redactor;
  /** Messages were added. */
  readonly onAdded: () => void;
}): WatchBook {
  const watches = new Map<string, JobWatch>();

  /** A message for each target; the same news has the same ids, so that it is never told twice. */
  const recordsOf = ({ key, message, targets, execution_id }: News, now: number): OutboxRecord[] => {
    const masked = redactor.value(message);
    return targets.map(({ channel, target }) => ({
      notification_id: random.digest(`${key} ${channel} ${target}`).slice(0, 32),
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

  const write = async (records: readonly OutboxRecord[], first: (inside: Store) => Promise<void>) => {
    const added: OutboxRecord[] = [];
    await store.transaction(async (inside) => {
      added.length = 0;
      await first(inside);
      for (const record of records) if (await inside.notifications.add(record)) added.push(record);
    });
    return added;
  };
  const noteAdded = (added: readonly OutboxRecord[]) => {
    for (const { notification_id, job_id, state } of added)
      events.publish('notification.changed', { notification_id, job_id, state });
    if (added.length > 0) onAdded();
  };

  return {
    async load() {
      for (const [job_id, text] of await store.notifications.troubles()) watches.set(job_id, readWatch(text));
    },
    watchOf: (job_id) => watches.get(job_id) ?? {},
    all: () => [...watches],
    async keep(job_id, { watch, news }) {
      const text = JSON.stringify(watch);
      const before = watches.get(job_id);
      const isSame = before !== undefined && JSON.stringify(before) === text;
      if (isSame && news.length === 0) return;
      const now = clock.now();
      const records = news.flatMap((one) => recordsOf(one, now));
      const added = await write(records, (inside) => inside.notifications.putTrouble(job_id, text, now));
      watches.set(job_id, watch);
      noteAdded(added);
    },
    async tell(news) {
      noteAdded(await write(recordsOf(news, clock.now()), async () => undefined));
    },
    async forget(job_id) {
      watches.delete(job_id);
      await store.notifications.removeTrouble(job_id);
    },
  };
}
