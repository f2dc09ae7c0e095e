import { EventEmitter } from 'node:events';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import { createEventBus } from '../../../../src-main/core/events/event-bus';
import { createEventFeed } from '../../../../src-main/shells/electron/event-feed';
import type { IpcEvents } from '../../../../src-shared/desktop-bridge';
import { recordingLogger } from '../../../support/silent-logger';

const clock = { now: () => 0, monotonic: () => 0 };

/** A page of a window that takes what it is sent only when told to. */
class Page extends EventEmitter {
  readonly id = 1;
  readonly got: IpcEvents[] = [];
  number = 0;
  isDestroyed = () => false;
  send(_channel: string, batch: IpcEvents, number: number) {
    this.got.push(batch);
    this.number = number;
  }
  types = () => this.got.flatMap(({ events }) => events.map(({ type }) => type));
}

function setUp() {
  const bus = createEventBus({ clock, logger: recordingLogger() });
  const feed = createEventFeed(bus);
  const output = (execution_id: string) =>
    bus.publish('execution.output', { execution_id, stream: 'stdout', offset: 0, text: 'x' });
  return { bus, feed, page: new Page(), output };
}

describe('live events of a window', () => {
  beforeEach(() => {
    vi.useFakeTimers();
  });

  it('come in batches, and output only of the run that is looked at', () => {
    const { bus, feed, page, output } = setUp();
    feed.subscribe(page, { on: true, output: 'exec_7' });
    bus.publish('job.created', { job_id: 'a' });
    output('exec_7');
    output('exec_8');
    vi.advanceTimersByTime(20);
    expect(page.got).toHaveLength(1);
    expect(page.types()).toEqual(['job.created', 'execution.output']);
  });

  it('resume behind the last one that was seen, or say that some are lost', () => {
    const { bus, feed, page } = setUp();
    for (const job_id of ['a', 'b', 'c']) bus.publish('job.created', { job_id });
    feed.subscribe(page, { on: true, after: 1 });
    vi.advanceTimersByTime(20);
    expect(page.got).toMatchObject([{ reload: false, events: [{ sequence: 2 }, { sequence: 3 }] }]);
    feed.subscribe(page, { on: true, after: 99 });
    vi.advanceTimersByTime(20);
    expect(page.got.at(-1)).toEqual({ reload: true, events: [] });
  });

  it('resume only within one run of the program: what an earlier one numbered says nothing', () => {
    const at = (now: number) =>
      createEventBus({ clock: { now: () => now, monotonic: () => 0 }, logger: recordingLogger() });
    const earlier = at(1_800_000_000_000);
    const later = at(1_800_000_060_000);
    for (const bus of [earlier, later])
      for (let count = 0; count < 50; count += 1) bus.publish('job.created', { job_id: 'a' });
    expect(earlier.since(earlier.lastSequence - 10)).toMatchObject({ complete: true });
    expect(later.since(earlier.lastSequence - 10)).toEqual({ events: [], complete: false });
  });

  it('tell of output that was not sent when the page goes on, though nothing more is written', () => {
    const { bus, feed, page } = setUp();
    feed.subscribe(page, { on: true, output: 'exec_7' });
    const write = (offset: number) =>
      bus.publish('execution.output', { execution_id: 'exec_7', stream: 'stdout', offset, text: 'ä' });
    for (let count = 0; count < 100; count += 1) {
      write(count * 2);
      vi.advanceTimersByTime(20);
    }
    feed.taken(page, page.number);
    vi.advanceTimersByTime(20);
    expect(page.got.at(-1)?.events).toMatchObject([{ data: { offset: 200, text: '' } }]);
  });

  it('end with the page that asked for them', () => {
    const { bus, feed, page } = setUp();
    feed.subscribe(page, { on: true });
    page.emit('did-navigate');
    bus.publish('job.created', { job_id: 'a' });
    vi.advanceTimersByTime(20);
    expect(page.got).toEqual([]);
  });

  it('hold back from a page that stands still, and tell it to read anew when it goes on', () => {
    const { bus, feed, page } = setUp();
    feed.subscribe(page, { on: true, output: 'all' });
    for (let count = 0; count < 5000; count += 1) {
      bus.publish('job.updated', { job_id: 'a' });
      vi.advanceTimersByTime(20);
    }
    const untaken = page.got.length;
    expect(untaken).toBeLessThan(100);
    feed.taken(page, page.number);
    vi.advanceTimersByTime(20);
    expect(page.got.length).toBe(untaken + 1);
    expect(page.got.at(-1)?.reload).toBe(true);
  });
});
