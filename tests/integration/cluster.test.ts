import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished, test } from 'vitest';
import { openSqlServerStore } from '../../src-main/adapters/persistence/sqlserver/open-sqlserver-store';
import { createFaultProxy } from '../support/fault-proxy';
import { startProgram } from '../support/program';
import { sqlServerTarget } from '../support/sqlserver';
import { createTestDatabase } from '../support/sqlserver-database';
import { tempFolder } from '../support/temp-folder';

/** A way back to a server that is busy takes longer than the programs' own limit for a step. */
async function until<T>(check: () => Promise<T | undefined | false>, what: string): Promise<T> {
  const deadline = performance.now() + 60_000;
  for (;;) {
    const found = await check();
    if (found) return found;
    if (performance.now() > deadline) throw new Error(`waited in vain for ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

const server = sqlServerTarget();
if (server) {
  describe('two programs that share a database', { timeout: 180_000 }, () => {
    it('go on with what is bound to each while it is away, say so, and catch up without a run too many', async () => {
      const database = await createTestDatabase();
      onTestFinished(() => database.drop());
      // The tables beforehand: a start that makes them takes longer than one may wait for.
      await (await openSqlServerStore({ target: database.target, poolTimeoutSeconds: 30 })).close();
      const [host = '', port = '1433'] = server.server.replace(/^tcp:/i, '').split(',');
      const proxy = await createFaultProxy({ host, port: Number(server.port ?? port) });
      onTestFinished(() => proxy.close());
      const folder = tempFolder();
      const ledger = join(folder, 'ledger');
      const note = `require('node:fs').appendFileSync(process.argv[1], process.env.JOB_ID + ' ' + process.env.SCHEDULED_TIME + require('node:os').EOL)`;
      const job = (id: string, more: string) =>
        `  - {id: ${id}, name: ${id}, type: command, command: '${process.execPath}', arguments: ['-e', "${note}", '${ledger}'], max_retries: 0, schedule: {type: cron, cron_params: {second: '*/3'}}${more}}`;
      const config = join(folder, 'jobs.yaml');
      writeFileSync(
        config,
        `version: '2.0'\njobs:\n${job('north', ', runs_on: [NORTH]')}\n${job('shared', '')}\n`,
      );
      if (server.login.kind !== 'sql') throw new Error('expected an SQL login');
      const { username, password } = server.login;
      const start = (node: string) => {
        const dataFolder = join(folder, node);
        mkdirSync(dataFolder);
        const appConfig = join(dataFolder, 'app_config.yaml');
        writeFileSync(
          appConfig,
          `database: {server: 127.0.0.1, port: ${proxy.port}, database: ${database.target.database}, username: ${username}, encrypt: ${server.encrypt}, trust_server_certificate: true}
cluster: {enabled: true, node: ${node}}
`,
        );
        return startProgram({
          dataFolder: join(dataFolder, 'data'),
          config,
          args: ['--app-config', appConfig],
          env: { JOB_SCHEDULER_DATABASE_PASSWORD: password },
        });
      };
      const north = await start('NORTH');
      const south = await start('SOUTH');
      const lines = () => {
        try {
          return readFileSync(ledger, 'utf8').trim().split('\n');
        } catch {
          return [];
        }
      };
      const ran = (id: string) => lines().filter((line) => line.startsWith(`${id} `));
      await north.until(async () => ran('shared').length > 1 && ran('north').length > 1, 'both jobs to run');

      await proxy.set('refused');
      const away = Date.now();
      const isAway = (one: typeof north) => async () => {
        const { status, details } = (await one.api('GET', '/api/health')).body;
        return status === 'degraded' && details.database.remote === 'away';
      };
      await north.until(isAway(north), 'being told');
      await south.until(isAway(south), 'being told');
      expect(Date.now() - away).toBeLessThan(10_000);
      const before = { shared: ran('shared').length, north: ran('north').length };
      await north.until(async () => ran('north').length >= before.north + 3, 'the bound job to go on');
      expect(ran('shared').length).toBe(before.shared);
      const since = new Date(away + 1000).toISOString();
      const slots = async () =>
        (
          await north.api(
            'GET',
            `/api/jobs/shared/slots?from=${since}&to=${new Date().toISOString()}&limit=50`,
          )
        ).body.slots;
      expect((await slots())[0]).toMatchObject({
        fate: 'pending',
        reason: expect.stringMatching(/^Waits for the database/),
      });

      await proxy.set('none');
      await until(async () => ran('shared').length > before.shared + 1, 'the shared job to go on');
      await until(
        async () => (await north.api('GET', '/api/health')).body.details.database.remote === 'in_step',
        'everything to be on the server',
      );
      const found = await until(async () => {
        const all = (await north.api('GET', '/api/executions?job_id=shared&status=missed')).body.executions;
        const other = (await south.api('GET', '/api/executions?job_id=shared&status=missed')).body.executions;
        return [...all, ...other].find((one) => /was away/.test(one.error_message ?? ''));
      }, 'the ledger to say why slots were missed');
      expect(found.error_message).toMatch(/database that the machines share was away/);
      expect(new Set(lines()).size).toBe(lines().length);
    });
  });
} else test.skip('two programs that share a database (TEST_SQLSERVER_URL is not set)', () => undefined);
