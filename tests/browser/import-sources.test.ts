import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { noBrowser, sharedBrowser } from '../support/browser';
import { sharedProgram } from '../support/program';
import { tempFolder } from '../support/temp-folder';
import { openWindow, seriousProblems } from '../support/window';

const program = sharedProgram((folder) => {
  const config = join(folder, 'jobs.yaml');
  writeFileSync(config, 'jobs: []\n');
  return { dataFolder: join(folder, 'data'), config };
});
const browser = sharedBrowser();

const script = (name: string, args: string) =>
  `EXEC msdb.dbo.sp_add_job @job_name=N'${name}';
EXEC msdb.dbo.sp_add_jobstep @job_name=N'${name}', @step_name=N'go', @subsystem=N'CmdExec', @command=N'node --version';
EXEC msdb.dbo.sp_add_jobschedule @job_name=N'${name}', @name=N'times', ${args};
EXEC msdb.dbo.sp_add_jobserver @job_name=N'${name}';
GO
`;

describe.skipIf(noBrowser)(`bringing in jobs${noBrowser ? ` (${noBrowser})` : ''}`, () => {
  it('shows what maps, what does not and the fire times, and takes the chosen in as told', async () => {
    const { page, complaints } = await openWindow(browser(), program(), '/jobs?import=open');
    await page.getByRole('tab', { name: 'SQL Server Agent' }).click();
    await page.getByLabel('Time zone there').fill('America/New_York');
    const file = join(tempFolder(), 'jobs.sql');
    const text =
      script('Every third day', '@freq_type=4, @freq_interval=3, @active_start_date=20260105') +
      script('Each minute', '@freq_type=4, @freq_interval=1, @freq_subday_type=4, @freq_subday_interval=1') +
      script('When idle', '@freq_type=128');
    // As SSMS saves it.
    writeFileSync(file, Buffer.concat([Buffer.from([0xff, 0xfe]), Buffer.from(text, 'utf16le')]));
    await page.getByLabel('File to import').setInputFiles(file);
    await page.getByText('3 jobs, 1 with times that differ').waitFor();
    const jobs = page.getByRole('list', { name: 'Jobs of the source' });
    await jobs.getByText('Every third day', { exact: true }).click();
    await jobs.getByText('only here').first().waitFor();
    await jobs.getByText('only there').first().waitFor();
    await jobs.getByText('When idle', { exact: true }).click();
    await jobs.getByText('fires when the processors are idle').waitFor();
    expect(await seriousProblems(page)).toEqual([]);

    await jobs.getByRole('checkbox', { name: 'Import Every third day' }).click();
    await page.getByRole('radio', { name: 'In shadow' }).click();
    await page.getByRole('button', { name: 'Import 2 jobs' }).click();
    await page.getByText('Imported: 2 created').waitFor();
    await page.getByRole('link', { name: 'Each minute' }).click();
    await page.getByText('In shadow').first().waitFor();
    const { status } = await program().api('GET', '/api/jobs/every_third_day');
    expect(status).toBe(404);
    expect(complaints).toEqual([]);
  });

  it('says what is wrong with a text, and keeps it', async () => {
    const { page } = await openWindow(browser(), program(), '/jobs?import=open');
    await page.getByRole('tab', { name: 'Windows Task Scheduler' }).click();
    await page.getByLabel('Text to import').fill('<Project/>');
    await page.getByRole('button', { name: 'Preview' }).click();
    await page.getByRole('alert').getByText('expected <Task> or <Tasks>').waitFor();
    expect(await page.getByLabel('Text to import').inputValue()).toBe('<Project/>');
  });
});
