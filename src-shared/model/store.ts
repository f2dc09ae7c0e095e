import { z } from 'zod';

export const StoreEngine = z.enum(['embedded', 'sqlserver']);
/** What history, jobs and everything else are kept in: a SQLite file of the data folder, or a SQL Server. */
export type StoreEngine = z.infer<typeof StoreEngine>;

/** The SQL Server to keep everything in: an ODBC string, or single keys as in `database` of the configuration. */
export const StoreServer = z.strictObject({
  connection_string: z
    .string()
    .trim()
    .min(1)
    .max(4000)
    .optional()
    .describe('ODBC form, as in the configuration'),
  server: z.string().trim().min(1).max(300).optional().describe('HOST, HOST\\INSTANCE or HOST,PORT'),
  port: z.number().int().min(1).max(65_535).optional(),
  database: z.string().trim().min(1).max(128).optional(),
  trusted_connection: z.boolean().optional().describe('the Windows account of the program'),
  username: z.string().min(1).max(128).optional(),
  password: z.string().min(1).max(1000).optional(),
  driver: z.string().min(1).max(100).optional(),
  encrypt: z.boolean().optional(),
  trust_server_certificate: z.boolean().optional(),
  connection_timeout: z.number().int().min(1).max(600).optional().describe('seconds'),
});
export type StoreServer = z.infer<typeof StoreServer>;

/** What a server answered when it was tried as a store. Nothing is written by trying. */
export const StoreTrial = z.object({
  works: z.boolean(),
  message: z.string().describe('what is wrong and what to do about it, or what was found'),
  warnings: z.array(z.string()),
  version: z.string().nullable(),
  duration_seconds: z.number(),
  holds: z
    .enum(['nothing', 'tables', 'own', 'others'])
    .nullable()
    .describe('nothing of ours; empty tables; a copy of this store; jobs or runs of another program'),
  jobs: z.number().int().nullable(),
  executions: z.number().int().nullable(),
});
export type StoreTrial = z.infer<typeof StoreTrial>;

export const MovedTable = z.object({
  name: z.string(),
  source: z.number().int().describe('rows'),
  target: z.number().int().nullable().describe('rows there; null before they were counted'),
  state: z.enum(['waiting', 'copying', 'comparing', 'same', 'differs', 'counted']),
  digest: z.string().nullable().describe('of all rows, the same on both sides'),
});
export type MovedTable = z.infer<typeof MovedTable>;

/** A move, how far it is or how it ended. */
export const StoreMove = z.object({
  to: StoreEngine,
  place: z.string().describe('where to, in words'),
  copies: z.boolean().describe('false: the database is used as it is'),
  dry_run: z.boolean(),
  state: z.enum(['running', 'done', 'failed', 'cancelled']),
  step: z.enum(['connecting', 'copying', 'comparing', 'writing_setting', 'ended']),
  rows_done: z.number().int(),
  rows_total: z.number().int(),
  tables: z.array(MovedTable),
  message: z.string().nullable().describe('how it ended'),
  started: z.string(),
  ended: z.string().nullable(),
  started_by: z.string(),
});
export type StoreMove = z.infer<typeof StoreMove>;

/** Where everything is kept now, and where from the next start on. */
export const StoreStatus = z.object({
  engine: StoreEngine,
  place: z.string().describe('the file, or server and database'),
  server: z
    .object({
      server: z.string(),
      database: z.string(),
      login: z.string().describe('in words'),
      encrypt: z.boolean(),
      trust_server_certificate: z.boolean(),
    })
    .nullable(),
  bytes: z.number().int().nullable().describe('of the embedded file, or of the journal'),
  remote: z
    .object({ state: z.string(), waiting: z.number().int(), reason: z.string().nullable() })
    .nullable(),
  settings_file: z.string().describe('the file that a move writes the setting to'),
  fixed_by: z
    .array(z.string())
    .describe('what sets the store from outside, so that it can’t be switched here'),
  can_restart: z.boolean(),
  next: z.object({ engine: StoreEngine, place: z.string() }).nullable().describe('from the next start on'),
  unfinished: z.string().nullable().describe('why the last move could not be completed at the start'),
  move: StoreMove.nullable(),
});
export type StoreStatus = z.infer<typeof StoreStatus>;
