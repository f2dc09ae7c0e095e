import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { contract } from '../../src-shared/contract/index';
import { operations } from '../../src-shared/contract/operation';
import { desktopContract } from '../../src-shared/desktop-contract';
import { noDesktop, sharedDesktop } from '../support/desktop';
import { tempFolder } from '../support/temp-folder';
import { jobsYaml } from './jobs';

describe.skipIf(noDesktop)(`walls of the desktop window${noDesktop ? ` (${noDesktop})` : ''}`, () => {
  const desktop = sharedDesktop({ jobs: jobsYaml });

  it('stand around every contents: isolation, sandbox, no Node, web security (S69)', async () => {
    const walls = await desktop().app.evaluate(({ webContents }) =>
      webContents.getAllWebContents().map((contents) => {
        const {
          contextIsolation,
          sandbox,
          nodeIntegration,
          webSecurity,
          webviewTag,
          nodeIntegrationInWorker,
        } =
          // Known to Electron's own tests only, but it is what really holds.
          (contents as never as { getLastWebPreferences(): Electron.WebPreferences }).getLastWebPreferences();
        return {
          contextIsolation,
          sandbox,
          nodeIntegration,
          webSecurity,
          webviewTag,
          nodeIntegrationInWorker,
        };
      }),
    );
    expect(walls.length).toBeGreaterThan(0);
    for (const wall of walls) {
      expect(wall).toMatchObject({
        contextIsolation: true,
        sandbox: true,
        nodeIntegration: false,
        webSecurity: true,
      });
      expect(wall.webviewTag ?? false).toBe(false);
      expect(wall.nodeIntegrationInWorker ?? false).toBe(false);
    }
  });

  it('keep the page from Node, and its policy from scripts of others (S69)', async () => {
    const found = await desktop().page.evaluate(async () => {
      const policy = (await fetch(location.href)).headers.get('content-security-policy') ?? '';
      let evaluated = 'no';
      try {
        // biome-ignore lint/security/noGlobalEval: the policy must refuse exactly this
        evaluated = String(globalThis.eval('"yes"'));
      } catch {
        evaluated = 'no';
      }
      const inline = document.createElement('script');
      inline.textContent = 'window.inlineRan = true';
      document.head.append(inline);
      const names = ['require', 'process', 'module', 'global', 'Buffer', 'electron', 'ipcRenderer'];
      return {
        policy,
        evaluated,
        inlineRan: 'inlineRan' in window,
        present: names.filter((name) => name in window),
      };
    });
    expect(/script-src ([^;]*)/.exec(found.policy)?.[1]).toBe("'self'");
    expect(found).toMatchObject({ evaluated: 'no', inlineRan: false, present: [] });
  });

  it('have two doors in them, and no third (S74)', async () => {
    const surface = await desktop().page.evaluate(() =>
      Object.entries(window.desktop ?? {}).map(([name, value]) => `${name}: ${typeof value}`),
    );
    expect(surface.sort()).toEqual(['invoke: function', 'onEvent: function']);
    // Nobody can put something else in its place.
    const replaced = await desktop().page.evaluate(() => {
      try {
        (window as { desktop?: unknown }).desktop = undefined;
      } catch {
        return 'refused';
      }
      return typeof window.desktop;
    });
    expect(['refused', 'object']).toContain(replaced);
  });

  it('refuse channels that are no operation (S70)', async () => {
    const replies = await desktop().page.evaluate(async () =>
      Promise.all(
        [
          'events',
          'fs',
          'api:',
          'api:nope.nope',
          'api:jobs',
          'api:../jobs.list',
          'ELECTRON_BROWSER_REQUIRE',
        ].map((channel) => window.desktop?.invoke(channel, {})),
      ),
    );
    for (const reply of replies)
      expect(reply).toMatchObject({ status: 404, body: { success: false, error: { code: 'not_found' } } });
  });

  it('refuse calls from a frame and from a page that is not ours (S70)', async () => {
    // A second contents with the same preload, but an address of its own: what a hijacked page would be.
    const replies = await desktop().app.evaluate(
      async ({ BrowserWindow, session }, preload) => {
        const foreign = new BrowserWindow({
          show: false,
          webPreferences: { preload, session: session.fromPartition('foreign') },
        });
        const ask = 'desktop.invoke("api:jobs.list", {})';
        await foreign.loadURL('about:blank');
        const blank = await foreign.webContents.executeJavaScript(ask);
        await foreign.loadURL('data:text/html,<h1>hello</h1>');
        const data = await foreign.webContents.executeJavaScript(ask);
        foreign.destroy();
        return [blank, data];
      },
      join(__dirname, '..', '..', 'out', 'desktop', 'preload.cjs'),
    );
    for (const reply of replies)
      expect(reply).toMatchObject({ status: 403, body: { error: { code: 'forbidden' } } });
    const frame = await desktop().page.evaluate(async () => {
      const element = document.createElement('iframe');
      element.src = `${location.origin}/icon.svg`;
      document.body.append(element);
      await new Promise((resolve) => {
        element.onload = resolve;
        element.onerror = resolve;
      });
      try {
        return typeof (element.contentWindow as Window | null)?.desktop;
      } catch {
        // The policy lets no page be framed: what stands there is an error page of another origin.
        return 'undefined';
      } finally {
        element.remove();
      }
    });
    expect(frame).toBe('undefined');
  });

  it('take 200 wrong payloads on every channel, and answer each with a typed error (S70)', async () => {
    const ids = [...operations(contract), ...operations(desktopContract)]
      .filter(({ operation }) => operation.kind !== 'events')
      .map(({ id }) => id);
    const problems = await desktop().page.evaluate(async (all) => {
      const words = [
        '',
        '\0',
        '../..',
        'é'.repeat(300),
        '{{x}}',
        '-1',
        '1e999',
        '__proto__',
        '<img>',
        '\u2028',
      ];
      const values: unknown[] = [
        null,
        0,
        -1,
        1.5,
        Number.NaN,
        true,
        [],
        [[]],
        {},
        new Date(0),
        new Map([['a', 1]]),
        new Uint8Array(8),
        10n,
        ...words,
      ];
      const value = (seed: number) => values[seed % values.length];
      const payload = (seed: number): unknown => {
        switch (seed % 8) {
          case 0:
            return value(seed >> 3);
          case 1:
            return { params: value(seed >> 3) };
          case 2:
            return { query: value(seed >> 3) };
          case 3:
            return { wrong: value(seed >> 3) };
          case 4:
            return { params: { job_id: value(seed >> 3), nonsense: 1 }, body: value(seed) };
          case 5:
            return { query: { nonsense: value(seed >> 3) } };
          case 6:
            return { body: { nonsense: value(seed >> 3) }, query: { limit: value(seed) } };
          default: {
            const deep: Record<string, unknown> = {};
            let place = deep;
            for (let depth = 0; depth < 80; depth += 1) {
              place.a = {};
              place = place.a as Record<string, unknown>;
            }
            return { params: deep, body: JSON.parse('{"__proto__": {"polluted": true}}') };
          }
        }
      };
      const bad: string[] = [];
      for (const id of all) {
        // Nothing of these is to change anything, so what could be right by accident is left out.
        const isHarmless =
          !/^(scheduler\.(start|stop|pause|resume)|desktop\.|executions\.cancelAll|store\.restart)/.test(id);
        // Would end the program that is asked.
        const isEnd = id === 'store.restart';
        const judge = async (seed: number) => {
          const reply = await window.desktop?.invoke(`api:${id}`, payload(seed));
          const error = (reply?.body as { error?: { code?: string; message?: string } } | undefined)?.error;
          if (!reply || typeof reply.status !== 'number') bad.push(`${id} ${seed}: no answer`);
          else if (reply.status >= 500 && !(id === 'system.health' && !error))
            bad.push(`${id} ${seed}: ${error?.message}`);
          else if (reply.status >= 400 && (!error?.code || !error.message))
            bad.push(`${id} ${seed}: no error`);
        };
        const seeds = Array.from({ length: 200 }, (_, seed) => seed);
        await Promise.all(
          seeds.filter((seed) => isHarmless || (seed % 8 === 3 && !isEnd) || seed % 8 === 5).map(judge),
        );
      }
      return bad;
    }, ids);
    expect(problems).toEqual([]);
    expect(await desktop().page.evaluate(() => ({}) as { polluted?: boolean })).not.toHaveProperty(
      'polluted',
    );
  }, 240_000);

  it('hold the window on its own pages (S71)', async () => {
    const { page, app } = desktop();
    const opened = await app.evaluate(({ shell }) => {
      const addresses: string[] = [];
      (globalThis as { opened?: string[] }).opened = addresses;
      shell.openExternal = async (address) => {
        addresses.push(address);
      };
      return addresses.length;
    });
    expect(opened).toBe(0);
    const before = page.url();
    for (const address of [
      'https://example.com/',
      'http://127.0.0.1:1/',
      'file:///etc/passwd',
      'data:text/html,<script>1</script>',
      'app://other-host/',
    ]) {
      await page.evaluate((to) => {
        const link = document.createElement('a');
        link.href = to;
        document.body.append(link);
        link.click();
        link.remove();
      }, address);
      await page.evaluate(
        () => new Promise((resolve) => requestAnimationFrame(() => setTimeout(resolve, 50))),
      );
      expect(page.url()).toBe(before);
    }
    const windows = await page.evaluate(() =>
      [
        'https://example.com/a',
        'http://example.com/b',
        'file:///etc/passwd',
        'javascript:alert(1)',
        'ms-settings:',
      ].map((address) => window.open(address) === null),
    );
    expect(windows).toEqual([true, true, true, true, true]);
    await desktop().until(
      async () => app.evaluate(() => (globalThis as { opened?: string[] }).opened?.length),
      'the one link that may be opened',
    );
    expect(await app.evaluate(() => (globalThis as { opened?: string[] }).opened)).toEqual([
      'https://example.com/a',
    ]);
    expect(await app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows().length)).toBe(1);
  });

  it('take nothing that is dropped on them: a page, an address, HTML (S71)', async () => {
    const { page, app } = desktop();
    const before = page.url();
    const file = join(tempFolder(), 'dropped.html');
    writeFileSync(file, '<script>document.title = "dropped"</script>');
    await page.evaluate(() => {
      const seen = window as unknown as { dragged: string[] };
      seen.dragged = [];
      for (const type of ['dragenter', 'dragover', 'drop'])
        document.addEventListener(type, () => seen.dragged.push(type), { capture: true });
    });
    const session = await app.context().newCDPSession(page);
    const html = '<img src=x onerror="window.droppedRan = true">';
    const dropped = [
      { items: [], files: [file], dragOperationsMask: 1 },
      { items: [{ mimeType: 'text/uri-list', data: 'https://example.com/' }], dragOperationsMask: 1 },
      { items: [{ mimeType: 'text/html', data: html }], dragOperationsMask: 1 },
    ];
    for (const data of dropped)
      for (const type of ['dragEnter', 'dragOver', 'drop'] as const)
        await session.send('Input.dispatchDragEvent', { type, x: 500, y: 400, data });
    await session.detach();
    // They really were above the page.
    await desktop().until(
      () => page.evaluate(() => (window as unknown as { dragged: string[] }).dragged.includes('dragover')),
      'what is dragged to reach the page',
    );
    await page.evaluate(
      () => new Promise((resolve) => requestAnimationFrame(() => setTimeout(resolve, 200))),
    );
    expect(page.url()).toBe(before);
    expect(await page.evaluate(() => 'droppedRan' in window)).toBe(false);
    expect(await page.locator('head title').textContent()).toContain('Job Scheduler');
    expect(await app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows().length)).toBe(1);
  });

  it('let nothing of a network or a disk in (S71)', async () => {
    const reached = await desktop().page.evaluate(async () => {
      const tries = ['https://example.com/', 'http://127.0.0.1:5000/', 'file:///etc/passwd', 'app://other/'];
      return Promise.all(
        tries.map((address) =>
          fetch(address, { mode: 'no-cors' }).then(
            () => address,
            () => 'refused',
          ),
        ),
      );
    });
    expect(new Set(reached)).toEqual(new Set(['refused']));
    const status = await desktop().page.evaluate(async () =>
      Promise.all(
        ['/assets/../../package.json', '/..%2f..%2fpackage.json', '/assets/x.map', '/api/jobs', '/.env'].map(
          async (path) => (await fetch(path)).status,
        ),
      ),
    );
    expect(status.every((one) => one === 404 || one === 403)).toBe(true);
  });

  it('grant no permission (S72)', async () => {
    const answers = await desktop().page.evaluate(async () => {
      const names = ['camera', 'microphone', 'geolocation', 'notifications', 'midi', 'clipboard-read'];
      const states = await Promise.all(
        names.map((name) =>
          navigator.permissions.query({ name: name as PermissionName }).then(
            ({ state }) => state,
            () => 'denied',
          ),
        ),
      );
      const media = await navigator.mediaDevices.getUserMedia({ video: true }).then(
        () => 'granted',
        () => 'denied',
      );
      const place = await new Promise((resolve) =>
        navigator.geolocation.getCurrentPosition(
          () => resolve('granted'),
          () => resolve('denied'),
        ),
      );
      const hid = await (navigator as never as { hid: { requestDevice(o: unknown): Promise<unknown[]> } }).hid
        .requestDevice({ filters: [] })
        .then(
          (devices) => (devices.length === 0 ? 'denied' : 'granted'),
          () => 'denied',
        );
      return [...states, media, place, hid];
    });
    expect(answers.filter((answer) => answer === 'granted')).toEqual([]);
  });
});
