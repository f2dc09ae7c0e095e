import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { noBrowser, sharedBrowser } from '../support/browser';
import { sharedProgram } from '../support/program';
import { openWindow, picture, rulesIn, seriousProblems } from '../support/window';

const program = sharedProgram((folder) => {
  const config = join(folder, 'jobs.yaml');
  writeFileSync(
    config,
    `jobs:
  - {id: make_file, name: Make the file, type: sql, connection: {driver: sqlite, database: '${join(folder, 'made.db')}'}, query: 'CREATE TABLE t (x)'}
`,
  );
  return { dataFolder: join(folder, 'data'), config };
});
const browser = sharedBrowser();
const open = (path: string, options = {}) => openWindow(browser(), program(), path, options);
const api = (...call: Parameters<ReturnType<typeof program>['api']>) => program().api(...call);

describe.skipIf(noBrowser)(
  `the connections page${noBrowser ? ` (${noBrowser})` : ''}`,
  { timeout: 240_000 },
  () => {
    it('makes a connection, tells why its test fails, mends it, and deletes it when no job uses it', async () => {
      const { page, complaints } = await open('/connections');
      await page.getByText('There is no connection yet').waitFor();
      await page.getByRole('button', { name: 'New connection' }).click();
      const drawer = page.getByRole('dialog');
      await drawer.getByLabel('SQLite file').check();
      await drawer.getByRole('button', { name: 'Save', exact: true }).click();
      await drawer.getByText('Give it a name').waitFor();
      await drawer.getByText('Which file?').waitFor();
      await drawer.getByLabel('Name').fill('Reports <i>file</i>');
      expect(await drawer.getByLabel('Id').inputValue()).toBe('reports_i_file_i');
      await drawer.getByLabel('Id').fill('reports');
      await drawer.getByLabel('File', { exact: false }).last().fill('/nowhere/at/all.db');
      await drawer.getByRole('button', { name: 'Save and test' }).click();
      await drawer.getByText('The file /nowhere/at/all.db does not exist').waitFor();
      await drawer.getByText('Check the path').waitFor();
      expect(new URL(page.url()).searchParams.get('id')).toBe('reports');

      const file = join(program().dataFolder, '..', 'found.db');
      writeFileSync(file, '');
      await drawer.getByLabel('File', { exact: false }).last().fill(file);
      await drawer.getByRole('button', { name: 'Save and test' }).click();
      await drawer.getByText(/Connected: SQLite/).waitFor();
      await api('POST', '/api/jobs', {
        job_id: 'uses_it',
        name: 'Uses it',
        job_type: 'sql',
        connection: { connection_id: 'reports' },
        query: 'SELECT 1',
      });
      await drawer.getByRole('link', { name: 'uses_it' }).waitFor();
      expect(await drawer.getByRole('button', { name: 'Delete…' }).isDisabled()).toBe(true);
      await api('DELETE', '/api/jobs/uses_it');
      await drawer.getByText('No job uses it.').waitFor();
      await drawer.getByRole('button', { name: 'Delete…' }).click();
      await page.getByRole('alertdialog').getByRole('button', { name: 'Delete' }).click();
      await page.getByText('There is no connection yet').waitFor();
      expect(complaints).toEqual([]);
    });

    it('keeps a password that is not entered anew, and never shows it', async () => {
      await api('POST', '/api/connections', {
        connection_id: 'prod',
        name: 'Production',
        server_name: '127.0.0.1',
        port: 9,
        database_name: 'sales',
        trusted_connection: false,
        username: 'etl',
        password: 'canary-password',
        connection_timeout: 2,
      });
      const { page } = await open('/connections?id=prod');
      const drawer = page.getByRole('dialog');
      expect(await drawer.getByLabel('Password').getAttribute('placeholder')).toBe('unchanged');
      await drawer.getByLabel('Encrypt the connection').uncheck();
      await drawer.getByText('cross the network in the clear').waitFor();
      await page.keyboard.press('Control+s');
      await page.getByText('Connection “Production” is saved').waitFor();
      const { connection } = (await api('GET', '/api/connections/prod')).body;
      expect(connection).toMatchObject({ has_password: true, encrypt: false, username: 'etl' });
      expect(await page.content()).not.toContain('canary-password');
      await drawer.getByRole('button', { name: 'Test' }).click();
      await drawer.getByText(/can't be reached/).waitFor();
    });

    it('asks before a changed form is thrown away', async () => {
      await api('POST', '/api/connections', {
        connection_id: 'kept',
        name: 'Kept',
        driver: 'sqlite',
        database_name: '/x.db',
      });
      const { page } = await open('/connections?id=kept');
      const drawer = page.getByRole('dialog');
      await drawer.getByLabel('Name').fill('Changed');
      await page.keyboard.press('Escape');
      await page.getByRole('alertdialog').getByRole('button', { name: 'Cancel' }).click();
      expect(await drawer.getByLabel('Name').inputValue()).toBe('Changed');
      await drawer.getByRole('button', { name: 'Close' }).click();
      await page.getByRole('alertdialog').getByRole('button', { name: 'Discard changes' }).click();
      await drawer.waitFor({ state: 'detached' });
      expect((await api('GET', '/api/connections/kept')).body.connection.name).toBe('Kept');
    });

    it('lets an operator look and test, and nobody below even look', async () => {
      const key = async (role: string) => (await api('POST', '/api/keys', { name: role, role })).body.key;
      const { page } = await open('/connections?id=kept', { key: await key('operator') });
      await page.getByText('Only an admin changes connections.').waitFor();
      expect(await page.getByRole('button', { name: /Save|Delete|New connection/ }).count()).toBe(0);
      const viewer = await open('/connections', { key: await key('viewer') });
      await viewer.page.getByText("The connections can't be seen with your role").waitFor();
    });

    it.each(['light', 'dark'] as const)('has no serious barrier, %s', async (theme) => {
      const { page } = await open('/connections?id=prod', { theme, width: 1024 });
      await page.getByRole('dialog').getByLabel('Password').waitFor();
      expect(await seriousProblems(page, rulesIn(theme))).toEqual([]);
      await picture(page, `connection-${theme}`);
      await page.keyboard.press('Escape');
      await page.getByRole('row', { name: /Production/ }).waitFor();
      expect(await seriousProblems(page, rulesIn(theme))).toEqual([]);
      await picture(page, `connections-${theme}`);
    });
  },
);
