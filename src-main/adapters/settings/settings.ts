import { z } from 'zod';
import { MachineWord } from '../../../src-shared/model/machine';
import { timeZoneName } from '../../../src-shared/schedule/time-zone-name';
import { NotificationSettings } from './notification-settings';

const TimeZone = z
  .string()
  .refine((name) => timeZoneName(name) !== undefined, 'expected an IANA zone such as America/New_York');
const seconds = (most: number) => z.number().min(0).max(most);

const JobDefaults = z.strictObject({
  timeout: seconds(31_536_000).default(300),
  max_retries: z.number().int().min(0).max(100).default(3),
  retry_delay: seconds(604_800).default(60),
  max_instances: z.number().int().min(1).max(100).default(1),
  overlap: z.enum(['skip', 'queue', 'replace']).default('skip'),
  misfire_grace_time: seconds(315_360_000).nullable().default(300),
  coalesce: z.boolean().default(true),
});

/** How the program may log in to SQL Server; the Entra names are those of the driver. */
const sqlServerLogins = [
  'windows',
  'sql',
  'azure-active-directory-default',
  'azure-active-directory-password',
  'azure-active-directory-service-principal-secret',
  'azure-active-directory-msi-vm',
  'azure-active-directory-msi-app-service',
] as const;

const pool = (fallback: number) => z.number().int().min(1).max(1000).default(fallback);

/** The specification's app_config.yaml (section 9 and "Application Tuning"), with its defaults. */
export const Settings = z
  .strictObject({
    database: z
      .strictObject({
        connection_string: z.string().optional(),
        server: z.string().optional(),
        database: z.string().optional(),
        trusted_connection: z.boolean().optional(),
        username: z.string().optional(),
        password: z.string().optional(),
        sealed_password: z
          .string()
          .optional()
          .describe('as the settings page writes it: opened with secret.key of the data folder'),
        driver: z.string().optional(),
        port: z.number().int().min(1).max(65_535).optional(),
        encrypt: z.boolean().optional(),
        trust_server_certificate: z.boolean().optional(),
        authentication: z.enum(sqlServerLogins).optional().describe('instead of trusted_connection'),
        tenant_id: z.string().optional(),
        client_id: z.string().optional(),
        connection_timeout: z.number().int().min(1).max(600).optional().describe('seconds'),
        pool_size: pool(20),
        max_overflow: z.number().int().min(0).max(1000).default(10),
        pool_timeout: seconds(600).default(30),
      })
      .prefault({}),
    logging: z
      .strictObject({
        level: z
          .string()
          .transform((level) => level.toUpperCase())
          .pipe(
            z.enum(
              ['DEBUG', 'INFO', 'WARNING', 'ERROR', 'CRITICAL'],
              'expected DEBUG, INFO, WARNING, ERROR or CRITICAL',
            ),
          )
          .default('INFO'),
        file: z.string().min(1).default('logs/scheduler.log'),
        max_size: z.number().int().min(10_000).max(10_000_000_000).default(10_485_760).describe('bytes'),
        backup_count: z.number().int().min(0).max(100).default(5),
      })
      .prefault({}),
    web: z
      .strictObject({
        host: z.string().min(1).default('127.0.0.1'),
        port: z.number().int().min(0).max(65_535).default(5000),
        secret_key: z.string().optional(),
        allowed_hosts: z
          .array(z.string().min(1))
          .default([])
          .describe('further names this server answers to'),
      })
      .prefault({}),
    scheduler: z
      .strictObject({
        timezone: TimeZone.default('UTC'),
        thread_pool_size: pool(20),
        process_pool_size: pool(5).describe(
          'kept for files of the Python program; jobs are processes here anyway',
        ),
        max_queued: z.number().int().min(1).max(100_000).default(1000),
        powershell_host: z.enum(['powershell', 'pwsh']).optional(),
        job_defaults: JobDefaults.prefault({}),
        executors: z
          .strictObject({
            default: z
              .strictObject({ class: z.string().optional(), max_workers: pool(20).optional() })
              .optional(),
            processpool: z
              .strictObject({ class: z.string().optional(), max_workers: pool(5).optional() })
              .optional(),
          })
          .optional(),
      })
      .prefault({}),
    output: z
      .strictObject({
        max_size: z
          .number()
          .int()
          .min(65_536)
          .max(1_000_000_000_000)
          .default(52_428_800)
          .describe('bytes of one execution kept in its file: head and tail beyond'),
        excerpt_size: z
          .number()
          .int()
          .min(1024)
          .max(10_485_760)
          .default(65_536)
          .describe('bytes of it kept in the history row'),
        max_artifact_size: z
          .number()
          .int()
          .min(0)
          .max(1_000_000_000_000)
          .default(209_715_200)
          .describe('bytes of a report or notebook that is still copied to the execution'),
      })
      .prefault({}),
    history: z
      .strictObject({
        keep_days: z.number().int().min(1).max(36_500).nullable().default(null).describe('null: for ever'),
        keep_failed_days: z
          .number()
          .int()
          .min(1)
          .max(36_500)
          .nullable()
          .default(null)
          .describe('of failed, timed out and interrupted runs; null: as keep_days'),
        keep_runs_per_job: z
          .number()
          .int()
          .min(1)
          .max(10_000_000)
          .nullable()
          .default(null)
          .describe('the newest of each job; null: all'),
      })
      .prefault({}),
    updates: z
      .strictObject({
        feed: z
          .string()
          .regex(/^https:\/\/[^\s@]+$/, 'expected an https address without a login')
          .optional()
          .describe('where the desktop application looks for newer versions; absent: nowhere'),
      })
      .prefault({}),
    notifications: NotificationSettings.prefault({}),
    cluster: z
      .strictObject({
        enabled: z.boolean().default(false).describe('several machines share the jobs of one SQL Server'),
        node: MachineWord.optional().describe('what this machine is called; the name of the host without it'),
        tags: z
          .array(MachineWord)
          .max(20)
          .default([])
          .describe('further names that `runs_on` of a job may say'),
      })
      .prefault({}),
  })
  .superRefine(({ cluster, database }, context) => {
    if (!cluster.enabled || database.connection_string || database.server) return;
    context.addIssue({
      code: 'custom',
      path: ['cluster', 'enabled'],
      message: 'expected a SQL Server to share: set database.connection_string or database.server',
    });
  });
export type Settings = z.infer<typeof Settings>;
