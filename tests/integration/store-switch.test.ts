import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { sharedProgram } from '../support/program';

const program = sharedProgram((folder) => {
  const config = join(folder, 'jobs.yaml');
  writeFileSync(config, 'jobs:\n  - {id: a, name: A, type: command, command: node}\n');
  return { dataFolder: join(folder, 'data'), config };
});
const server = { server: '127.0.0.1,1', database: 'jobs', username: 'sa', password: 'canary-of-the-store' };

describe('the store over the API', () => {
  it('tells where everything is, and what is wrong with a server', async () => {
    const { api, dataFolder } = program();
    expect((await api('GET', '/api/store')).body).toMatchObject({
      success: true,
      engine: 'embedded',
      place: join(dataFolder, 'job_scheduler.db'),
      settings_file: join(dataFolder, 'app_config.yaml'),
      can_restart: true,
      next: null,
      move: null,
    });
    const { status, body } = await api('POST', '/api/store/test', server);
    expect([status, body.works]).toEqual([200, false]);
    expect(body.message).toContain("can't be reached");
    const wrong = await api('POST', '/api/store/test', {
      connection_string: 'SERVER=x;PWD=canary-of-the-store',
    });
    expect([wrong.status, wrong.body.error.message]).toEqual([
      400,
      expect.stringContaining('DATABASE is missing'),
    ]);
    const audit = await api('GET', '/api/audit?limit=50');
    expect(JSON.stringify(audit.body)).toContain('store.test');
    expect(JSON.stringify([audit.body, wrong.body, program().printed()])).not.toContain(
      'canary-of-the-store',
    );
  });

  it('changes nothing by a move that fails', async () => {
    const { api, until } = program();
    const begun = await api('POST', '/api/store/move', { to: 'sqlserver', server });
    expect([begun.status, begun.body.move.state]).toEqual([202, 'running']);
    const move = await until(async () => {
      const found = (await api('GET', '/api/store')).body.move;
      return found.state !== 'running' && found;
    }, 'the end of the move');
    expect(move).toMatchObject({
      state: 'failed',
      step: 'ended',
      message: expect.stringContaining('reached'),
    });
    expect((await api('POST', '/api/store/move/cancel')).status).toBe(409);
    expect((await api('POST', '/api/store/move', { to: 'embedded' })).status).toBe(409);
    expect((await api('GET', '/api/jobs/a')).status).toBe(200);
  });

  it('starts anew in the same process and on the same port, and is stopped as before', async () => {
    const { api, until, child, address, stop } = program();
    const startOf = async () => (await api('GET', '/api/about')).body.started;
    const before = await startOf();
    expect((await api('POST', '/api/store/restart')).status).toBe(202);
    await until(async () => {
      try {
        return (await startOf()) !== before;
      } catch {
        return false;
      }
    }, 'the program to be back');
    expect(program().address).toBe(address);
    expect((await api('POST', '/api/jobs/a/run')).status).toBe(200);
    expect(child.exitCode).toBeNull();
    expect(await stop()).toBe(0);
  });
});
