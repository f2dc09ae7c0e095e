import { dirname, join } from 'node:path';
import { shell } from 'electron';
import type { Handlers } from '../../../src-shared/contract/operation';
import type { DesktopContract, DesktopStatus } from '../../../src-shared/desktop-contract';
import { AppError } from '../../../src-shared/errors';
import type { Settings } from '../../adapters/settings/settings';
import type { ApiContext } from '../../api/invoke';
import type { Core } from '../../core/core';
import type { DesktopSecrets } from './desktop-secrets';
import { loginStart } from './login-start';
import type { OpenedFiles } from './opened-file';
import type { PreferenceStore } from './preferences';
import type { SafeMode } from './safe-mode';
import type { Serving } from './serving';
import type { Updates } from './updates';

/** The desktop application's own operations. */
export function createDesktopHandlers(deps: {
  readonly core: Core;
  readonly web: Settings['web'];
  readonly places: { readonly data: string; readonly logs: string; readonly jobsFile: string };
  readonly preferences: PreferenceStore;
  readonly serving: Serving;
  readonly secrets: DesktopSecrets;
  readonly safeMode: SafeMode;
  readonly updates: Updates;
  readonly opened: OpenedFiles;
  readonly keepsInTray: () => boolean;
  readonly onChange: () => void;
}): Handlers<DesktopContract, ApiContext> {
  const { core, preferences, serving, secrets, safeMode, updates, web } = deps;

  const storedSecrets = async () =>
    core.secrets.list().length + (await core.connections.list()).filter((one) => one.has_password).length;

  const status = async (): Promise<DesktopStatus> => ({
    success: true,
    data_folder: deps.places.data,
    safe_mode: safeMode.reason ?? null,
    starts_at_login: loginStart.isOn() ?? null,
    keeps_in_tray: deps.keepsInTray(),
    serving: {
      on: preferences.current.serving.on,
      host: web.host,
      port: preferences.current.serving.port ?? web.port,
      address: serving.address ?? null,
      key_file: join(deps.places.data, 'admin.key'),
      problem: serving.problem ?? null,
    },
    secrets: {
      keeper: secrets.keeper,
      system_problem: secrets.systemProblem() ?? null,
      stored: await storedSecrets(),
    },
    updates: { feed: updates.feed ?? null, state: updates.state },
  });

  const folders = {
    data: deps.places.data,
    logs: deps.places.logs,
    jobs: dirname(deps.places.jobsFile),
  } as const;

  return {
    desktop: {
      status,
      async setStartAtLogin({ body }) {
        if (loginStart.isOn() === undefined)
          throw new AppError('conflict', 'Only an installed program can be started with the session');
        loginStart.set(body.enabled);
        deps.onChange();
        return status();
      },
      async setServing({ body }) {
        const port = body.port ?? preferences.current.serving.port ?? web.port;
        await serving.stop();
        if (body.enabled) await serving.start(port);
        preferences.change({ serving: { on: body.enabled, port } });
        return status();
      },
      async setSecretKeeper({ body }) {
        const before = secrets.keeper;
        if (body.keeper === before) return status();
        const problem = body.keeper === 'system' ? secrets.systemProblem() : undefined;
        if (problem) throw new AppError('conflict', problem);
        secrets.keeper = body.keeper;
        try {
          await core.resealSecrets();
        } catch (error) {
          secrets.keeper = before;
          throw error;
        }
        preferences.change({ secret_keeper: body.keeper });
        return status();
      },
      async leaveSafeMode() {
        if (safeMode.reason === undefined) throw new AppError('conflict', 'The program is not in safe mode');
        await safeMode.leave();
        return status();
      },
      async openFolder({ body }) {
        const problem = await shell.openPath(folders[body.folder]);
        if (problem) throw new AppError('unavailable', `${folders[body.folder]} can't be opened: ${problem}`);
        return status();
      },
      async openPages() {
        // An address of the program's own making, never one a page has named.
        if (!serving.address) throw new AppError('conflict', 'The pages are not served');
        await shell.openExternal(serving.address);
        return status();
      },
      takeOpened: async () => ({ success: true, opened: await deps.opened.take() }),
      async checkForUpdates() {
        if (!updates.feed) throw new AppError('conflict', updates.state);
        await updates.check();
        return status();
      },
    },
  };
}
