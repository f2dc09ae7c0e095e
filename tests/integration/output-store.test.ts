import { existsSync, mkdirSync, readdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { createOutputStore } from '../../src-main/adapters/output/output-store';
import type { ExecutionRecord } from '../../src-main/core/ports/store';
import { createOutputReader } from '../../src-main/core/run/output-reader';
import { tempFolder } from '../support/temp-folder';

const kib = 1024;
const bytes = (text: string) => Buffer.from(text);
const text = (value: Uint8Array | undefined) => Buffer.from(value ?? []).toString('utf8');

/** Lines with their own number, so that a cut shows. */
const numbered = (count: number) =>
  Array.from({ length: count }, (_, index) => `line ${String(index).padStart(7, '0')}\n`).join('');

describe('outputs', () => {
  it('of a few lines stay in memory and come back whole', async () => {
    const folder = tempFolder();
    const store = createOutputStore({ folder, now: () => 1000 });
    const sink = store.open(1, 'a');
    await sink.write('stdout', bytes('eins\n'));
    await sink.write('stderr', bytes('zwei\n'));
    expect(text((await store.read(1, { offset: 0, limit: 100 }))?.bytes)).toBe('eins\nzwei\n');
    expect(await sink.finish()).toEqual({
      excerpt: 'eins\nzwei\n',
      total_bytes: 10,
      stored_bytes: 10,
      marks: [
        { offset: 0, stream: 'stdout', time: 1000 },
        { offset: 5, stream: 'stderr', time: 1000 },
      ],
    });
    expect(await store.read(1, { offset: 0, limit: 100 })).toBeUndefined();
    expect(readdirSync(folder)).toEqual([]);
  });

  it('that are longer go to a file and are read by range and from the end, while written and after', async () => {
    const store = createOutputStore({ folder: tempFolder(), excerptBytes: 8 * kib });
    const whole = numbered(20_000);
    const sink = store.open(12_345, 'a');
    for (let offset = 0; offset < whole.length; offset += 5000)
      await sink.write('stdout', bytes(whole.slice(offset, offset + 5000)));
    const live = await store.read(12_345, { offset: 13 * 777, limit: 13 });
    expect(text(live?.bytes)).toBe('line 0000777\n');
    const done = await sink.finish();
    expect(done).toMatchObject({ total_bytes: whole.length, stored_bytes: whole.length });
    expect(text((await store.read(12_345, { offset: 13 * 19_999, limit: 999 }))?.bytes)).toBe(
      'line 0019999\n',
    );
    expect(text((await store.read(12_345, { tail: 26 }))?.bytes)).toBe('line 0019998\nline 0019999\n');
    expect((await store.read(12_345, { offset: 10 ** 9, limit: 10 }))?.bytes).toHaveLength(0);
    expect(done.excerpt.startsWith('line 0000000\n')).toBe(true);
    expect(done.excerpt.endsWith('line 0019999\n')).toBe(true);
    expect(done.excerpt).toContain('of 260,000 bytes left out here');
    expect(done.excerpt.length).toBeLessThan(9 * kib);
  });

  it.each([1.2, 1.6, 3, 11.3])(
    'beyond the cap (%d times) keep head and tail around a marker',
    async (times) => {
      const cap = 100 * kib;
      const store = createOutputStore({ folder: tempFolder(), capBytes: cap });
      const whole = numbered(Math.ceil((cap * times) / 13));
      const sink = store.open(1, 'a');
      for (let offset = 0; offset < whole.length; offset += 7001)
        await sink.write('stdout', bytes(whole.slice(offset, offset + 7001)));
      const { total_bytes, stored_bytes } = await sink.finish();
      expect(total_bytes).toBe(whole.length);
      expect(stored_bytes).toBeLessThan(cap + 200);
      const kept = text((await store.read(1, { offset: 0, limit: 10 ** 7 }))?.bytes);
      const [head = '', tail = ''] = kept.split(/\n\n\[… [^\]]+ …\]\n\n/);
      expect(whole.startsWith(head)).toBe(true);
      expect(whole.endsWith(tail)).toBe(true);
      expect(head.length).toBeGreaterThanOrEqual(cap / 2 - 1);
      expect(tail.length).toBeGreaterThanOrEqual(cap / 2 - 1);
    },
  );

  it('say how much of them is gone and why: by the cap, without their file, for want of room', async () => {
    const folder = tempFolder();
    const store = createOutputStore({ folder, capBytes: 64 * kib, excerptBytes: 4 * kib });
    const reader = createOutputReader(store);
    const tail = (metadata: object, output: string | null, end_time: number | null) => {
      const row = { execution_id: 1, start_time: 0, end_time, output, metadata };
      return reader.tail(row as ExecutionRecord, 5);
    };
    const sink = store.open(1, 'a');
    const whole = numbered(20_000);
    await sink.write('stdout', bytes(whole.slice(0, 1000)));
    expect((await tail({}, null, null)).left_out).toBeUndefined();
    await sink.write('stdout', bytes(whole.slice(1000)));
    const live = await tail({}, null, null);
    expect(live.left_out).toEqual({
      bytes: whole.length - 96 * kib,
      reason: expect.stringContaining('65.5 kB'),
    });
    const done = await sink.finish();
    const facts = { output_bytes: done.total_bytes, output_stored_bytes: done.stored_bytes };
    const ended = await tail(facts, done.excerpt, 1);
    expect(ended.left_out?.reason).toContain('output.max_size');
    expect(Math.abs((ended.left_out?.bytes ?? 0) - (whole.length - 64 * kib))).toBeLessThan(100);
    const full = await tail({ ...facts, output_problem: 'the disk is full' }, done.excerpt, 1);
    expect(full.left_out?.reason).toBe('the disk is full');
    await store.remove([1]);
    const alone = await tail(facts, done.excerpt, 1);
    expect(alone.left_out).toEqual({
      bytes: whole.length - 4 * kib,
      reason: expect.stringContaining('output.excerpt_size'),
    });
    expect((await tail({ output_bytes: 6 }, 'short\n', 1)).left_out).toBeUndefined();
  });

  it('of one line without end, NUL bytes and broken characters never break the text', async () => {
    const store = createOutputStore({ folder: tempFolder(), capBytes: 64 * kib, excerptBytes: 4 * kib });
    const sink = store.open(1, 'a');
    for (let index = 0; index < 500; index += 1)
      await sink.write('stdout', bytes(`ü\0\u{1F600}${'x'.repeat(997)}`));
    const { excerpt } = await sink.finish();
    expect(excerpt).not.toContain('\0');
    expect(excerpt).not.toContain('\ufffd');
    expect(excerpt).toContain('\u2400');
  });

  it('that can not be written to the disk are kept as an excerpt that says so', async () => {
    const folder = tempFolder();
    writeFileSync(join(folder, '0'), 'a file stands where a folder should be');
    const store = createOutputStore({ folder });
    const sink = store.open(5, 'a');
    await sink.write('stdout', bytes(numbered(10_000)));
    const done = await sink.finish();
    expect(done.excerpt).toContain('line 0000000');
    expect(done.excerpt).toMatch(/the output could not be stored whole: (EEXIST|ENOTDIR)/);
  });

  it('never follow a link that lies in the way', async () => {
    const folder = tempFolder();
    const target = join(tempFolder(), 'target');
    writeFileSync(target, 'precious');
    mkdirSync(join(folder, '0'));
    symlinkSync(target, join(folder, '0', 'exec_7.log'));
    const store = createOutputStore({ folder });
    expect(await store.read(7, { offset: 0, limit: 10 })).toBeUndefined();
    const sink = store.open(7, 'a');
    await sink.write('stdout', bytes(numbered(5000)));
    expect((await sink.finish()).excerpt).toContain('could not be stored whole');
  });

  it('that a dead process left open are read back as far as they came', async () => {
    const folder = tempFolder();
    const dead = createOutputStore({ folder, excerptBytes: 4 * kib }).open(3, 'a');
    await dead.write('stdout', bytes(numbered(3000)));
    await new Promise((resolve) => setImmediate(resolve));
    const store = createOutputStore({ folder, excerptBytes: 4 * kib });
    await expect.poll(async () => (await store.recover(3))?.total_bytes).toBe(39_000);
    const found = await store.recover(3);
    expect(found?.excerpt.startsWith('line 0000000\n')).toBe(true);
    expect(found?.excerpt).toContain('line 0002999');
    expect(await store.recover(4)).toBeUndefined();
    await store.remove([3]);
    expect(existsSync(join(folder, '0', 'exec_3.log'))).toBe(false);
    await dead.finish();
  });

  it('remember which stream wrote what and when, also where the middle was cut out', async () => {
    let now = 0;
    const cap = 100 * kib;
    const folder = tempFolder();
    const store = createOutputStore({ folder, capBytes: cap, now: () => now });
    const sink = store.open(1, 'a');
    const line = (stream: string, index: number) => bytes(`${stream} ${String(index).padStart(40, '0')}\n`);
    for (let index = 0; index < 6000; index += 1) {
      const stream = Math.floor(index / 100) % 2 === 0 ? 'stdout' : 'stderr';
      now = index;
      await sink.write(stream, line(stream, index));
    }
    expect((await store.marks(1))?.length).toBe(60);
    await sink.finish();
    const marks = (await store.marks(1)) ?? [];
    const kept = text((await store.read(1, { offset: 0, limit: 10 ** 7 }))?.bytes);
    for (const mark of marks.filter((one) => one.stream !== 'system')) {
      const end = marks[marks.indexOf(mark) + 1]?.offset ?? kept.length;
      const whole = kept.slice(mark.offset, end).split('\n').slice(1, -1).filter(Boolean);
      expect(whole.every((one) => one.startsWith(mark.stream) || one.startsWith('[…'))).toBe(true);
    }
    expect(marks.some((one) => one.stream === 'system')).toBe(true);
    expect(marks.at(-1)?.time).toBe(5900);
    await store.remove([1]);
    expect(await store.marks(1)).toBeUndefined();
  });
});
