import { describe, expect, it } from 'vitest';
import type { RunContext } from '../../../../src-main/core/job-type';
import type { ProcessEnd, ProcessSpec } from '../../../../src-main/core/ports/process-runner';
import { checkPreconditions } from '../../../../src-main/core/run/preconditions';
import type { Precondition } from '../../../../src-shared/model/run-rules';
import { createFakeTime } from '../../../support/fake-time';

function arrange(files: Set<string>, ends: ProcessEnd[] = []) {
  const time = createFakeTime('2026-03-02T08:00:00Z');
  const lines: string[] = [];
  const specs: ProcessSpec[] = [];
  const abort = new AbortController();
  const run = {
    job: {},
    environment: { JOB_ID: 'a' },
    signal: abort.signal,
    log: { info: (line: string) => lines.push(line), write: () => undefined },
  } as unknown as RunContext;
  const check = (...preconditions: Precondition[]) =>
    checkPreconditions(
      {
        host: { jobsFolder: '/jobs', kindOf: async (path) => (files.has(path) ? 'file' : 'none') },
        processRunner: {
          run: async (spec) => {
            specs.push(spec);
            return ends.shift() ?? { kind: 'exited', code: 0 };
          },
        },
        timer: time.timer,
        clock: time.clock,
      },
      preconditions,
      run,
      (name) => (name === 'job_id' ? { kind: 'plain', value: 'a' } : { problem: `no ${name}` }),
      'UTC',
    );
  return { time, lines, specs, abort, check };
}

describe('preconditions', () => {
  it('hold when the file is there and the command succeeds', async () => {
    const { check, specs } = arrange(new Set(['/jobs/in/a.csv']));
    const met = await check(
      { file_exists: 'in/{{ job_id }}.csv' },
      { command_succeeds: './ready.sh', arguments: ['{{ job_id }}', 1] },
    );
    expect(met).toEqual({ kind: 'met' });
    expect(specs).toMatchObject([{ file: '/jobs/./ready.sh', args: ['a', '1'], cwd: '/jobs' }]);
  });

  it.each<[Precondition, ProcessEnd[], string, RegExp, string?]>([
    [{ file_exists: '/x' }, [], 'fail', /does not hold: there is no file \/x/, 'other'],
    [{ file_exists: '/x', on_unmet: 'skip' }, [], 'skip', /Skipped.*there is no file/],
    [
      { command_succeeds: 'probe' },
      [{ kind: 'exited', code: 2 }],
      'fail',
      /probe ended with exit code 2/,
      'other',
    ],
    [{ file_exists: '{{ nope }}' }, [], 'fail', /no nope/, 'configuration'],
  ])('%j decides what becomes of the run', async (precondition, ends, kind, reason, error_class) => {
    expect(await arrange(new Set(), ends).check(precondition)).toEqual({
      kind,
      reason: expect.stringMatching(reason),
      ...(error_class === undefined ? {} : { error_class }),
    });
  });

  it('that wait look again until it holds', async () => {
    const files = new Set<string>();
    const { check, time, lines } = arrange(files);
    const checking = check({ file_exists: '/x', on_unmet: 'wait', check_every: 5, wait_timeout: 60 });
    await time.advance(12_000);
    files.add('/x');
    await time.advance(5000);
    expect(await checking).toEqual({ kind: 'met' });
    expect(lines).toEqual(['Waiting for a precondition: there is no file /x']);
  });

  it('that wait too long fail, and a run that is ended waits no more', async () => {
    const first = arrange(new Set());
    const late = first.check({ file_exists: '/x', on_unmet: 'wait', check_every: 5, wait_timeout: 12 });
    await first.time.advance(12_000);
    expect(await late).toMatchObject({ kind: 'fail', reason: expect.stringMatching(/waited 12 seconds/) });
    const second = arrange(new Set());
    const ended = second.check({ file_exists: '/x', on_unmet: 'wait' });
    await second.time.settle();
    second.abort.abort();
    expect((await ended).kind).toBe('fail');
  });
});
