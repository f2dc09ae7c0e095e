import { chmodSync, mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { createNodeHost } from '../../../../src-main/adapters/host/node-host';
import { createDoctor, doctorText } from '../../../../src-main/core/health/doctor';
import { expiringKeys } from '../../../../src-main/core/health/expiring-keys';
import { createJobTypeRegistry } from '../../../../src-main/core/job-type-registry';
import { createJobBuilder } from '../../../../src-main/core/jobs/build-job';
import { recordOf } from '../../../../src-main/core/jobs/job-record';
import { createJobRegistry } from '../../../../src-main/core/jobs/job-registry';
import { webhooksOfJobs } from '../../../../src-main/core/notifications/job-webhooks';
import type { ApiKeyRecord } from '../../../../src-main/core/ports/security-store';
import { SqlError, type SqlExpiry } from '../../../../src-main/core/ports/sql-client';
import { createJobTypes } from '../../../../src-main/job-types';
import { AppError } from '../../../../src-shared/errors';
import { parseJobsFile } from '../../../../src-shared/job-document';
import type { DoctorReport } from '../../../../src-shared/model/doctor';
import { createFakeTime } from '../../../support/fake-time';
import { recordingLogger } from '../../../support/silent-logger';
import { tempFolder } from '../../../support/temp-folder';

/** A doctor over the jobs of a YAML text, with the product's job types on this machine's files. */
function doctorOf(yaml: string, options: { folder?: string; free?: number; expiry?: SqlExpiry } = {}) {
  const folder = options.folder ?? tempFolder();
  const nothing = (): never => {
    throw new Error('nothing of a job is run by a check');
  };
  let logins = 0;
  const types = createJobTypeRegistry(
    createJobTypes({
      processRunner: { run: nothing, sweep: nothing },
      sqlClient: {
        run: nothing,
        async test() {
          logins += 1;
          throw new SqlError('Login failed for user "reports"', { number: 18456 });
        },
        expiry: async () => options.expiry ?? {},
        pools: () => [],
        forget: () => undefined,
      },
      connections: {
        resolve: async (id) => {
          throw new AppError('not_found', `There is no connection "${id}"`);
        },
      },
      reports: { open: nothing },
      environments: { ensure: nothing },
      host: createNodeHost({ jobsFolder: folder, temporaryFolder: folder }),
    }),
  );
  const time = createFakeTime('2026-11-24T12:00:00Z');
  const registry = createJobRegistry();
  const builder = createJobBuilder({
    jobTypes: types,
    defaults: {
      timeout: 0,
      max_retries: 0,
      retry_delay: 0,
      max_instances: 1,
      overlap: 'skip',
      misfire_grace_time: null,
      coalesce: true,
      timezone: 'UTC',
    },
    hasCalendar: () => true,
  });
  for (const { definition, text } of parseJobsFile(yaml, types).jobs) {
    if (!definition) throw new Error(`not a job: ${text}`);
    const facts = {
      created_date: 0,
      modified_date: 0,
      created_by: 'test',
      source: null,
      source_digest: null,
    };
    registry.put(builder.fromDefinition(recordOf({ definition, text }, facts), definition));
  }
  let tell: (report: DoctorReport) => void = () => undefined;
  const daily = new Promise<DoctorReport>((resolve) => {
    tell = resolve;
  });
  const doctor = createDoctor({
    onDaily: (report) => tell(report),
    registry,
    jobTypes: types,
    secrets: {
      open: (name) => {
        if (name === 'known') return 'value';
        throw new AppError('not_found', `There is no secret "${name}"; save it under that name first`);
      },
    },
    probe: {
      disk: async () => ({ free: options.free ?? 10 ** 12, total: 10 ** 12 }),
      memory: () => ({ process: 0, free: 10 ** 10, total: 10 ** 10 }),
    },
    nextRun: (job_id) => (job_id.startsWith('tonight') ? Date.parse('2026-11-25T02:00:00Z') : undefined),
    clock: time.clock,
    timer: time.timer,
    logger: recordingLogger(),
  });
  return { doctor, registry, folder, daily, time, logins: () => logins };
}

const messages = async (yaml: string, folder?: string) => {
  const { jobs } = await doctorOf(yaml, folder === undefined ? {} : { folder }).doctor.check();
  return jobs.flatMap((job) => job.findings.map((one) => `${job.job_id}: ${one.kind}: ${one.message}`));
};

describe('the doctor', () => {
  it('says which jobs will fail tonight, why, and what to do', async () => {
    const { doctor } = doctorOf(`jobs:
  - { id: well, name: Well, type: command, command: node }
  - { id: tonight_copy, name: Copy, type: command, command: no-such-program, working_directory: nowhere }
  - { id: off, name: Off, type: command, command: no-such-program, enabled: false }
`);
    const report = await doctor.check();
    expect(report).toMatchObject({
      checked: 2,
      failing: 1,
      failing_soon: 1,
      text: '1 job will fail within 24 hours',
    });
    expect(report.jobs).toHaveLength(1);
    expect(report.jobs[0]).toMatchObject({
      job_id: 'tonight_copy',
      next_run_time: '2026-11-25T02:00:00.000Z',
    });
    expect(report.jobs[0]?.findings.map((one) => one.kind)).toEqual(['program', 'folder']);
    expect(report.jobs[0]?.findings[0]).toMatchObject({
      message: 'The program "no-such-program" was not found on PATH',
      fix: expect.stringContaining('install it'),
    });
    expect(doctor.last).toBe(report);
  });

  it('leaves what macros only make at the run alone', async () => {
    expect(
      await messages(`jobs:
  - { id: a, name: A, type: command, command: '{{ params.program }}', working_directory: '/x/{{ scheduled_time | yyyy }}', params: { program: {} } }
`),
    ).toEqual([]);
  });

  it('finds scripts and requirements that are gone', async () => {
    const found = await messages(`jobs:
  - { id: a, name: A, type: python, script_path: gone.py, requirements: gone.txt }
`);
    expect(found.some((text) => /^a: script: script_path: .*gone\.py does not exist/.test(text))).toBe(true);
    expect(found.some((text) => /^a: script: requirements: .*gone\.txt does not exist/.test(text))).toBe(
      true,
    );
  });

  it.skipIf(process.platform === 'win32')('finds virtual environments whose Python went away', async () => {
    const folder = tempFolder();
    for (const name of ['moved', 'half', 'dead']) mkdirSync(join(folder, name, 'bin'), { recursive: true });
    for (const name of ['moved', 'half']) {
      writeFileSync(join(folder, name, 'bin', 'python'), '#!/bin/sh\n');
      chmodSync(join(folder, name, 'bin', 'python'), 0o755);
    }
    writeFileSync(join(folder, 'moved', 'pyvenv.cfg'), 'home = /opt/python3.9/bin\nversion = 3.9\n');
    symlinkSync('/opt/python3.9/bin/python', join(folder, 'dead', 'bin', 'python'));
    const found = await messages(
      `jobs:
  - { id: moved, name: A, type: python, script_content: 'pass', virtual_env: moved }
  - { id: half, name: B, type: python, script_content: 'pass', virtual_env: half }
  - { id: dead, name: C, type: python, script_content: 'pass', virtual_env: dead }
`,
      folder,
    );
    expect(found.find((text) => text.startsWith('moved'))).toContain('/opt/python3.9/bin, no longer exists');
    expect(found.find((text) => text.startsWith('half'))).toContain('its pyvenv.cfg is missing');
    expect(found.find((text) => text.startsWith('dead'))).toContain('is broken');
  });

  it('asks a server once for all jobs that use it, and passes on what it says', async () => {
    const connection = '{ server: db, database: sales, username: reports, password: x }';
    const { doctor, logins } = doctorOf(`jobs:
  - { id: a, name: A, type: sql, query: SELECT 1, connection: ${connection} }
  - { id: b, name: B, type: sql, query: SELECT 1, connection: ${connection} }
  - { id: c, name: C, type: sql, query: SELECT 1, connection: { connection_id: gone } }
`);
    const { jobs } = await doctor.check();
    expect(logins()).toBe(1);
    expect(jobs.map((job) => job.findings[0]?.message)).toEqual([
      'Login failed for user "reports"',
      'Login failed for user "reports"',
      'There is no connection "gone"',
    ]);
  });

  it('finds missing secrets, in steps too, and a full disk', async () => {
    const { doctor } = doctorOf(
      `jobs:
  - { id: a, name: A, type: command, command: node, environment: { T: '{{ secrets.known }}', U: '{{ secrets.lost }}' } }
  - id: b
    name: B
    type: steps
    steps:
      - { name: first, type: command, command: no-such-program }
`,
      { free: 1024 },
    );
    const { jobs, machine } = await doctor.check();
    expect(jobs.map((job) => job.findings.map((one) => one.message))).toEqual([
      ['There is no secret "lost"; save it under that name first'],
      ['first: The program "no-such-program" was not found on PATH'],
    ]);
    expect(machine[0]).toMatchObject({ kind: 'disk', severity: 'error' });
  });

  it('tells what the daily check found', async () => {
    const { doctor, daily, time } = doctorOf(
      'jobs:\n  - { id: a, name: A, type: command, command: no-such-program }\n',
    );
    doctor.start();
    await time.advance(24 * 3_600_000);
    expect((await daily).failing).toBe(1);
    doctor.stop();
  });

  it('names API keys that are used and end soon', () => {
    const now = Date.parse('2026-11-24T12:00:00Z');
    const days = (count: number) => now + count * 86_400_000;
    const key = (name: string, expires_at: number | null, more = {}) =>
      ({ name, expires_at, revoked_at: null, last_used: now, ...more }) as ApiKeyRecord;
    const found = expiringKeys(
      [
        key('soon', days(3)),
        key('over', days(-1)),
        key('long ago', days(-30)),
        key('later', days(30)),
        key('never', null),
        key('unused', days(3), { last_used: null }),
        key('revoked', days(3), { revoked_at: now }),
      ],
      now,
    );
    expect(found.map(({ severity, message }) => `${severity}: ${message}`)).toEqual([
      'warning: The API key "soon" expires in 3 days',
      'error: The API key "over" has expired',
    ]);
  });

  it('says of a login what comes to an end, and of a refused one too', async () => {
    const soon = { expires_at: Date.parse('2026-12-01T12:00:00Z'), subject: 'db.company.com' };
    const { doctor } = doctorOf(
      `jobs:
  - { id: a, name: A, type: sql, query: SELECT 1, connection: { server: db, database: s, username: r, password: x } }
`,
      { expiry: { certificate: soon, password_days_left: 3 } },
    );
    const { jobs } = await doctor.check();
    expect(jobs[0]?.findings.map(({ kind, message }) => `${kind}: ${message}`)).toEqual([
      'connection: Login failed for user "reports"',
      'certificate: The certificate of the SQL Server of db (db.company.com) expires in 7 days, on 2026-12-01',
      'connection: The password of the login of db expires in 3 days',
    ]);
  });

  it('names the web addresses of jobs, for their certificates', () => {
    const { registry } = doctorOf(`jobs:
  - { id: a, name: A, type: command, command: node, notifications: { on_failure: [{ webhook: 'https://a.example/x' }, { webhook: named }] } }
  - { id: b, name: B, type: command, command: node, enabled: false, notifications: { on_failure: [{ webhook: 'https://b.example/x' }] } }
`);
    const ports = {
      channels: [],
      defaults: { on_success: [{ webhook: 'https://c.example/x' }] },
      by_tag: {},
      allowedHosts: [],
      giveUpAfterSeconds: 1,
      linkBase: () => undefined,
    };
    expect(webhooksOfJobs(registry.all(), ports)).toEqual(['https://c.example/x', 'https://a.example/x']);
  });

  it('puts it in one sentence', () => {
    expect(doctorText({ checked: 0, failing: 0, soon: 0 })).toBe('No job is enabled');
    expect(doctorText({ checked: 5, failing: 0, soon: 0 })).toBe('All 5 jobs can run');
    expect(doctorText({ checked: 5, failing: 3, soon: 3 })).toBe('3 jobs will fail within 24 hours');
    expect(doctorText({ checked: 5, failing: 3, soon: 1 })).toBe(
      "3 jobs can't run as things stand; 1 of them planned within 24 hours",
    );
  });
});
