import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Locator, Page } from 'playwright';
import { describe, expect, it } from 'vitest';
import { noBrowser, sharedBrowser } from '../support/browser';
import { editorReady } from '../support/code-editor';
import { sharedProgram } from '../support/program';
import { openWindow } from '../support/window';

const program = sharedProgram((folder) => {
  const config = join(folder, 'jobs.yaml');
  writeFileSync(
    config,
    `jobs:
  - {id: fails, name: Fails, type: command, command: node, arguments: [-e, 'process.exit(3)'], max_retries: 0}
  - {id: long, name: Takes long, type: command, command: node, arguments: [-e, 'setInterval(() => {}, 1000)'], max_retries: 0}
  - {id: edited, name: Edited here, type: command, command: node, arguments: [-e, ''], timeout: 100}
`,
  );
  return { dataFolder: join(folder, 'data'), config };
});
const browser = sharedBrowser();
const api = (...call: Parameters<ReturnType<typeof program>['api']>) => program().api(...call);

const written = `id: walked
name: Walked by keyboard
type: command
command: node
arguments: [-e, 'setInterval(() => console.log("tick"), 50)']
max_retries: 0
`;

/** Presses Tab until it is there; fails when a round through the page does not reach it. */
async function tabTo(page: Page, target: Locator): Promise<void> {
  await target.waitFor({ state: 'attached' });
  const isThere = () => target.evaluate((element) => element === document.activeElement);
  for (let step = 0; step < 80; step += 1) {
    if (await isThere()) return;
    await page.keyboard.press('Tab');
  }
  throw new Error(`Tab does not reach ${target}`);
}

/** Whether a person sees where the focus is: the control looks otherwise without it. */
async function looksFocused(page: Page, target: Locator): Promise<boolean> {
  const box = await target.boundingBox();
  if (!box) throw new Error(`${target} is not on the page`);
  const clip = { x: box.x - 4, y: box.y - 4, width: box.width + 8, height: box.height + 8 };
  const focused = await page.screenshot({ clip });
  await target.evaluate((element) => (element as HTMLElement).blur());
  const blurred = await page.screenshot({ clip });
  // Focus that is given back after a key press is shown as before.
  await target.focus();
  return !focused.equals(blurred);
}

