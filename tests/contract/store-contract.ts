import { describe, expect, it, onTestFinished } from 'vitest';
import type { OutboxRecord } from '../../src-main/core/ports/notification-store';
import type { GapRecord, NamedRecord } from '../../src-main/core/ports/schedule-store';
import type {
  ConnectionRecord,
  ExecutionFilter,
  ExecutionSortKey,
  JobRecord,
  NewExecution,
  Page,
  Store,
} from '../../src-main/core/ports/store';
import { peopleContract } from './people-contract';

const at = (text: string) => Date.parse(`2026-03-02T${text}Z`);
/** With instants that DATETIME of the documentation's tables can hold: its step is 1/300 s. */
const now = at('08:00:00.123');

const job = (job_id: string, more: Partial<JobRecord> = {}): JobRecord => ({
  job_id,
  name: `Job ${job_id}`,
  job_type: 'command',
  configuration: '{"job_id":"x"}',
  enabled: true,
  created_date: now,
  modified_date: now,
  created_by: 'tester',
  yaml_text: '# täglich \u4e2d\u6587 \u{1F600}\nid: x\n',
  source: null,
  source_digest: null,
  ...more,
});

const execution = (more: Partial<NewExecution> = {}): NewExecution => ({
  job_id: 'a',
  job_name: 'Job a',
  status: 'running',
  trigger: 'schedule',
  scheduled_time: now,
  start_time: now,
  retry_count: 0,
  max_retries: 3,
  metadata: { nested: { list: [1, 'zwei', null] } },
  owner: 'me',
  definition_digest: 'd'.repeat(64),
  slot_key: null,
  ...more,
});

const page = (more: Partial<Page<ExecutionSortKey>> = {}): Page<ExecutionSortKey> => ({
  limit: 100,
  offset: 0,
  sort: 'execution_id',
  descending: false,
  ...more,
});

