import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { openDatabase } from '../../src-main/adapters/persistence/sqlite/open-database';
import { openSqliteStore } from '../../src-main/adapters/persistence/sqlite/open-sqlite-store';
import { randomNumbers } from './seed-history';

const minute = 60_000;
const day = 24 * 60 * minute;

interface SampleJob {
  readonly id: string;
  readonly name: string;
  /** YAML below id and name, four spaces in. */
  readonly body: string;
  readonly schedule: string;
  /** Its history: every so many minutes, so many minutes after midnight UTC, usually so many seconds. */
  readonly past: readonly [every: number, offset: number, usual: number];
  readonly fails?: number;
}

const cron = (params: string) => `{type: cron, cron_params: {${params}}}`;
const every = (params: string) => `{type: interval, interval_params: {${params}}}`;

/** What an admin's machine runs in a day: realistic names, times and outcomes. */
const sample: readonly SampleJob[] = [
  {
    id: 'backup_files',
    name: 'Backup files',
    body: `type: command
    description: Copies the shared folders to the backup server
    tags: [ops]
    command: node
    arguments: [backup.js]
    max_retries: 0`,
    schedule: every('hours: 12'),
    past: [720, 70, 64],
  },
  {
    id: 'daily_sales_report',
    name: 'Daily sales report',
    body: `type: sql
    description: Orders of the last days by region, for finance
    tags: [finance, reports]
    connection: {driver: sqlite, database: sales.db}
    query: |
      SELECT region, COUNT(*) AS orders, ROUND(SUM(amount), 2) AS total
      FROM orders
      GROUP BY region ORDER BY total DESC`,
    schedule: cron('hour: 8, minute: 30, timezone: America/New_York'),
    past: [1440, 13 * 60 + 30, 45],
  },
  {
    id: 'data_processing',
    name: 'Data processing pipeline',
    body: `type: command
    tags: [etl]
    command: node
    arguments: [process.js]
    max_retries: 2
    retry_delay: 30`,
    schedule: cron("minute: '*/15'"),
    past: [15, 0, 291],
    fails: 0.01,
  },
  {
    id: 'index_maintenance',
    name: 'Index maintenance',
    body: `type: sql
    tags: [ops]
    connection: {connection_id: prod_db}
    query: EXEC dbo.IndexOptimize`,
    schedule: cron('day_of_week: sun, hour: 3'),
    past: [7 * 1440, 3 * 60, 720],
  },
  {
    id: 'nightly_load',
    name: 'Nightly load',
    body: `type: sql
    description: Loads yesterday's orders into the warehouse
    tags: [etl, finance]
    connection: {driver: sqlite, database: sales.db}
    query: |
      INSERT INTO warehouse_orders SELECT * FROM orders
    max_retries: 0`,
    schedule: every('hours: 3'),
    past: [180, 60, 1320],
    fails: 0.03,
  },
  {
    id: 'old_exports',
    name: 'Old exports',
    body: `type: powershell
    enabled: false
    script_path: exports.ps1`,
    schedule: cron('day_of_week: mon-fri, hour: 19'),
    past: [1440, 19 * 60, 3.1],
  },
  {
    id: 'orders_sync',
    name: 'Orders sync',
    body: `type: command
    description: Brings new orders over from the shop
    tags: [shop]
    command: node
    arguments: [orders.js]`,
    schedule: every('minutes: 10'),
    past: [10, 3, 0.6],
    fails: 0.002,
  },
  {
    id: 'purge_temp',
    name: 'Purge temp files',
    body: `type: powershell
    tags: [ops]
    script_path: /srv/jobs/purge.ps1`,
    schedule: cron('day: last fri, hour: 23, minute: 30'),
    past: [7 * 1440, 1410, 72],
  },
  {
    id: 'system_cleanup',
    name: 'System cleanup',
    body: `type: command
    tags: [ops]
    command: node
    arguments: [cleanup.js]
    misfire_grace_time: 300`,
    schedule: every('hours: 6'),
    past: [360, 180, 840],
  },
  {
    id: 'wait_sap',
    name: 'Wait for SAP export',
    body: `type: command
    tags: [finance, sap]
    command: node
    arguments: [wait.js]`,
    schedule: cron('day_of_week: mon-fri, hour: 6'),
    past: [1440, 360, 480],
  },
  {
    id: 'ledger_reconciliation',
    name: 'Reconciliation of the general ledger with the subsidiaries of all regions, and the mail to the controllers',
    body: `type: python
    tags: [finance]
    script_path: /srv/jobs/ledger.py`,
    schedule: cron('hour: 22'),
    past: [1440, 22 * 60, 190],
  },
];

