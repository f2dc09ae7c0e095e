import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Page } from 'playwright';
import { describe, expect, it } from 'vitest';
import { openDatabase } from '../../src-main/adapters/persistence/sqlite/open-database';
import { openSqliteStore } from '../../src-main/adapters/persistence/sqlite/open-sqlite-store';
import { noBrowser, sharedBrowser } from '../support/browser';
import { hostileOutput, hostileTexts } from '../support/hostile-texts';
import { sharedProgram } from '../support/program';
import { openWindow } from '../support/window';

/** The run of this row holds every text as its error. */
const seeded = (index: number) => `exec_${index + 1}`;
const quoted = (text: string) => JSON.stringify(text);
/** A comment is one line of what YAML allows. */
const comment = (text: string) => text.replace(/[^\x20-\x7e]/g, '');
const sqlText = (text: string) => `'${text.replaceAll("'", "''")}'`;

const jobs = (folder: string) => {
  const evil = hostileTexts.map(
    (text, index) => `  - id: evil_${index} # ${comment(text)}
    name: ${quoted(text)}
    description: ${quoted(text)}
    tags: [${quoted(text.slice(0, 50))}]
    type: command
    command: node
    # ${comment(text)}
    arguments: [-e, '']
    max_retries: 0
    schedule: {type: interval, interval_params: {hours: ${5 + index}}}`,
  );
  const rows = hostileTexts.map((text, index) => `(${index}, ${sqlText(text)})`).join(', ');
  return `jobs:
${evil.join('\n')}
  - id: prints
    name: ${quoted(hostileTexts[0] as string)}
    type: command
    command: node
    arguments: [says.js]
    max_retries: 0
    notifications: {on_success: [desktop: true]}
  - id: selects
    name: Selects
    type: sql
    connection: {driver: sqlite, database: ${quoted(join(folder, 'made.db'))}}
    query: ${quoted(`SELECT column1 AS "<b>${hostileTexts[1]}", column2 AS "<x-hostile>" FROM (VALUES ${rows})`)}
    max_retries: 0
  - id: fails
    name: Fails
    type: sql
    connection: {driver: sqlite, database: ${quoted(join(folder, 'made.db'))}}
    query: ${quoted(`SELECT * FROM "${hostileTexts[7]}"`)}
    max_retries: 0
`;
};

/** A failed run of each job, with the text as the job's name, its error and its output. */
async function seedRuns(dataFolder: string): Promise<void> {
  const file = join(dataFolder, 'job_scheduler.db');
  await (await openSqliteStore({ file })).close();
  const db = openDatabase(file, 5000);
  const insert = db.prepare(
    `INSERT INTO job_execution_history_V2 (job_id, job_name, status, start_time, end_time, duration_seconds, output,
      error_message, return_code, retry_count, max_retries, metadata, trigger_type)
     VALUES (?, ?, 'failed', ?, ?, 1, ?, ?, 1, 0, 0, '{}', 'manual')`,
  );
  const now = Date.now();
  for (const [index, text] of hostileTexts.entries()) {
    const start = new Date(now - 3_600_000 + index * 1000).toISOString();
    insert.run(`evil_${index}`, text, start, start, text, text);
  }
  db.close();
}

const program = sharedProgram(async (folder) => {
  const config = join(folder, 'jobs.yaml');
  writeFileSync(config, jobs(folder));
  const lines = [...hostileTexts, ...hostileOutput];
  writeFileSync(
    join(folder, 'says.js'),
    `for (const line of ${JSON.stringify(lines)}) { console.log(line); console.error(line); }`,
  );
  const dataFolder = join(folder, 'data');
  mkdirSync(dataFolder);
  await seedRuns(dataFolder);
  // A query makes no file.
  openDatabase(join(folder, 'made.db'), 5000).close();
  return { dataFolder, config };
});
const browser = sharedBrowser();
const api = (...call: Parameters<ReturnType<typeof program>['api']>) => program().api(...call);

/** What has been made of texts: elements with handlers, foreign elements, links that are none. */
const madeOfText = (page: Page) =>
  page.evaluate(() => {
    const found: string[] = [...((window as unknown as { violations?: string[] }).violations ?? [])];
    for (const element of document.querySelectorAll('*')) {
      const name = element.localName;
      const isForeign = /^(x-hostile|marquee|object|embed|base|iframe|math|details)$/.test(name);
      const isHandled = element.getAttributeNames().some((each) => /^on/i.test(each));
      const address =
        element.getAttribute('href') ?? element.getAttribute('src') ?? element.getAttribute('action');
      const isElsewhere = address !== null && !/^https?:/.test(new URL(address, location.href).protocol);
      const isOutside = address !== null && /evil\.test/.test(new URL(address, location.href).host);
      if (isForeign || isHandled || isElsewhere || isOutside) found.push(element.outerHTML.slice(0, 200));
    }
    return found;
  });

/** How many of the hundred the page shows as they are, in its text or in its fields. */
const shown = (page: Page) =>
  page.evaluate((texts) => {
    const fields = [...document.querySelectorAll<HTMLInputElement>('input, textarea')].map(
      ({ value }) => value,
    );
    // Monaco writes spaces that do not break.
    const all = [document.body.textContent, ...fields].join('\n').replaceAll('\u00a0', ' ');
    return texts.filter((text) => all.includes(text)).length;
  }, hostileTexts);

