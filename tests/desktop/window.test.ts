import { describe, expect, it } from 'vitest';
import { contract } from '../../src-shared/contract/index';
import { operations } from '../../src-shared/contract/operation';
import { noDesktop, sharedDesktop } from '../support/desktop';
import { jobsYaml } from './jobs';

describe.skipIf(noDesktop)(`the desktop window${noDesktop ? ` (${noDesktop})` : ''}`, () => {
  const desktop = sharedDesktop({ jobs: jobsYaml });

  it('shows the pages on the real core, without a login', async () => {
    const { page, app } = desktop();
    await page.getByRole('heading', { name: 'Dashboard', level: 1 }).waitFor();
    const session = await desktop().call('security.session');
    expect(session).toMatchObject({ status: 200, body: { role: 'admin', kind: 'local' } });
    const isVisible = await app.evaluate(({ BrowserWindow }) =>
      BrowserWindow.getAllWindows()[0]?.isVisible(),
    );
    expect(isVisible).toBe(true);
    await page.getByRole('link', { name: /^Jobs/ }).first().click();
    // The dashboard names it as well.
    await page.getByRole('grid', { name: 'Jobs' }).getByText('Broken & bad').waitFor();
    expect(page.url()).toBe('app://job-scheduler/jobs');
    await page.reload();
    await page.getByText('Broken & bad').first().waitFor();
  });

  it('reaches every group of operations over IPC', async () => {
    const groups = new Map<string, string>();
    for (const { id, operation } of operations(contract)) {
      const group = id.split('.')[0] ?? '';
      const takesNothing = !operation.params && !operation.body && operation.kind === undefined;
      if (operation.method === 'GET' && takesNothing && !groups.has(group)) groups.set(group, id);
    }
    // Groups whose reads all need something of their own.
    groups.set('scheduler', 'scheduler.status');
    const seen: Record<string, number> = {};
    for (const [group, id] of groups) seen[group] = (await desktop().call(id)).status;
    expect(Object.keys(seen).sort()).toEqual(Object.keys(contract).sort());
    expect(new Set(Object.values(seen))).toEqual(new Set([200]));
  });

  it('sends what it reads as files as downloads, over its own scheme', async () => {
    const { page } = desktop();
    const answer = await page.evaluate(async () => {
      const reply = await fetch('/api/jobs/export?ids=quick');
      return { status: reply.status, text: await reply.text(), type: reply.headers.get('content-type') };
    });
    expect(answer.status).toBe(200);
    expect(answer.text).toContain('Quick one');
    const raw = await desktop().call('jobs.export', { query: { ids: 'quick' } });
    expect(raw.raw?.body).toContain('Quick one');
  });

  it('shows a run while it happens, its output and its end, without asking', async () => {
    const { page } = desktop();
    const reply = await desktop().call('jobs.run', { params: { job_id: 'long' } });
    const { execution_id } = reply.body as { execution_id: string };
    await page.evaluate((id) => {
      history.pushState(null, '', `/executions/${id}`);
      dispatchEvent(new PopStateEvent('popstate'));
    }, execution_id);
    await page.getByText('tick').first().waitFor();
    await desktop().call('executions.cancel', { params: { execution_id } });
    await page.getByText('Cancelled').first().waitFor();
  });

  it('says in its own words why something is refused', async () => {
    const reply = await desktop().call('jobs.run', { params: { job_id: 'nobody' } });
    expect(reply).toMatchObject({
      status: 404,
      body: { error: { message: expect.stringContaining('nobody') } },
    });
    const bad = await desktop().call('jobs.list', { query: { limit: 'many' } });
    expect(bad).toMatchObject({ status: 400, body: { error: { code: 'validation_failed' } } });
  });
});
