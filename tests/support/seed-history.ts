import { join } from 'node:path';
import { openDatabase } from '../../src-main/adapters/persistence/sqlite/open-database';

const day = 86_400_000;

/** A repeatable stream of numbers from 0 to 1 (mulberry32). */
export function randomNumbers(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let value = Math.imul(state ^ (state >>> 15), 1 | state);
    value = (value + Math.imul(value ^ (value >>> 7), 61 | value)) ^ value;
    return ((value ^ (value >>> 14)) >>> 0) / 4_294_967_296;
  };
}

const words =
  'Nightly Orders Sales Backup Index Purge Export Import Ledger Stock Customer Invoice Payroll Cache Mail Report'.split(
    ' ',
  );
const deeds = 'load sync report cleanup rebuild archive check mirror export transfer'.split(' ');
const types = [
  `type: command\n    command: node\n    arguments: [-e, '0']`,
  `type: python\n    script_path: job.py`,
  `type: powershell\n    script_path: job.ps1`,
  `type: sql\n    query: SELECT 1\n    connection:\n      connection_id: warehouse`,
];
const schedules = [
  `{type: cron, cron_params: {minute: '*/15'}}`,
  `{type: cron, cron_params: {hour: 2, minute: 30, timezone: America/New_York}}`,
  `{type: interval, interval_params: {hours: 6}}`,
  `{type: cron, cron_params: {day_of_week: mon-fri, hour: 8}}`,
  `{type: cron, cron_params: {day: last fri, hour: 23, minute: 30}}`,
];

/** A jobs file with so many jobs of all types and schedules; some have long names, tags or are disabled. */
export function manyJobs(count: number): string {
  const random = randomNumbers(7);
  const pick = <T>(list: readonly T[]) => list[Math.floor(random() * list.length)] as T;
  const jobs = Array.from({ length: count }, (_, index) => {
    const isLong = index % 97 === 3;
    const name = `${pick(words)} ${pick(deeds)}${isLong ? ' of every subsidiary in all regions, with reconciliation against the general ledger and a mail to the controllers' : ''} ${index}`;
    const tags = index % 3 === 0 ? `\n    tags: [${pick(['finance', 'ops', 'reporting'])}]` : '';
    return `  - id: job_${String(index).padStart(4, '0')}
    name: ${JSON.stringify(name)}
    ${pick(types)}
    enabled: ${index % 17 !== 5}${tags}
    schedule: ${pick(schedules)}`;
  });
  return `jobs:\n${jobs.join('\n')}\n`;
}

/**
 * Writes so many rows of history into a data folder whose program is not running, over the last `days` days, for
 * the jobs of `manyJobs(jobs)`. One run in thirty fails, and some are retried, missed, or timed out.
 */
export function seedHistory(
  dataFolder: string,
  { rows, jobs, days = 14 }: { rows: number; jobs: number; days?: number },
): void {
  const db = openDatabase(join(dataFolder, 'job_scheduler.db'), 5000);
  const names = new Map(
    (
      db.prepare('SELECT job_id, name FROM job_configurations').all() as { job_id: string; name: string }[]
    ).map((row) => [row.job_id, row.name]),
  );
  const random = randomNumbers(11);
  const now = Date.now();
  const insert = db.prepare(
    `INSERT INTO job_execution_history_V2 (job_id, job_name, status, start_time, end_time, duration_seconds, error_message,
      return_code, retry_count, max_retries, metadata, scheduled_time, trigger_type) VALUES (?,?,?,?,?,?,?,?,?,?,?,?,?)`,
  );
  db.exec('BEGIN');
  for (let index = 0; index < rows; index += 1) {
    const start = now - days * day + Math.floor((index / rows) * days * day);
    const job_id = `job_${String(Math.floor(random() * random() * jobs)).padStart(4, '0')}`;
    const usual = 2 + ((Number(job_id.slice(4)) * 37) % 900);
    const luck = random();
    const status =
      luck < 0.02
        ? 'failed'
        : luck < 0.028
          ? 'retry'
          : luck < 0.031
            ? 'missed'
            : luck < 0.034
              ? 'timeout'
              : luck < 0.037
                ? 'skipped'
                : 'success';
    const isRun = status !== 'missed' && status !== 'skipped';
    const seconds = isRun ? usual * (0.7 + random() * 0.6) : 0;
    const end = Math.min(now, start + seconds * 1000);
    const message = {
      failed: "Login failed for user 'etl'. Severity 14, state 8",
      timeout: `Ended after its timeout of ${Math.round(usual)} s`,
      missed: 'The computer was asleep; later than its grace time of 300 s',
      retry: 'Connection reset by peer',
      skipped: 'The previous run was still going on',
      success: null,
    }[status];
    insert.run(
      job_id,
      names.get(job_id) ?? job_id,
      status,
      new Date(start).toISOString(),
      new Date(end).toISOString(),
      (end - start) / 1000,
      message,
      status === 'success' ? 0 : isRun ? 1 : null,
      0,
      3,
      '{}',
      new Date(start).toISOString(),
      random() < 0.95 ? 'schedule' : 'manual',
    );
  }
  db.exec('COMMIT');
  db.close();
}
