import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { strFromU8, unzipSync } from 'fflate';
import { describe, expect, it, vi } from 'vitest';
import { noBrowser, sharedBrowser } from '../support/browser';
import { sharedProgram } from '../support/program';
import { openWindow } from '../support/window';

vi.setConfig({ testTimeout: 240_000 });

const program = sharedProgram((folder) => {
  const config = join(folder, 'jobs.yaml');
  writeFileSync(
    config,
    `jobs:
  - id: param
    name: With params
    type: command
    command: node
    arguments: [-e, 'console.log("day is {{ params.day }}")']
    max_retries: 0
    params: {day: {type: string, default: monday}}
  - id: hello
    name: Hello
    type: command
    command: node
    arguments: [-e, 'console.log("hello")']
    max_retries: 0
  - id: talks
    name: Talks
    type: command
    command: node
    arguments: [-e, 'for (let line = 0; line < 20000; line += 1) console.log("line " + line)']
    max_retries: 0
`,
  );
  const settings = join(folder, 'app_config.yaml');
  writeFileSync(settings, 'output: {max_size: 65536}\n');
  return { dataFolder: join(folder, 'data'), config, args: ['--app-config', settings] };
});
const browser = sharedBrowser();

async function run(job_id: string): Promise<string> {
  const { body } = await program().api('POST', `/api/jobs/${job_id}/run`);
  return body.execution_id;
}

const ended = (execution_id: string) =>
  program().until(async () => {
    const { body } = await program().api('GET', `/api/executions/${execution_id}`);
    return body.execution.end_time !== null;
  }, `the end of ${execution_id}`);

describe.skipIf(noBrowser)(`executions in the window${noBrowser ? ` (${noBrowser})` : ''}`, () => {
  it('run again with other params, by the keyboard alone', async () => {
    const execution_id = await run('param');
    await ended(execution_id);
    const { page } = await openWindow(browser(), program(), `/executions/${execution_id}`);
    const log = page.getByRole('log', { name: 'Output' });
    await log.getByText('day is monday').waitFor();
    await page.getByRole('button', { name: 'Run again…' }).press('Enter');
    await page.getByRole('textbox', { name: 'day' }).fill('friday');
    await page.keyboard.press('Enter');
    await log.getByText('day is friday').waitFor();
    expect(page.url()).not.toContain(execution_id);
    await page.getByText('day = friday').waitFor();
  });

  it('give all there is about them as a zip, secrets masked', async () => {
    await program().api('PUT', '/api/jobs/param', { environment: { TOKEN: 'canary-of-bundle' } });
    const execution_id = await run('param');
    await ended(execution_id);
    const { page } = await openWindow(browser(), program(), `/executions/${execution_id}`);
    const [download] = await Promise.all([
      page.waitForEvent('download'),
      page.getByRole('link', { name: 'Bundle' }).click(),
    ]);
    expect(download.suggestedFilename()).toBe(`param-${execution_id}.zip`);
    const zip = unzipSync(readFileSync(await download.path()));
    const text = (name: string) => strFromU8(zip[name] ?? new Uint8Array());
    expect(Object.keys(zip).sort()).toEqual([
      'README.txt',
      'clock.json',
      'command.json',
      'context.json',
      'definition.yaml',
      'execution.json',
      'machine.json',
      'neighbours.json',
      'output.txt',
      'slots.json',
    ]);
    expect(text('output.txt')).toContain('day is monday');
    expect(JSON.parse(text('command.json'))).toMatchObject({
      command: 'node',
      environment: { TOKEN: '***' },
      params: { day: 'monday' },
    });
    expect(text('definition.yaml')).toMatch(/TOKEN: ["']?\*\*\*/);
    expect(JSON.parse(text('machine.json'))).toMatchObject({ scheduler: { state: 'running' } });
    expect(
      Object.values(zip)
        .map((bytes) => strFromU8(bytes))
        .join(),
    ).not.toContain('canary-of-bundle');
  });

  it('say beside their output what of it is not kept, why, and where', async () => {
    const execution_id = await run('talks');
    await ended(execution_id);
    const { page } = await openWindow(browser(), program(), `/executions/${execution_id}`);
    const note = page.getByRole('note');
    await note.getByText(/1\d\d\.\d kB of this output are not kept/).waitFor();
    await note.getByText(/one run keeps 65\.5 kB .* \(output\.max_size in the configuration\)/).waitFor();
    await note.getByRole('button', { name: 'Show the gap' }).press('Enter');
    await page
      .getByRole('log')
      .getByText(/bytes left out here/)
      .waitFor();
  });

  it('that are not there say so', async () => {
    const { page } = await openWindow(browser(), program(), '/executions/exec_999999');
    await page.getByRole('heading', { name: 'There is no execution exec_999999' }).waitFor();
  });

  it('are repainted in place; new ones wait above the list until they are asked for', async () => {
    await ended(await run('hello'));
    const { page } = await openWindow(browser(), program(), '/executions');
    const grid = page.getByRole('grid', { name: 'Executions' });
    await grid.getByRole('row', { name: /hello/ }).first().waitFor();
    await grid.hover();
    // All but how long ago it was, which goes on.
    const firstRow = async () =>
      (await grid.getByRole('row').nth(1).textContent())?.replace(/\d+ \S+ ago/, '');
    const first = await firstRow();
    const execution_id = await run('hello');
    await page.getByRole('button', { name: /1 new/ }).waitFor();
    expect(await firstRow()).toBe(first);
    await page.getByRole('button', { name: /1 new/ }).click();
    await grid.getByRole('row', { name: new RegExp(`Success.*${execution_id}\\b`) }).waitFor();
  });
});
