// What the benchmarks share: the built program on a temporary data folder, and figures.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { chromium } from 'playwright';
import { build } from 'vite';

const root = fileURLToPath(new URL('../../', import.meta.url));
const programFile = join(root, 'out', 'main', 'headless.js');

/** A folder that is gone when the process ends. */
export function temporaryFolder(prefix = 'job-scheduler-bench-') {
  const folder = mkdtempSync(join(tmpdir(), prefix));
  process.on('exit', () => rmSync(folder, { recursive: true, force: true, maxRetries: 3 }));
  return folder;
}

/** A file of jobs in YAML; each job is a list of lines below its dash. */
export function writeJobs(folder, jobs) {
  const file = join(folder, 'jobs.yaml');
  writeFileSync(
    file,
    `version: '2.0'\njobs:\n${jobs.map((lines) => `  - ${lines.join('\n    ')}`).join('\n')}\n`,
  );
  return file;
}

/**
 * Starts the program and waits until it says that it is running. `appConfig` is the text of an app_config.yaml.
 * `readyMs` is counted from the start of the process.
 */
export async function startProgram({ folder, config, appConfig, environment = {} }) {
  const args = [programFile, '--data', join(folder, 'data'), '--config', config, '--port', '0'];
  if (appConfig !== undefined) {
    const file = join(folder, 'app_config.yaml');
    writeFileSync(file, appConfig);
    args.push('--app-config', file);
  }
  const started = performance.now();
  const child = spawn(process.execPath, args, {
    env: { ...process.env, LOG_LEVEL: 'WARNING', ...environment },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  process.on('exit', () => child.kill('SIGKILL'));
  let printed = '';
  child.stdout.on('data', (chunk) => {
    printed += chunk;
  });
  const ended = once(child, 'close');
  for (;;) {
    if (/Job Scheduler is running/.test(printed)) break;
    const [event] = await Promise.race([
      once(child.stdout, 'data').then(() => ['data']),
      ended.then(() => ['end']),
    ]);
    if (event === 'end') throw new Error(`the program ended:\n${printed}`);
  }
  const readyMs = performance.now() - started;
  const address = /http:\/\/[^\s/]+/.exec(printed)[0];
  const key = readFileSync(join(folder, 'data', 'admin.key'), 'utf8').trim();
  return {
    pid: child.pid,
    readyMs,
    address,
    key,
    async api(method, path, body) {
      const reply = await fetch(`${address}${path}`, {
        method,
        headers: { 'X-API-Key': key, ...(body === undefined ? {} : { 'Content-Type': 'application/json' }) },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      });
      const answer = await reply.json();
      if (reply.status >= 400)
        throw new Error(`${method} ${path}: ${reply.status} ${answer?.error?.message}`);
      return answer;
    },
    async stop() {
      child.kill('SIGTERM');
      await ended;
    },
  };
}

/** Memory and processor time of a process; Linux only, elsewhere undefined. */
export function usageOf(pid) {
  try {
    const status = readFileSync(`/proc/${pid}/status`, 'utf8');
    const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1].split(' ');
    return {
      rssMb: Number(/VmRSS:\s+(\d+)/.exec(status)[1]) / 1024,
      peakMb: Number(/VmHWM:\s+(\d+)/.exec(status)[1]) / 1024,
      // 100 ticks a second on every Linux that Node runs on.
      cpuSeconds: (Number(fields[11]) + Number(fields[12])) / 100,
    };
  } catch {
    return undefined;
  }
}

export const wait = (milliseconds) => new Promise((resolve) => setTimeout(resolve, milliseconds));

/** The value below which a share of all values lies. */
export function percentile(values, share) {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.ceil(sorted.length * share) - 1)];
}

/** One line of JSON, as every benchmark ends. */
export function report(figures) {
  console.log(JSON.stringify(figures));
}

/** Something of the tests that is TypeScript, bundled for this run to where packages are found. */
export async function importTypeScript(file) {
  const outDir = join(root, 'out', 'bench');
  await build({
    root,
    configFile: false,
    logLevel: 'error',
    build: { ssr: file, outDir, emptyOutDir: false },
    ssr: { external: ['@photostructure/sqlite', 'kysely'] },
  });
  return import(pathToFileURL(join(outDir, `${basename(file, '.ts')}.mjs`)).href);
}

/** A real Chromium that is installed; nothing is ever downloaded. */
export async function launchChromium(args = []) {
  const executablePath = [
    process.env.CHROMIUM,
    '/usr/bin/chromium',
    '/usr/bin/chromium-browser',
    '/usr/bin/google-chrome',
    'C:/Program Files/Google/Chrome/Application/chrome.exe',
  ].find((path) => path && existsSync(path));
  if (!executablePath) throw new Error('no Chromium found; install it or set CHROMIUM to its path');
  return chromium.launch({ executablePath, args: ['--no-sandbox', ...args] });
}