describe.skipIf(noBrowser)(`the life of a job${noBrowser ? ` (${noBrowser})` : ''}`, () => {
  it('is led by the keyboard alone, from the login to the deletion', async () => {
    const context = await browser().newContext({
      viewport: { width: 1280, height: 800 },
      reducedMotion: 'reduce',
    });
    const page = await context.newPage();
    const button = (name: string | RegExp) =>
      page.getByRole('button', { name, exact: typeof name === 'string' });
    const press = (key: string) => page.keyboard.press(key);
    await page.goto(program().address);
    const way = page.getByRole('radio', { checked: true });
    await tabTo(page, way);
    await press('ArrowRight');
    await tabTo(page, page.getByLabel('Key', { exact: true }));
    await page.keyboard.insertText(program().key);
    await press('Enter');

    const newJob = page.getByRole('main').getByRole('button', { name: 'New job' });
    await tabTo(page, newJob);
    expect(await looksFocused(page, newJob)).toBe(true);
    await press('Enter');
    await editorReady(page);
    await tabTo(page, page.locator('.monaco-editor textarea, .monaco-editor .native-edit-context').first());
    await press('Control+a');
    await page.keyboard.insertText(written);
    await press('Control+s');
    await page.waitForURL('**/jobs/walked/edit');

    await press('Control+k');
    await page.keyboard.type('walked');
    await page
      .getByRole('option', { name: /Walked by keyboard/ })
      .first()
      .waitFor();
    await press('Enter');
    const run = button('Run');
    await tabTo(page, run);
    expect(await looksFocused(page, run)).toBe(true);
    await press('Enter');
    await tabTo(page, page.getByRole('main').getByRole('link', { name: 'Running' }));
    await press('Enter');
    await page.getByRole('log', { name: 'Output' }).getByText('tick').first().waitFor();

    const cancel = button('Cancel…');
    await tabTo(page, cancel);
    await press('Enter');
    const question = page.getByRole('alertdialog');
    await question.waitFor();
    await press('Escape');
    await question.waitFor({ state: 'detached' });
    await page.waitForFunction(() => document.activeElement?.textContent === 'Cancel…');
    expect(await looksFocused(page, cancel)).toBe(true);
    await press('Enter');
    await tabTo(page, button('Cancel the run'));
    await press('Enter');
    await page
      .getByRole('main')
      .getByText(/Cancelled/)
      .first()
      .waitFor();

    await press('Control+k');
    await page.keyboard.type('walked');
    await page
      .getByRole('option', { name: /Walked by keyboard/ })
      .first()
      .waitFor();
    await press('Enter');
    const isOn = async () => (await api('GET', '/api/jobs/walked')).body.job.enabled;
    const onOff = page.getByRole('main').getByRole('switch');
    await tabTo(page, onOff);
    await press('Space');
    await page.getByRole('switch', { name: 'Off' }).waitFor();
    expect(await isOn()).toBe(false);
    await press('Space');
    await page.getByRole('switch', { name: 'On' }).waitFor();
    expect(await isOn()).toBe(true);

    await tabTo(page, button('More'));
    await press('Enter');
    const remove = page.getByRole('menuitem', { name: 'Delete…' });
    await remove.waitFor();
    await press('End');
    await press('Enter');
    await tabTo(page, question.getByRole('button', { name: /^Delete/ }));
    await press('Enter');
    await page.waitForURL('**/jobs');
    expect((await api('GET', '/api/jobs/walked')).status).toBe(404);
    await context.close();
  });

  it('shows on the dashboard: what failed is opened and run again, what runs is stopped', async () => {
    const failed = (await api('POST', '/api/jobs/fails/run')).body.execution_id;
    const ended = async () => (await api('GET', `/api/executions/${failed}`)).body.execution.end_time;
    await program().until(ended, 'the end of a run');
    await api('POST', '/api/jobs/long/run');
    const { page, complaints } = await openWindow(browser(), program(), '/');
    const timeline = page.getByRole('region', { name: 'Timeline' });
    const line = timeline.getByRole('group', { name: 'Fails' });
    await line.getByRole('button', { name: /^Failed/ }).click();
    await page.waitForURL(`**/executions/${failed}`);
    await page.goBack();
    await page.getByRole('button', { name: 'Run Fails again' }).click();
    await page.getByText('Fails: Job execution started').waitFor();
    const running = page.getByRole('region', { name: 'Running now' });
    await running.getByRole('button', { name: 'Stop Takes long' }).click();
    await page.getByRole('alertdialog').getByRole('button', { name: 'Stop it' }).click();
    await running.getByText('Nothing runs at the moment').waitFor();
    await page.getByLabel('Zoom of the timeline').selectOption('1h');
    await page.waitForURL(/zoom=1h/);
    await line.getByRole('button').first().waitFor();
    expect(complaints).toEqual([]);
  });

  it('begins by an import too: what is new, changed, in conflict or wrong is seen first', async () => {
    await api('PUT', '/api/jobs/edited', { timeout: 200 });
    const { page, complaints } = await openWindow(browser(), program(), '/jobs');
    await page.getByRole('button', { name: 'Import…' }).click();
    const dialog = page.getByRole('dialog');
    const preview = dialog.getByRole('region', { name: 'Preview of the import' });
    const text = dialog.getByLabel('YAML text');
    await text.fill('jobs:\n  - {id: fresh, type: command, command: node, tiemout: 5}\n');
    await dialog.getByRole('button', { name: 'Preview' }).click();
    await preview.getByText(/line 2, column \d+/).waitFor();
    await preview.getByText(/unknown key "tiemout"/).waitFor();
    expect(await dialog.getByRole('button', { name: /^(Nothing to i|I)mport/ }).isDisabled()).toBe(true);
    await dialog.getByRole('button', { name: 'Back to the text' }).click();
    await text.fill(`jobs:
  - {id: fresh, name: Fresh, type: command, command: node, arguments: [-e, '']}
  - {id: fails, name: Fails, type: command, command: node, arguments: [-e, 'process.exit(4)'], max_retries: 0}
  - {id: edited, name: Edited here, type: command, command: node, arguments: [-e, ''], timeout: 300}
`);
    await dialog.getByRole('button', { name: 'Preview' }).click();
    await preview.getByText('+ New').waitFor();
    await preview.locator('summary', { hasText: 'fails' }).click();
    await preview.getByText(/^\+ .*process\.exit\(4\)/).waitFor();
    await preview.getByText(/edited here since/).waitFor();
    expect((await api('GET', '/api/jobs/fresh')).status).toBe(404);
    await dialog.getByRole('button', { name: 'Import 3 jobs' }).click();
    await page.getByRole('row', { name: /Fresh/ }).waitFor();
    expect(complaints).toEqual([]);
  });
});
