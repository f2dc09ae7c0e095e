// A database of its own on the server of TEST_SQLSERVER_URL, and a program's settings for it.
import { randomBytes } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import sql from 'mssql';

/** Makes the database; ends the process with a word where there is no server. */
export async function benchDatabase(prefix) {
  const url = process.env.TEST_SQLSERVER_URL;
  if (!url) {
    console.error('TEST_SQLSERVER_URL is not set; expected Server=...;Database=...;User Id=...;Password=...');
    process.exit(2);
  }
  const given = Object.fromEntries(
    url
      .split(';')
      .filter(Boolean)
      .map((part) => [part.split('=')[0].trim().toLowerCase(), part.split('=').slice(1).join('=').trim()]),
  );
  const [host, port = '1433'] = given.server.split(',');
  const isEncrypted = /true/i.test(given.encrypt);
  const name = `${prefix}_${randomBytes(4).toString('hex')}`;
  const connect = (database) =>
    new sql.ConnectionPool({
      user: given['user id'],
      password: given.password,
      server: host,
      port: Number(port),
      database,
      requestTimeout: 120_000,
      options: { encrypt: isEncrypted, trustServerCertificate: true },
    }).connect();
  const master = await connect('master');
  await master.request().query(`CREATE DATABASE [${name}]`);
  return {
    name,
    host,
    port: Number(port),
    environment: { JOB_SCHEDULER_DATABASE_PASSWORD: given.password },
    /** The `database` of an app_config.yaml, by the way of another port if one is given. */
    settings: (by = port) =>
      `database: {server: '${by === port ? host : '127.0.0.1'}', port: ${by}, database: ${name}, username: ${given['user id']}, encrypt: ${isEncrypted}, trust_server_certificate: true}`,
    open: () => connect(name),
    async drop() {
      await master
        .request()
        .query(`DROP DATABASE [${name}]`)
        .catch(() => undefined);
      await master.close();
    },
  };
}

/**
 * A script for jobs that write a ledger themselves: a line at the beginning and one at the end of each run, each in one
 * write, to the file of its job. Its arguments: the seconds between the two.
 */
export function ledgerScript(folder, ledger) {
  const script = join(folder, 'note.sh');
  writeFileSync(
    script,
    `echo "begin $SCHEDULED_TIME $EXECUTION_ID" >> "${ledger}/$JOB_ID"
[ "$1" = 0 ] || sleep "$1"
echo "end $SCHEDULED_TIME $EXECUTION_ID" >> "${ledger}/$JOB_ID"
`,
  );
  return script;
}

/** What the ledger tells: execution ids by `job slot`. */
export function readLedger(ledger) {
  const begun = new Map();
  const ended = new Map();
  if (existsSync(ledger))
    for (const job of readdirSync(ledger))
      for (const line of readFileSync(join(ledger, job), 'utf8').trim().split('\n')) {
        const [what, slot, execution] = line.split(' ');
        const list = what === 'begin' ? begun : ended;
        const key = `${job} ${slot}`;
        list.set(key, [...(list.get(key) ?? []), execution]);
      }
  return { begun, ended };
}