/** What every engine must do. `open` gives an empty store; `reopen` a second one on the same data. */
export function storeContract(
  name: string,
  open: () => Promise<{ store: Store; reopen: () => Promise<Store> }>,
): void {
  const fresh = async () => {
    const opened = await open();
    onTestFinished(() => opened.store.close());
    return opened;
  };

  describe(`the store on ${name}`, () => {
    it('keeps a definition that ran once, however often it is put', async () => {
      const { store } = await fresh();
      const kept = {
        digest: 'd'.repeat(64),
        job_id: 'a',
        configuration: '{}',
        yaml_text: null,
        created_date: now,
      };
      await store.runDefinitions.put(kept);
      await store.runDefinitions.put({ ...kept, created_date: now + 1 });
      expect(await store.runDefinitions.get(kept.digest)).toEqual(kept);
      expect(await store.runDefinitions.get('none')).toBeUndefined();
    });

    describe('secrets', () => {
      it('are kept by name, replaced and removed; the date of the first saving stays', async () => {
        const { store } = await fresh();
        const secret = { name: 'b', value: 'v1:x', created_date: now, modified_date: now, modified_by: 'me' };
        await store.secrets.put(secret);
        await store.secrets.put({ ...secret, name: 'a' });
        await store.secrets.put({ ...secret, value: 'v1:y', created_date: now + 5, modified_date: now + 5 });
        expect(await store.secrets.list()).toEqual([
          { ...secret, name: 'a' },
          { ...secret, value: 'v1:y', modified_date: now + 5 },
        ]);
        expect(await store.secrets.remove('b')).toBe(true);
        expect(await store.secrets.remove('b')).toBe(false);
      });
    });

    describe('jobs', () => {
      it('gives back every column as it was written', async () => {
        const { store } = await fresh();
        const record = job('a', { enabled: false, source: '/x/jobs.yaml', source_digest: 'd'.repeat(64) });
        expect(await store.jobs.insert(record)).toBe(true);
        expect(await store.jobs.get('a')).toEqual(record);
        expect(await store.jobs.list()).toEqual([record]);
      });

      it('refuses an id that is taken, and changes nothing', async () => {
        const { store } = await fresh();
        await store.jobs.insert(job('a'));
        expect(await store.jobs.insert(job('a', { name: 'other' }))).toBe(false);
        expect((await store.jobs.get('a'))?.name).toBe('Job a');
      });

      it('updates only the version that was read', async () => {
        const { store } = await fresh();
        await store.jobs.insert(job('a'));
        expect(await store.jobs.update(job('a', { name: 'second', modified_date: now + 10 }), now)).toBe(
          true,
        );
        expect(await store.jobs.update(job('a', { name: 'third', modified_date: now + 20 }), now)).toBe(
          false,
        );
        expect(await store.jobs.update(job('none'), now)).toBe(false);
        expect((await store.jobs.get('a'))?.name).toBe('second');
      });

      it('removes a job and keeps its history', async () => {
        const { store } = await fresh();
        await store.jobs.insert(job('a'));
        await store.executions.insert(execution());
        expect(await store.jobs.remove('a')).toBe(true);
        expect(await store.jobs.remove('a')).toBe(false);
        expect(await store.executions.count({ job_id: 'a' })).toBe(1);
      });
    });

    describe('executions', () => {
      it('give back every column as it was written and changed', async () => {
        const { store } = await fresh();
        const written = execution({ scheduled_time: null, trigger: 'manual', machine: 'NORTH' });
        const id = await store.executions.insert(written);
        if (id === undefined) throw new Error('not inserted');
        const { slot_key: _key, ...columns } = written;
        const untouched = {
          ...columns,
          execution_id: id,
          end_time: null,
          duration_seconds: null,
          output: null,
          error_message: null,
          return_code: null,
        };
        expect(await store.executions.get(id)).toEqual(untouched);
        const patch = {
          status: 'failed' as const,
          start_time: now + 4,
          end_time: now + 1504,
          duration_seconds: 1.5,
          output: `zwei Zeilen\n\u{1F600}${'x'.repeat(70_000)}`,
          error_message: "it's 100 % _wrong_ [really]",
          return_code: -1073741819,
          metadata: { a: 1 },
          owner: null,
        };
        await store.executions.update(id, patch);
        expect(await store.executions.get(id)).toEqual({ ...untouched, ...patch });
        expect((await store.executions.outputs([id, 999])).get(id)).toBe(patch.output);
        const [listed] = await store.executions.list({}, page());
        expect(listed).toEqual({ ...untouched, ...patch, output: null });
      });

      it('claim a slot once, whoever tries and however often', async () => {
        const { store, reopen } = await fresh();
        const other = await reopen();
        onTestFinished(() => other.close());
        const claim = execution({ slot_key: new Date(now).toISOString() });
        const tries = await Promise.all(
          Array.from({ length: 20 }, (_, index) => (index % 2 ? store : other).executions.insert(claim)),
        );
        expect(tries.filter((id) => id !== undefined)).toHaveLength(1);
        expect(await store.executions.insert({ ...claim, job_id: 'b' })).toBeDefined();
        expect(await store.executions.insert(execution())).toBeDefined();
        expect(await store.executions.insert(execution())).toBeDefined();
      });

      it('never give an id out twice, not even after deleting the newest', async () => {
        const { store } = await fresh();
        const first = await store.executions.insert(execution());
        const second = await store.executions.insert(execution());
        expect(second).toBeGreaterThan(first ?? 0);
      });

      it('take 200 at once', async () => {
        const { store } = await fresh();
        const ids = await Promise.all(
          Array.from({ length: 200 }, () => store.executions.insert(execution())),
        );
        expect(new Set(ids).size).toBe(200);
        expect(await store.executions.count({})).toBe(200);
      });

      const seed = async (store: Store) => {
        await store.jobs.insert(job('a', { job_type: 'sql' }));
        await store.jobs.insert(job('b'));
        const rows: Partial<NewExecution>[] = [
          {
            job_id: 'a',
            job_name: 'Alpha',
            status: 'success',
            start_time: at('08:00:00'),
            duration_seconds: 3,
          },
          {
            job_id: 'b',
            job_name: 'Beta 100%',
            status: 'failed',
            start_time: at('08:01:00'),
            duration_seconds: 1,
            error_message: 'disk_full',
          },
          {
            job_id: 'a',
            job_name: 'Alpha',
            status: 'timeout',
            start_time: at('08:02:00'),
            trigger: 'manual',
            duration_seconds: 2,
          },
          {
            job_id: 'c',
            job_name: 'Gone [old]',
            status: 'running',
            start_time: at('08:02:00'),
            scheduled_time: null,
          },
        ];
        const ids = [];
        for (const row of rows) ids.push(await store.executions.insert(execution(row)));
        return ids;
      };

      it.each<[string, ExecutionFilter, number[]]>([
        ['nothing', {}, [0, 1, 2, 3]],
        ['a job', { job_id: 'a' }, [0, 2]],
        ['statuses', { status: ['failed', 'timeout'] }, [1, 2]],
        ['no statuses at all', { status: [] }, [0, 1, 2, 3]],
        ['a trigger', { trigger: ['manual'] }, [2]],
        ['the type of their job', { job_type: ['sql'] }, [0, 2]],
        ['a stretch of time, its end excluded', { from: at('08:01:00'), to: at('08:02:00') }, [1]],
        ['a word of the name', { search: 'alp' }, [0, 2]],
        ['a word of the error', { search: 'DISK_' }, [1]],
        ['a percent sign', { search: '%' }, [1]],
        ['an underscore', { search: '_' }, [1]],
        ['a bracket', { search: '[old]' }, [3]],
        ['a quote', { search: "'; DROP TABLE facts; --" }, []],
        ['a backslash', { search: '\\' }, []],
        ['several things', { job_id: 'a', status: ['success'], search: 'ph' }, [0]],
      ])('are found by %s', async (_what, filter, expected) => {
        const { store } = await fresh();
        const ids = await seed(store);
        const found = await store.executions.list(filter, page());
        expect(found.map((row) => row.execution_id)).toEqual(expected.map((index) => ids[index]));
        expect(await store.executions.count(filter)).toBe(expected.length);
      });

      it('come in any order, and in pages that neither overlap nor leave one out', async () => {
        const { store } = await fresh();
        const ids = await seed(store);
        const order = async (sort: ExecutionSortKey, descending: boolean) => {
          const found = [];
          for (let offset = 0; offset < 4; offset += 1)
            found.push(...(await store.executions.list({}, page({ limit: 1, offset, sort, descending }))));
          return found.map((row) => ids.indexOf(row.execution_id));
        };
        expect(await order('start_time', true)).toEqual([3, 2, 1, 0]);
        expect(await order('start_time', false)).toEqual([0, 1, 2, 3]);
        expect(await order('status', false)).toEqual([1, 3, 0, 2]);
        expect(await order('job_name', false)).toEqual([0, 2, 1, 3]);
        for (const sort of ['end_time', 'duration_seconds', 'job_id', 'scheduled_time'] as const)
          expect(new Set(await order(sort, true)).size).toBe(4);
      });

      it('give the newest of each job that exists', async () => {
        const { store } = await fresh();
        const ids = await seed(store);
        const latest = await store.executions.latestPerJob();
        expect(latest.map((row) => row.execution_id).sort()).toEqual([ids[1], ids[2]].sort());
      });

      it('give those that another process left unfinished', async () => {
        const { store } = await fresh();
        await store.executions.insert(execution({ owner: 'me' }));
        const theirs = await store.executions.insert(execution({ owner: 'dead', status: 'pending' }));
        const nobodys = await store.executions.insert(execution({ owner: null }));
        await store.executions.insert(execution({ owner: 'dead', status: 'success' }));
        const found = await store.executions.listUnfinished('me');
        expect(found.map((row) => row.execution_id)).toEqual([theirs, nobodys]);
      });

      it('that stand for several slots are found by any of them, as far as they reach', async () => {
        const { store } = await fresh();
        const add = (time: string | null, until: string | null = null) =>
          store.executions.insert(
            execution({
              scheduled_time: time === null ? null : at(time),
              scheduled_until: until === null ? null : at(until),
            }),
          );
        const [single, stretch = 0, late] = [
          await add('08:00:00'),
          await add('08:01:00', '08:10:00'),
          await add('08:20:00'),
          await add(null),
        ];
        const found = async (from: string | undefined, to: string | undefined) => {
          const filter: ExecutionFilter = {
            ...(from === undefined ? {} : { planned_from: at(from) }),
            ...(to === undefined ? {} : { planned_to: at(to) }),
          };
          const rows = await store.executions.list(filter, page());
          expect(await store.executions.count(filter)).toBe(rows.length);
          return rows.map((row) => row.execution_id);
        };
        expect(await found('08:00:00', '08:00:00')).toEqual([single]);
        expect(await found('08:05:00', '08:06:00')).toEqual([stretch]);
        expect(await found('08:10:00', undefined)).toEqual([stretch, late]);
        expect(await found(undefined, '08:01:00')).toEqual([single, stretch]);
        expect(await found('08:10:00.001', '08:19:59')).toEqual([]);
        await store.executions.update(stretch, { scheduled_until: at('08:15:00') });
        expect(await found('08:12:00', '08:13:00')).toEqual([stretch]);
        await store.executions.update(stretch, { scheduled_until: null });
        expect(await found('08:05:00', '08:06:00')).toEqual([]);
      });

      it('are removed by age and outcome, and beyond the newest of a job', async () => {
        const { store } = await fresh();
        const [a, b, c, d] = await seed(store);
        const aged = (status: NewExecution['status'][], limit = 10) =>
          store.executions.removable({ before: at('08:02:00'), status }, limit);
        expect(await aged(['success', 'failed', 'timeout', 'running'])).toEqual([a, b]);
        expect(await aged(['success', 'failed'], 1)).toEqual([a]);
        expect(await aged([])).toEqual([]);
        const beyond = (keep: number) =>
          store.executions.removable({ job_id: 'a', keep, status: ['success', 'timeout'] }, 10);
        expect(await beyond(1)).toEqual([a]);
        expect(await beyond(2)).toEqual([]);
        expect(await beyond(0)).toEqual([a, c]);
        expect(await store.executions.removeMany([a ?? 0, b ?? 0, 99_999])).toBe(2);
        const left = await store.executions.list({}, page());
        expect(left.map((row) => row.execution_id)).toEqual([c, d]);
      });

      it('are counted as they are listed, over days and after changes and removals', async () => {
        const { store } = await fresh();
        const hour = 3_600_000;
        const first = Date.parse('2026-02-26T20:00:00.000Z');
        const statuses = ['success', 'failed', 'pending'] as const;
        const ids: number[] = [];
        for (let index = 0; index < 60; index += 1) {
          const id = await store.executions.insert(
            execution({
              job_id: index % 3 === 0 ? 'a' : 'b',
              job_name: index % 4 === 0 ? 'Alpha' : 'Beta',
              status: statuses[index % statuses.length] ?? 'success',
              trigger: index % 5 === 0 ? 'manual' : 'schedule',
              start_time: first + index * 2 * hour,
              ...(index % 7 === 0 ? { error_message: 'no disk' } : {}),
            }),
          );
          ids.push(id ?? 0);
        }
        const of = (step: number) => ids.filter((_, index) => index % step === 0);
        for (const id of of(6)) await store.executions.update(id, { status: 'timeout', error_message: null });
        for (const id of of(10)) await store.executions.update(id, { start_time: first + 30 * hour });
        await store.executions.removeMany(of(9));
        const spans: ExecutionFilter[] = [
          {},
          { from: first + 5 * hour },
          { to: first + 71 * hour },
          { from: first + 5 * hour, to: first + 9 * hour },
          { from: first + 3 * hour, to: first + 77 * hour },
          { from: Date.parse('2026-02-27T00:00:00.000Z'), to: Date.parse('2026-03-01T00:00:00.000Z') },
          { from: first + 77 * hour, to: first },
        ];
        const filters: ExecutionFilter[] = [
          {},
          { job_id: 'a' },
          { status: ['failed', 'timeout'] },
          { trigger: ['manual'], job_id: 'b' },
          { search: 'alp' },
          { search: 'disk' },
          { search: 'a', status: ['success'] },
        ];
        for (const span of spans)
          for (const filter of filters) {
            const asked = { ...span, ...filter };
            const listed = await store.executions.list(asked, page({ limit: 100 }));
            expect([asked, await store.executions.count(asked)]).toEqual([asked, listed.length]);
          }
      });

      it('are counted by outcome since an instant', async () => {
        const { store } = await fresh();
        await seed(store);
        expect(await store.executions.countByStatus(at('08:01:00'))).toEqual({
          failed: 1,
          timeout: 1,
          running: 1,
        });
      });
    });

    describe('figures of the history', () => {
      const runs = async (store: Store) => {
        const add = (job_id: string, time: string, status: NewExecution['status'], retry_count = 0) =>
          store.executions.insert(execution({ job_id, start_time: at(time), status, retry_count }));
        await add('a', '07:59:59', 'success');
        await add('a', '08:00:00', 'success');
        await add('a', '08:59:59', 'failed');
        await add('b', '08:30:00', 'success', 1);
        return [await add('b', '09:00:00', 'failed'), await add('a', '09:10:00', 'failed')] as const;
      };

      it('count by hour and outcome', async () => {
        const { store } = await fresh();
        await runs(store);
        const hours = await store.statistics.hours(at('08:00:00'));
        const sorted = hours.map((row) => [row.hour, row.status, row.count]).sort();
        expect(sorted).toEqual([
          [at('08:00:00'), 'failed', 1],
          [at('08:00:00'), 'success', 2],
          [at('09:00:00'), 'failed', 2],
        ]);
      });

      it('tell how many jobs and retries are behind an outcome', async () => {
        const { store } = await fresh();
        await runs(store);
        expect(await store.statistics.totals(at('08:00:00'))).toEqual({
          failed: { count: 3, jobs: 2, retries: 0 },
          success: { count: 2, jobs: 2, retries: 1 },
        });
        expect(await store.statistics.totals(at('23:00:00'))).toEqual({});
      });

      it('give the newest runs of a job within a stretch', async () => {
        const { store } = await fresh();
        await runs(store);
        const stretch = { from: at('08:00:00'), to: at('09:10:00') };
        const marks = await store.statistics.marks('a', stretch, 10);
        expect(marks.map((mark) => mark.start_time)).toEqual([at('08:59:59'), at('08:00:00')]);
        expect((await store.statistics.marks('a', stretch, 1)).length).toBe(1);
      });

      it('give runs by hour, with the last of each', async () => {
        const { store } = await fresh();
        const [ofB, ofA] = await runs(store);
        const stretch = { from: at('09:00:00'), to: at('10:00:00') };
        const marks = await store.statistics.hourMarks(['a', 'b'], stretch);
        const hour = at('09:00:00');
        expect(marks.sort((x, y) => x.job_id.localeCompare(y.job_id))).toEqual([
          { job_id: 'a', hour, status: 'failed', count: 1, execution_id: ofA },
          { job_id: 'b', hour, status: 'failed', count: 1, execution_id: ofB },
        ]);
        expect(await store.statistics.hourMarks([], stretch)).toEqual([]);
      });
    });

    describe('timetables', () => {
      it('move on and never back', async () => {
        const { store } = await fresh();
        const record = {
          job_id: 'a',
          anchor: now,
          schedule_digest: 'x',
          cursor: now,
          schedule: '[null,"UTC"]',
          held_since: now - 5,
          held_by: 'anna',
        };
        await store.scheduleState.put(record);
        await store.scheduleState.advance(
          new Map([
            ['a', now + 60_000],
            ['unknown', now],
          ]),
        );
        await store.scheduleState.advance(new Map([['a', now + 30_000]]));
        expect(await store.scheduleState.list()).toEqual([{ ...record, cursor: now + 60_000 }]);
        await store.scheduleState.put({ ...record, cursor: now });
        expect((await store.scheduleState.list())[0]?.cursor).toBe(now);
        await store.scheduleState.remove('a');
        expect(await store.scheduleState.list()).toEqual([]);
      });
    });

    describe.each(['calendars', 'maintenanceWindows'] as const)('%s', (kind) => {
      const record: NamedRecord = {
        id: 'b',
        definition: '{"name":"Fêtes \u{1F384}","dates":[]}',
        created_date: now,
        modified_date: now,
        created_by: 'key:k1 (nightly)',
      };

      it('are listed by id, with every column as it was written', async () => {
        const { store, reopen } = await fresh();
        expect(await store[kind].list()).toEqual([]);
        expect(await store[kind].insert(record)).toBe(true);
        expect(await store[kind].insert({ ...record, id: 'a' })).toBe(true);
        const again = await reopen();
        onTestFinished(() => again.close());
        expect(await again[kind].list()).toEqual([{ ...record, id: 'a' }, record]);
      });

      it('refuse an id that is taken, and change nothing', async () => {
        const { store } = await fresh();
        await store[kind].insert(record);
        expect(await store[kind].insert({ ...record, definition: '{}', created_by: 'other' })).toBe(false);
        expect(await store[kind].list()).toEqual([record]);
      });

      it('are changed without losing who made them, and removed once', async () => {
        const { store } = await fresh();
        await store[kind].insert(record);
        const changed = { definition: `{"description":"${'x'.repeat(70_000)}"}`, modified_date: now + 5 };
        expect(await store[kind].update({ id: 'none', ...changed })).toBe(false);
        // More than the columns of a change is not written.
        expect(await store[kind].update({ ...record, ...changed, created_by: 'other' } as NamedRecord)).toBe(
          true,
        );
        expect(await store[kind].list()).toEqual([{ ...record, ...changed }]);
        expect(await store[kind].remove('b')).toBe(true);
        expect(await store[kind].remove('b')).toBe(false);
        expect(await store[kind].list()).toEqual([]);
      });
    });

    describe('gaps of the schedule', () => {
      const gap = (kind: GapRecord['kind'], from: string, to: string, more: Partial<GapRecord> = {}) => ({
        kind,
        job_id: null,
        from: at(from),
        to: at(to),
        actor: null,
        ...more,
      });
      const down = gap('not_running', '06:00:00', '07:00:00');
      const paused = gap('paused', '07:30:00', '08:00:00.123', { actor: 'key:k1 (nightly): patching' });
      const ofA = gap('disabled', '07:00:00', '09:00:00', { job_id: 'a', actor: 'anna' });
      const ofB = gap('disabled', '07:00:00', '09:00:00', { job_id: 'b', actor: 'ben' });
      const seed = async (store: Store) => {
        for (const one of [down, ofA, ofB, paused]) await store.gaps.append(one);
      };
      const day = { from: at('00:00:00'), to: at('23:59:59'), limit: 10 };

      it('of all jobs come newest first; those of single jobs only when asked for', async () => {
        const { store } = await fresh();
        await seed(store);
        expect(await store.gaps.list(day)).toEqual([paused, down]);
        expect(await store.gaps.list({ ...day, job_id: 'a' })).toEqual([paused, ofA, down]);
        expect(await store.gaps.list({ ...day, job_id: 'a', limit: 2 })).toEqual([paused, ofA]);
        expect(await store.gaps.list({ ...day, each_job: true })).toEqual([paused, ofB, ofA, down]);
      });

      it('are found by any instant they touch, both ends included', async () => {
        const { store } = await fresh();
        await seed(store);
        const touching = async (from: string, to: string) =>
          (await store.gaps.list({ from: at(from), to: at(to), limit: 10 })).map((one) => one.kind);
        expect(await touching('06:30:00', '06:31:00')).toEqual(['not_running']);
        expect(await touching('07:00:00', '07:30:00')).toEqual(['paused', 'not_running']);
        expect(await touching('07:00:00.001', '07:29:59')).toEqual([]);
        expect(await touching('08:00:00.124', '23:00:00')).toEqual([]);
      });

      it('keep the beginning of who brought them about, however long it is', async () => {
        const { store } = await fresh();
        await store.gaps.append({ ...paused, actor: `anna: ${'x'.repeat(600)}` });
        expect((await store.gaps.list(day))[0]?.actor).toBe(`anna: ${'x'.repeat(494)}`);
      });
    });

    describe('notifications', () => {
      const entry = (notification_id: string, more: Partial<OutboxRecord> = {}): OutboxRecord => ({
        notification_id,
        kind: 'failure',
        job_id: 'a',
        execution_id: 7,
        channel: 'email',
        target: 'a@b.cc, d@e.ff',
        message: {
          kind: 'failure',
          tone: 'bad',
          title: 'täglich \u{1F600}',
          text: 'x',
          facts: [['Since', 'now']],
          job_id: 'a',
          job_name: 'A',
          execution_id: 'exec_7',
          status: 'failed',
          tags: [],
          count: 1,
          time: '2026-03-02T08:00:00Z',
        },
        state: 'waiting',
        attempts: 0,
        created_date: now,
        next_attempt: now,
        sent_date: null,
        note: null,
        owner: null,
        ...more,
      });
      const ids = (records: readonly OutboxRecord[]) => records.map((one) => one.notification_id);

      it('are stored once for each id, with everything they hold', async () => {
        const { store } = await open();
        expect(await store.notifications.add(entry('n1'))).toBe(true);
        expect(await store.notifications.add(entry('n1', { target: 'other' }))).toBe(false);
        expect(await store.notifications.get('n1')).toEqual(entry('n1'));
        expect(await store.notifications.get('n2')).toBeUndefined();
      });

      it('are due in their order, when they wait and their time has come', async () => {
        const { store } = await open();
        await store.notifications.add(entry('late', { created_date: now + 1 }));
        await store.notifications.add(entry('early', { created_date: now - 1 }));
        await store.notifications.add(entry('later', { next_attempt: now + 5000 }));
        await store.notifications.add(entry('done', { state: 'sent' }));
        expect(ids(await store.notifications.due(now, 10))).toEqual(['early', 'late']);
        expect(ids(await store.notifications.due(now, 1))).toEqual(['early']);
        expect(await store.notifications.nextDue()).toBe(now);
        expect(ids(await store.notifications.list({ state: ['sent'] }, { limit: 9, offset: 0 }))).toEqual([
          'done',
        ]);
        expect(ids(await store.notifications.list({ job_id: 'a' }, { limit: 1, offset: 0 }))).toEqual([
          'late',
        ]);
        expect(await store.notifications.counts({})).toEqual({ waiting: 3, sent: 1 });
      });

      it('are taken by one process alone, and wait again when it died', async () => {
        const { store } = await open();
        await store.notifications.add(entry('n1'));
        expect(await store.notifications.claim('n1', 'me')).toBe(true);
        expect(await store.notifications.claim('n1', 'you')).toBe(false);
        expect(await store.notifications.release('me', 'x')).toBe(0);
        expect(await store.notifications.release('you', 'it died')).toBe(1);
        expect(await store.notifications.get('n1')).toMatchObject({
          state: 'waiting',
          owner: null,
          note: 'it died',
        });
      });

      it('are removed when they are old and at their end', async () => {
        const { store } = await open();
        await store.notifications.add(entry('waits'));
        await store.notifications.add(entry('sent'));
        await store.notifications.update('sent', {
          state: 'sent',
          sent_date: now,
          attempts: 1,
          note: 'fine',
        });
        expect(await store.notifications.get('sent')).toMatchObject({
          state: 'sent',
          sent_date: now,
          note: 'fine',
        });
        expect(await store.notifications.purge(now)).toBe(0);
        expect(await store.notifications.purge(now + 1)).toBe(1);
        expect(ids(await store.notifications.list({}, { limit: 9, offset: 0 }))).toEqual(['waits']);
      });

      it('remember the trouble of each job', async () => {
        const { store } = await open();
        await store.notifications.putTrouble('a', '{"x":1}', now);
        await store.notifications.putTrouble('a', '{"x":2}', now);
        await store.notifications.putTrouble('b', '{}', now);
        await store.notifications.removeTrouble('b');
        expect([...(await store.notifications.troubles())]).toEqual([['a', '{"x":2}']]);
      });
    });

    describe('connections', () => {
      const connection: ConnectionRecord = {
        connection_id: 'prod',
        name: 'Production',
        server_name: 'DB\\SQLEXPRESS',
        port: null,
        database_name: 'sales',
        trusted_connection: false,
        username: 'sa',
        password: 'v1:sealed',
        description: null,
        driver: '{ODBC Driver 17 for SQL Server}',
        connection_timeout: 30,
        authentication: null,
        tenant_id: null,
        client_id: null,
        max_connections: 5,
        last_test: null,
        command_timeout: 300,
        encrypt: true,
        trust_server_certificate: false,
        is_active: true,
        created_date: now,
        modified_date: now,
        created_by: 'tester',
      };

      it('are kept, changed and removed', async () => {
        const { store } = await fresh();
        expect(await store.connections.insert(connection)).toBe(true);
        expect(await store.connections.insert(connection)).toBe(false);
        expect(await store.connections.get('prod')).toEqual(connection);
        const changed = { ...connection, encrypt: false, is_active: false, port: 1444 };
        expect(await store.connections.update(changed)).toBe(true);
        expect(await store.connections.list()).toEqual([changed]);
        expect(await store.connections.update({ ...connection, connection_id: 'none' })).toBe(false);
        expect(await store.connections.remove('prod')).toBe(true);
        expect(await store.connections.remove('prod')).toBe(false);
      });
    });

    describe('facts', () => {
      it('remember facts by name', async () => {
        const { store } = await fresh();
        expect(await store.facts.get('x')).toBeUndefined();
        await store.facts.set('x', '1');
        await store.facts.set('x', '2');
        expect(await store.facts.get('x')).toBe('2');
      });
    });

    describe('a transaction', () => {
      it('is undone whole when its work throws', async () => {
        const { store } = await fresh();
        const failed = store.transaction(async (inside) => {
          await inside.jobs.insert(job('a'));
          await inside.transaction((deeper) => deeper.executions.insert(execution()));
          await inside.facts.set('x', '1');
          throw new Error('no');
        });
        await expect(failed).rejects.toThrow('no');
        expect(await store.jobs.list()).toEqual([]);
        expect(await store.executions.count({})).toBe(0);
        expect(await store.facts.get('x')).toBeUndefined();
      });

      it('is not joined by what others write at the same time', async () => {
        const { store } = await fresh();
        let release: () => void = () => undefined;
        const held = new Promise<void>((resolve) => {
          release = resolve;
        });
        const failing = store
          .transaction(async (inside) => {
            await inside.facts.set('inside', '1');
            await held;
            throw new Error('no');
          })
          .catch(() => undefined);
        const outside = store.facts.set('outside', '1');
        release();
        await Promise.all([failing, outside]);
        expect(await store.facts.get('outside')).toBe('1');
        expect(await store.facts.get('inside')).toBeUndefined();
      });

      it('goes on after a claim inside it was refused', async () => {
        const { store } = await fresh();
        const claim = execution({ slot_key: 'slot' });
        await store.executions.insert(claim);
        const ids = await store.transaction(async (inside) => [
          await inside.executions.insert(claim),
          await inside.executions.insert(execution({ slot_key: 'other' })),
        ]);
        expect(ids[0]).toBeUndefined();
        expect(ids[1]).toBeDefined();
        expect(await store.executions.count({})).toBe(2);
      });
    });

    it('is still there when it is opened again', async () => {
      const { store, reopen } = await fresh();
      await store.jobs.insert(job('a'));
      const again = await reopen();
      expect(await again.jobs.get('a')).toEqual(job('a'));
      await again.check();
      await again.close();
    });
  });
  peopleContract(name, open);
}
