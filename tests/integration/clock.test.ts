import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { type RunningProgram, startProgram } from '../support/program';
import { tempFolder } from '../support/temp-folder';

const library = ['x86_64-linux-gnu', 'aarch64-linux-gnu']
  .map((machine) => `/usr/lib/${machine}/faketime/libfaketime.so.1`)
  .find((file) => existsSync(file));
const isLinux = process.platform === 'linux';
const reason = isLinux
  ? 'libfaketime is not installed (Debian package faketime)'
  : 'libfaketime is for Linux';

interface Row {
  readonly execution_id: string;
  readonly status: string;
  readonly scheduled_time: string;
  readonly metadata: { readonly count?: number };
  readonly error_message: string | null;
}

const jobs = `version: '2.0'
jobs:
  - id: tick
    name: Tick
    type: command
    command: node
    arguments: [-e, '1']
    max_instances: 5
    schedule: {type: cron, cron_params: {second: '*/2'}}
  - id: long
    name: Long
    type: command
    command: node
    arguments: [-e, 'setTimeout(() => {}, 9000)']
    timeout: 12
`;

function place() {
  const dataFolder = tempFolder();
  const config = join(dataFolder, 'jobs.yaml');
  writeFileSync(config, jobs);
  return { dataFolder, config };
}

/** The program on a clock that the test sets; the monotonic clock stays true, as when a person sets the clock. */
async function onSetClock() {
  const { dataFolder, config } = place();
  const file = join(dataFolder, 'offset');
  writeFileSync(file, '+0\n');
  const program = await startProgram({
    dataFolder,
    config,
    env: {
      LD_PRELOAD: library ?? '',
      FAKETIME_TIMESTAMP_FILE: file,
      FAKETIME_NO_CACHE: '1',
      FAKETIME_DONT_FAKE_MONOTONIC: '1',
    },
  });
  return { program, set: (offset: string) => writeFileSync(file, `${offset}\n`) };
}

const rowsOf = async (program: RunningProgram, job_id: string): Promise<Row[]> =>
  (await program.api('GET', `/api/executions?job_id=${job_id}&limit=1000&sort=execution_id`)).body.executions;
const runs = (rows: readonly Row[]) =>
  rows.filter((row) => row.status !== 'missed' && row.status !== 'skipped');
const number = (row: Row | undefined) => Number(row?.execution_id.replace('exec_', '') ?? 0);

/** Waits until `count` runs have begun behind a row. */
const until = (program: RunningProgram, after: number, count: number) =>
  program.until(async () => {
    const found = runs(await rowsOf(program, 'tick')).filter((row) => number(row) > after);
    return found.length >= count && found;
  }, `${count} runs`);

describe.skipIf(!library)(`a clock that is set${library ? '' : ` (${reason})`}`, () => {
  it('forward makes one run of all that was leapt over, and goes on', async () => {
    const { program, set } = await onSetClock();
    const [last] = (await until(program, 0, 2)).slice(-1);
    set('+30h');
    await until(program, number(last), 3);
    const rows = (await rowsOf(program, 'tick')).filter((row) => number(row) > number(last));
    const missed = rows.find((row) => row.status === 'missed');
    expect(missed?.metadata.count).toBeGreaterThan(53_000);
    expect(missed?.error_message).toMatch(/asleep, or its clock was set forward/);
    // One for the leap, the others at their own two seconds.
    const times = runs(rows).map((row) => Date.parse(row.scheduled_time));
    expect(times.slice(1).map((time, index) => time - (times[index] ?? 0))).toEqual(
      times.slice(1).map(() => 2000),
    );
    const { gaps } = (await program.api('GET', '/api/schedule/gaps?to=2100-01-01&from=2099-06-01')).body;
    expect(gaps).toEqual([]);
    expect((await program.api('GET', `/api/jobs/tick/why?at=${missed?.scheduled_time}`)).body.answer).toMatch(
      /was missed.*set forward/,
    );
  }, 90_000);

  it('back runs no slot twice, and does not stand still', async () => {
    const { program, set } = await onSetClock();
    const [last] = (await until(program, 0, 4)).slice(-1);
    set('-2h');
    await until(program, number(last), 3);
    const slots = runs(await rowsOf(program, 'tick')).map((row) => row.scheduled_time);
    expect(new Set(slots).size).toBe(slots.length);
  }, 90_000);
});

describe.skipIf(!isLinux)('a program that stands still', () => {
  it('makes one run of it, and fails nothing that went on', async () => {
    const { dataFolder, config } = place();
    const program = await startProgram({ dataFolder, config });
    const { body } = await program.api('POST', '/api/jobs/long/run');
    const [last] = (await until(program, 0, 2)).slice(-1);
    process.kill(program.child.pid ?? 0, 'SIGSTOP');
    await new Promise((resolve) => setTimeout(resolve, 11_000));
    process.kill(program.child.pid ?? 0, 'SIGCONT');
    await until(program, number(last), 2);
    const rows = (await rowsOf(program, 'tick')).filter((row) => number(row) > number(last));
    expect(rows.filter((row) => row.status === 'missed').map((row) => row.metadata.count)).toEqual([
      expect.any(Number),
    ]);
    const times = runs(rows).map((row) => row.scheduled_time);
    expect(new Set(times).size).toBe(times.length);
    const ended = await program.until(async () => {
      const { execution } = (await program.api('GET', `/api/executions/${body.execution_id}`)).body;
      return execution.end_time !== null && execution;
    }, 'the end of the long run');
    expect(ended.status).toBe('success');
  }, 90_000);
});