const backup = `const folders = ['Finance', 'Sales', 'Projects', 'Archive', 'Profiles', 'Website'];
const say = (text) => console.log(text);
say('\\x1b[1mBackup to \\\\\\\\backup01\\\\nightly\\x1b[0m, 6 folders');
let done = 0;
let files = 0;
const timer = setInterval(() => {
  const folder = folders[Math.floor(done / 9) % folders.length];
  files += 180 + ((done * 977) % 400);
  if (done % 9 === 0) say('\\x1b[36mcopying\\x1b[0m D:\\\\Shares\\\\' + folder);
  if (done % 14 === 5) console.error('skipped D:\\\\Shares\\\\' + folder + '\\\\~$budget.xlsx: in use by another program');
  say('  ' + String(files).padStart(6) + ' files, \\x1b[32m' + (files * 0.41).toFixed(1) + ' MB\\x1b[0m');
  done += 1;
  if (done > 400) { clearInterval(timer); say('done'); }
}, Number(process.env.SAMPLE_STEP_MS ?? 150));
`;
const quick = (text: string) => `console.log(${JSON.stringify(text)});\n`;

/** Writes the jobs' file and the scripts beside it; the file's path. */
export function writeSampleJobs(folder: string): string {
  mkdirSync(folder, { recursive: true });
  const file = join(folder, 'jobs.yaml');
  const jobs = sample.map(
    ({ id, name, body, schedule }) =>
      `  - id: ${id}\n    name: ${name}\n    ${body}\n    schedule: ${schedule}`,
  );
  writeFileSync(file, `jobs:\n${jobs.join('\n')}\n`);
  writeFileSync(join(folder, 'backup.js'), backup);
  writeFileSync(join(folder, 'orders.js'), quick('12 new orders, 3 changed'));
  writeFileSync(join(folder, 'process.js'), quick('41,312 rows processed'));
  writeFileSync(join(folder, 'cleanup.js'), quick('2.1 GB freed'));
  writeFileSync(join(folder, 'wait.js'), quick('EXPORT_1124.csv is there'));
  const sales = openDatabase(join(folder, 'sales.db'), 5000);
  sales.exec('CREATE TABLE orders (region TEXT, amount REAL)');
  const random = randomNumbers(5);
  const insert = sales.prepare('INSERT INTO orders VALUES (?, ?)');
  for (let index = 0; index < 400; index += 1)
    insert.run(['North', 'South', 'East', 'West'][index % 4] ?? '', Math.round(random() * 90_000) / 100);
  sales.close();
  return file;
}

const messages = {
  failed: "Login failed for user 'etl'. Severity 14, state 8",
  retry: 'Connection reset by peer',
  missed: 'Computer was asleep 02:10 - 06:40; later than its grace time of 5 min',
} as const;

/** Two weeks of history of the sample jobs, into a data folder that no program uses yet. */
export async function seedSampleDays(dataFolder: string, now: number): Promise<void> {
  mkdirSync(dataFolder, { recursive: true });
  const file = join(dataFolder, 'job_scheduler.db');
  await (await openSqliteStore({ file })).close();
  const random = randomNumbers(3);
  const rows = sample
    .flatMap((job) => pastRuns(job, now, random))
    .sort((a, b) => Number(a.start) - Number(b.start));
  const db = openDatabase(file, 5000);
  const insert = db.prepare(
    `INSERT INTO job_execution_history_V2 (job_id, job_name, status, start_time, end_time, duration_seconds, error_message,
      return_code, retry_count, max_retries, metadata, scheduled_time, trigger_type) VALUES (?,?,?,?,?,?,?,?,0,3,'{}',?,'schedule')`,
  );
  const iso = (instant: number) => new Date(instant).toISOString();
  db.exec('BEGIN');
  for (const { job, status, start, seconds } of rows) {
    const message = status === 'success' ? null : messages[status];
    const code = status === 'success' ? 0 : status === 'missed' ? null : 1;
    const end = iso(start + seconds * 1000);
    insert.run(job.id, job.name, status, iso(start), end, seconds, message, code, iso(start));
  }
  db.exec('COMMIT');
  db.close();
}

function pastRuns(job: SampleJob, now: number, random: () => number) {
  const [everyMinutes, offset, usual] = job.past;
  const first = Math.floor((now - 14 * day) / day) * day + offset * minute;
  const runs: {
    readonly job: SampleJob;
    readonly status: 'success' | 'failed' | 'retry' | 'missed';
    readonly start: number;
    readonly seconds: number;
  }[] = [];
  for (let start = first; start + usual * 1400 < now; start += everyMinutes * minute) {
    const isAsleep =
      job.id === 'system_cleanup' && now - start < 8 * 60 * minute && now - start > 60 * minute;
    const luck = random();
    const fails = job.fails ?? 0.004;
    const status = isAsleep ? 'missed' : luck < fails ? 'failed' : luck < fails * 3 ? 'retry' : 'success';
    const seconds = isAsleep ? 0 : Math.round(usual * (0.8 + random() * 0.4) * 1000) / 1000;
    runs.push({ job, status, start, seconds });
  }
  return runs;
}
