import { z } from 'zod';
import { operation } from './contract/operation';

const ok = z.literal(true);

export const SecretKeeper = z.enum(['key_file', 'system']);
/** Where the key to stored secrets lies: a file of the data folder, or the system's own store of the person. */
export type SecretKeeper = z.infer<typeof SecretKeeper>;

/** What only the desktop application has, as its window shows it. */
export const DesktopStatus = z.object({
  success: ok,
  data_folder: z.string(),
  safe_mode: z.string().nullable().describe('why the program has put itself on hold; null when it has not'),
  starts_at_login: z.boolean().nullable().describe('null where the system has no such list'),
  keeps_in_tray: z.boolean(),
  serving: z.object({
    on: z.boolean(),
    host: z.string(),
    port: z.number().int(),
    address: z.string().nullable(),
    key_file: z.string(),
    problem: z.string().nullable(),
  }),
  secrets: z.object({
    keeper: SecretKeeper,
    system_problem: z.string().nullable().describe("why the system's store can't be used; null when it can"),
    stored: z.number().int(),
  }),
  updates: z.object({
    feed: z.string().nullable(),
    state: z.string().describe('in words'),
  }),
});
export type DesktopStatus = z.infer<typeof DesktopStatus>;

/** A jobs file that was opened by a double click: a stranger's, so it is looked at and not taken in. */
export const OpenedFile = z.object({
  name: z.string(),
  yaml: z.string().nullable(),
  problem: z.string().nullable(),
});
export type OpenedFile = z.infer<typeof OpenedFile>;

const setting = <const B extends z.ZodType>(name: string, summary: string, body: B) =>
  operation({
    method: 'POST',
    path: `/desktop/${name}`,
    role: 'admin',
    tag: 'Desktop',
    summary,
    body,
    response: DesktopStatus,
    errors: ['validation_failed', 'conflict', 'unavailable'],
  });

/** Operations of the desktop application itself. They are reached over IPC by its own window and nowhere else. */
export const desktopContract = {
  desktop: {
    status: operation({
      method: 'GET',
      path: '/desktop/status',
      role: 'viewer',
      tag: 'Desktop',
      summary: 'How the desktop application is set up',
      response: DesktopStatus,
      errors: [],
    }),
    setStartAtLogin: setting(
      'start-at-login',
      'Start with the session',
      z.strictObject({ enabled: z.boolean() }),
    ),
    setServing: setting(
      'serving',
      'Serve the pages and the REST API from here',
      z.strictObject({ enabled: z.boolean(), port: z.number().int().min(0).max(65_535).optional() }),
    ),
    setSecretKeeper: setting(
      'secret-keeper',
      'Move the key to stored secrets',
      z.strictObject({ keeper: SecretKeeper }),
    ),
    leaveSafeMode: setting('leave-safe-mode', 'Schedule again', z.strictObject({})),
    openFolder: setting(
      'open-folder',
      'Show a folder of the program',
      z.strictObject({ folder: z.enum(['data', 'logs', 'jobs']) }),
    ),
    openPages: setting('open-pages', 'Open the served pages in the browser', z.strictObject({})),
    takeOpened: operation({
      method: 'POST',
      path: '/desktop/opened',
      role: 'editor',
      tag: 'Desktop',
      summary: 'The jobs file that was opened with the program, once',
      body: z.strictObject({}),
      response: z.object({ success: ok, opened: OpenedFile.nullable() }),
      errors: [],
    }),
    checkForUpdates: setting('check-for-updates', 'Look for a newer version', z.strictObject({})),
  },
};
export type DesktopContract = typeof desktopContract;