describe.skipIf(noBrowser)(`a hundred hostile texts${noBrowser ? ` (${noBrowser})` : ''}`, () => {
  it('are shown as text wherever they come from', { timeout: 480_000 }, async () => {
    await Promise.all(
      hostileTexts.map((name, index) =>
        api('POST', '/api/connections', {
          connection_id: `evil_${index}`,
          name,
          driver: 'sqlite',
          database_name: name,
        }),
      ),
    );
    await api('POST', '/api/connections', {
      connection_id: 'made',
      name: 'Made',
      driver: 'sqlite',
      database_name: join(program().dataFolder, '..', 'made.db'),
    });
    await api('POST', '/api/maintenance-windows', {
      reason: hostileTexts[1],
      schedule: { type: 'cron', cron_params: { hour: 3 } },
      duration_minutes: 5,
    });
    const run = async (job_id: string): Promise<string> => {
      const { status, body } = await api('POST', `/api/jobs/${job_id}/run`);
      expect(body, `${job_id}: ${status}`).toHaveProperty('execution_id');
      const { execution_id } = body;
      await program().until(
        async () => (await api('GET', `/api/executions/${execution_id}`)).body.execution.end_time,
        `the end of ${job_id}`,
      );
      return execution_id;
    };
    const [selects, fails] = [await run('selects'), await run('fails')];

    // Tall enough for tables to draw all of their rows.
    const { page, context, complaints } = await openWindow(browser(), program(), '/', { height: 7000 });
    await context.addInitScript(() => {
      const all: string[] = [];
      (window as unknown as { violations: string[] }).violations = all;
      document.addEventListener('securitypolicyviolation', (event) =>
        all.push(`policy: ${event.violatedDirective} ${event.blockedURI} ${event.sample}`),
      );
    });
    await page.reload();
    await page.getByRole('heading', { name: 'Dashboard' }).waitFor();
    // Told in every open window while they happen.
    const prints = await run('prints');

    const visit = async (path: string, least: number, act?: () => Promise<unknown>) => {
      await page.goto(program().address + path);
      await act?.();
      await expect.poll(() => shown(page), { message: path, timeout: 30_000 }).toBeGreaterThanOrEqual(least);
      expect(await madeOfText(page), path).toEqual([]);
    };
    await visit('/', 5);
    await visit('/?jobs=all', 10);
    await visit('/jobs', 100);
    await visit('/executions', 100);
    await visit('/connections', 100);
    await visit(`/executions/${prints}`, 90);
    await visit(`/executions/${selects}?tab=result`, 10);
    await visit(`/executions/${fails}`, 1);
    await visit(`/executions/${seeded(1)}`, 1);
    await visit(`/executions/${seeded(1)}?tab=definition`, 1);
    for (const tab of ['', '?tab=executions', '?tab=slots', '?tab=yaml', '?tab=versions'])
      await visit(`/jobs/evil_7${tab}`, 1);
    await visit('/jobs/evil_7/edit', 1, async () => {
      await page
        .locator('.view-line span span', { hasText: /^description$/ })
        .first()
        .hover();
      await page.locator('.monaco-hover:not(.hidden)').first().waitFor();
    });
    await visit('/jobs/evil_7/edit?tab=form', 1);
    await visit('/scheduler', 1);
    await visit('/scheduler?tab=maintenance', 1);
    await visit('/settings?section=notifications', 1);
    await visit('/audit', 1);
    await visit('/logs', 0);
    // What the failed run says in its job's log, and rows of a query that is tried in the editor.
    await visit('/logs?source=jobs/fails', 1);
    await visit('/jobs/selects/edit?tab=query', 90, async () => {
      await page.getByLabel('Connection').selectOption('made');
      await page.getByRole('button', { name: 'Run query' }).click();
      await page.getByRole('region', { name: 'Result 1' }).waitFor();
    });
    await visit('/jobs?import=open', 1, async () => {
      const yaml = `jobs:\n  - id: more # ${comment(hostileTexts[7] ?? '')}\n    name: ${quoted(hostileTexts[7] ?? '')}\n    type: command\n    command: node\n    tiemout: ${quoted(hostileTexts[8] ?? '')}\n`;
      await page.getByLabel('YAML text').fill(yaml);
      await page.getByRole('button', { name: 'Preview' }).click();
      await page.getByRole('region', { name: 'Preview of the import' }).waitFor();
    });
    // The palette, a question, and what is told at the edge of the window.
    await visit('/jobs/evil_1', 1, async () => {
      await page.getByRole('button', { name: 'Run', exact: true }).waitFor();
      await page.keyboard.press('Control+k');
      await page.keyboard.type('onerror');
      await page.getByRole('option').first().waitFor();
    });
    await page.keyboard.press('Escape');
    await page.getByRole('button', { name: /^More/ }).click();
    await page.getByRole('menuitem', { name: /^Delete/ }).click();
    await page.getByRole('alertdialog').waitFor();
    expect(await madeOfText(page)).toEqual([]);
    await page
      .getByRole('alertdialog')
      .getByRole('button', { name: /^Delete/ })
      .click();
    await page.getByRole('button', { name: 'Undo' }).waitFor();
    expect(await madeOfText(page)).toEqual([]);
    expect(complaints).toEqual([]);
  });
});
