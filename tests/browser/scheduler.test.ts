import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { noBrowser, sharedBrowser } from '../support/browser';
import { sharedProgram } from '../support/program';
import { openWindow, picture, rulesIn, seriousProblems } from '../support/window';

const program = sharedProgram((folder) => {
  const config = join(folder, 'jobs.yaml');
  const job = (id: string, more: string) =>
    `  - {id: ${id}, name: "${id} <b>job</b>", type: command, command: node, arguments: [-e, ""], ${more}}\n`;
  writeFileSync(
    config,
    `jobs:\n${job('hourly', 'schedule: {type: cron, cron_params: {minute: 0}}')}${job(
      'tagged',
      'tags: [finance], schedule: {type: cron, cron_params: {hour: 3}}, exclude: [rest]',
    )}`,
  );
  return { dataFolder: join(folder, 'data'), config };
});
const browser = sharedBrowser();
const open = (path: string, options = {}) => openWindow(browser(), program(), path, options);

describe.skipIf(noBrowser)(
  `the scheduler's page${noBrowser ? ` (${noBrowser})` : ''}`,
  { timeout: 240_000 },
  () => {
    it('pauses with a reason that everybody sees, and resumes', async () => {
      const { page, complaints } = await open('/scheduler');
      const state = page.getByRole('region', { name: 'State' });
      await state.getByRole('heading', { name: /Running/ }).waitFor();
      await state.getByRole('button', { name: 'Pause…' }).click();
      await page.getByLabel('Reason').fill('disk <i>swap</i>');
      await page.getByRole('dialog').getByRole('button', { name: 'Pause' }).click();
      await state.getByRole('heading', { name: /Paused/ }).waitFor();
      await state.getByText('disk <i>swap</i>').waitFor();
      await state.getByText('administrator').waitFor();
      await page.reload();
      await state.getByText('disk <i>swap</i>').waitFor();
      await state.getByRole('button', { name: 'Resume' }).click();
      await state.getByRole('heading', { name: /Running/ }).waitFor();
      expect(complaints).toEqual([]);
    });

    it('asks before it stops, and starts again', async () => {
      const { page } = await open('/scheduler');
      const state = page.getByRole('region', { name: 'State' });
      await state.getByRole('button', { name: 'Stop…' }).click();
      await page.getByRole('alertdialog').getByRole('button', { name: 'Stop the scheduler' }).click();
      await state.getByRole('heading', { name: /Stopped/ }).waitFor();
      await state.getByRole('button', { name: 'Start' }).click();
      await state.getByRole('heading', { name: /Running/ }).waitFor();
    });

    it('checks the jobs: which will fail, why, and what to do, until it is mended', async () => {
      const job = { job_id: 'tonight', name: 'Tonight', job_type: 'command', command: 'no-such-program' };
      const schedule = { type: 'cron', cron_params: { hour: '*/2' } };
      // Another one can't run either as long as its holiday set is not there.
      await program().api('DELETE', '/api/jobs/tonight');
      expect((await program().api('POST', '/api/jobs', { ...job, schedule })).status).toBe(201);
      const { page, complaints } = await open('/scheduler?tab=check');
      await page.getByRole('button', { name: 'Check now' }).click();
      await page
        .getByRole('status')
        .filter({ hasText: /jobs? (will fail within 24 hours|can't run)/ })
        .waitFor();
      const row = page.getByRole('row', { name: /Tonight/ });
      await row.getByText('The program "no-such-program" was not found on PATH').waitFor();
      await row.getByText(/^To do: install it/).waitFor();
      expect(await seriousProblems(page)).toEqual([]);
      await picture(page, 'scheduler-check-light');
      await program().api('PUT', '/api/jobs/tonight', { command: 'node' });
      await page.getByRole('button', { name: 'Check now' }).click();
      await row.waitFor({ state: 'detached' });
      await program().api('DELETE', '/api/jobs/tonight');
      expect(complaints).toEqual([]);
    });

    it('shows what will run by hour, and the runs of one hour', async () => {
      const { page } = await open('/scheduler');
      const cells = page.getByRole('button', { name: /\d\d:00: 1 run/ });
      await cells.first().waitFor();
      await cells.nth(1).click();
      await page.getByRole('button', { name: 'Show all' }).waitFor();
      await page.getByRole('cell', { name: 'hourly <b>job</b>' }).waitFor();
      await page.getByRole('button', { name: '7 days' }).click();
      await page.waitForURL(/[?&]span=7d(&|$)/);
    });

    it('makes a weekly maintenance window, changes it, and deletes it', async () => {
      const { page } = await open('/scheduler?tab=maintenance');
      await page.getByRole('button', { name: 'New window…' }).click();
      const dialog = page.getByRole('dialog');
      await dialog.getByRole('button', { name: 'Save' }).click();
      await dialog.getByText('Say why').waitFor();
      await dialog.getByLabel('Reason').fill('Updates');
      await dialog.getByLabel('Only jobs with the tag').fill('finance');
      await dialog.getByLabel('Every week').check();
      await dialog.getByLabel('Sat').check();
      await dialog.getByRole('button', { name: 'Save' }).click();
      await page.getByRole('cell', { name: 'tag finance' }).waitFor();
      await page.getByRole('button', { name: 'Change Updates' }).click();
      expect(await dialog.getByLabel('Sat').isChecked()).toBe(true);
      await dialog.getByLabel('Open for (minutes)').fill('45');
      await dialog.getByRole('button', { name: 'Save' }).click();
      await dialog.waitFor({ state: 'detached' });
      const { windows } = (await program().api('GET', '/api/maintenance-windows')).body;
      expect(windows[0]).toMatchObject({
        duration_minutes: 45,
        schedule: { cron_params: { day_of_week: 'sat,sun' } },
      });
      await page.getByRole('button', { name: 'Delete Updates' }).click();
      await page.getByRole('alertdialog').getByRole('button', { name: 'Delete' }).click();
      await page.getByText('There is no maintenance window').waitFor();
    });

    it('writes a holiday calendar as lines, and imports one after a look at it', async () => {
      const { page } = await open('/scheduler?tab=calendars');
      await page.getByRole('button', { name: 'New calendar…' }).click();
      const dialog = page.getByRole('dialog');
      await dialog.getByLabel('Id').fill('rest');
      await dialog.getByLabel('Days').fill('12-25 Christmas\n2026-13-01');
      await dialog.getByRole('button', { name: 'Save' }).click();
      await dialog.getByRole('alert').waitFor();
      await dialog.getByLabel('Days').fill('12-25 Christmas\n2026-12-30..2026-12-31 Inventory');
      await dialog.getByRole('button', { name: 'Save' }).click();
      await page.getByRole('cell', { name: '1 date, 1 yearly day' }).waitFor();
      expect(await page.getByRole('button', { name: 'Delete rest' }).isDisabled()).toBe(true);

      await page.getByRole('button', { name: 'Import iCalendar…' }).click();
      await dialog.locator('input[type=file]').setInputFiles({
        name: 'company days.ics',
        mimeType: 'text/calendar',
        buffer: Buffer.from(
          'BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//x//y//EN\r\nBEGIN:VEVENT\r\nUID:1\r\nDTSTAMP:20260101T000000Z\r\nDTSTART;VALUE=DATE:20270105\r\nSUMMARY:Founders\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n',
        ),
      });
      await dialog.getByRole('button', { name: 'Preview' }).click();
      await dialog.getByText('2027-01-05 Founders').waitFor();
      expect((await program().api('GET', '/api/calendars')).body.calendars).toHaveLength(1);
      await dialog.getByRole('button', { name: 'Import' }).click();
      await page.getByRole('cell', { name: 'company_days' }).first().waitFor();
    });

    it('offers a viewer nothing that would be refused', async () => {
      const { body } = await program().api('POST', '/api/keys', { name: 'look', role: 'viewer' });
      const { page } = await open('/scheduler?tab=calendars', { key: body.key });
      await page.getByText('Your role may look, and not act.').waitFor();
      await page.getByText('Editors change them').waitFor();
      expect(await page.getByRole('button', { name: /pause|stop|new|import|delete/i }).count()).toBe(0);
    });

    it.each(['light', 'dark'] as const)('has no serious barrier, %s', async (theme) => {
      const { page } = await open('/scheduler', { theme, width: 1024 });
      await page
        .getByRole('button', { name: /\d\d:00: / })
        .first()
        .waitFor();
      expect(await seriousProblems(page, rulesIn(theme))).toEqual([]);
      await picture(page, `scheduler-${theme}`);
      expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(1024);
    });
  },
);
