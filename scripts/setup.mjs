// Installs and builds what is missing, so that each command of the README works on a fresh machine.
// Plain Node, no packages: it runs before there are any. Usage: node scripts/setup.mjs --for headless|test|desktop [--quiet]
// --quiet keeps stdout free for what the command behind it answers.
import { spawn, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const purpose = process.argv[process.argv.indexOf('--for') + 1] ?? 'headless';
const rest = process.argv.slice(process.argv.indexOf('--for') + 2);

const say = process.argv.includes('--quiet') && purpose !== 'desktop' ? console.error : console.log;

function stop(message) {
  console.error(message);
  process.exit(1);
}

const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
if (major < 20 || (major === 20 && minor < 19)) {
  stop(
    `Node.js ${process.versions.node} is too old: Job Scheduler needs 20.19 or newer (https://nodejs.org).`,
  );
}

/** Runs a program quietly; shows what it said only when it failed. */
function run(what, command, args, environment = {}) {
  const started = Date.now();
  say(`${what} ...`);
  const isWindows = process.platform === 'win32';
  const { status, stdout, stderr, error } = spawnSync(command, args, {
    cwd: root,
    env: { ...process.env, ...environment },
    encoding: 'utf8',
    maxBuffer: 64 * 1024 * 1024,
    // npm is a .cmd file on Windows, which only its shell can start; the arguments are all our own.
    shell: isWindows && command === 'npm',
  });
  if (status !== 0) stop(`${stdout ?? ''}${stderr ?? ''}${error?.message ?? ''}\n${what} failed.`);
  say(`${what}: done in ${((Date.now() - started) / 1000).toFixed(1)} s`);
}

const read = (file) => (existsSync(file) ? readFileSync(file, 'utf8') : '');

function install() {
  const stampFile = join(root, 'node_modules', '.install-stamp');
  const stamp = createHash('sha256')
    .update(readFileSync(join(root, 'package-lock.json')))
    .update(process.platform + process.arch)
    .digest('hex');
  if (read(stampFile) === stamp) return;
  run('Installing packages (a minute or two, once)', 'npm', ['ci', '--no-audit', '--no-fund']);
  writeFileSync(stampFile, stamp);
}

/** What is built, and of what. Each is built only when something of its own has changed. */
const parts = [
  { name: 'program', config: 'vite.main.config.mts', sources: ['src-shared', 'src-main'] },
  { name: 'desktop', config: 'vite.desktop.config.mts', sources: ['src-shared', 'src-main/shells'] },
  { name: 'window', config: 'vite.renderer.config.mts', sources: ['src-shared', 'src-renderer'] },
];

/** Names and contents of everything a part is made of; times would change with every checkout. */
function fingerprint({ config, sources }) {
  const hash = createHash('sha256').update('production');
  const visit = (path) => {
    if (statSync(path).isDirectory()) for (const name of readdirSync(path).sort()) visit(join(path, name));
    else hash.update(`${relative(root, path)}\n`).update(readFileSync(path));
  };
  for (const name of [...sources, config, 'package.json', 'package-lock.json']) visit(join(root, name));
  return hash.digest('hex');
}

function build() {
  const vite = join(root, 'node_modules', 'vite', 'bin', 'vite.js');
  for (const part of parts) {
    const stampFile = join(root, 'out', `.${part.name}-stamp`);
    const stamp = fingerprint(part);
    if (read(stampFile) === stamp) continue;
    // Under a test runner NODE_ENV is `test`, of which the window would become one with the slow React for developers.
    run(`Building the ${part.name}`, process.execPath, [vite, 'build', '--config', part.config], {
      NODE_ENV: 'production',
    });
    mkdirSync(dirname(stampFile), { recursive: true });
    writeFileSync(stampFile, stamp);
  }
}

/** The Electron to start: the one that is named, else the installed package's, fetched when it is not there yet. */
function findElectron() {
  const named = process.env.ELECTRON_OVERRIDE_DIST_PATH;
  const isWindows = process.platform === 'win32';
  const inPackage = join(root, 'node_modules', 'electron', 'path.txt');
  const program =
    read(inPackage) ||
    (isWindows
      ? 'electron.exe'
      : process.platform === 'darwin'
        ? 'Electron.app/Contents/MacOS/Electron'
        : 'electron');
  if (named) {
    const file = statSync(named, { throwIfNoEntry: false })?.isFile() ? named : join(named, program);
    if (existsSync(file)) return file;
    stop(
      `ELECTRON_OVERRIDE_DIST_PATH is ${named}; expected a folder that holds ${program}, or the program itself.`,
    );
  }
  const file = join(root, 'node_modules', 'electron', 'dist', program);
  if (existsSync(file)) return file;
  console.log('Fetching Electron (once, about 120 MB) ...');
  const script = join(root, 'node_modules', 'electron', 'install.js');
  spawnSync(process.execPath, [script], { cwd: root, stdio: 'ignore', timeout: 10 * 60_000 });
  if (existsSync(file)) return file;
  return stop(
    'Electron could not be fetched; the window needs it. Set ELECTRON_OVERRIDE_DIST_PATH to a folder with one, ' +
      'or use the pages in a browser: npm run headless',
  );
}

/** Told before a minute is spent on building. */
function checkDisplay() {
  const isUnix = process.platform === 'linux';
  if (isUnix && !process.env.DISPLAY && !process.env.WAYLAND_DISPLAY)
    stop(
      'There is no display to open a window on (DISPLAY and WAYLAND_DISPLAY are not set).\n' +
        'Use the pages in a browser: npm run headless. Or give it a display: xvfb-run -a npm start',
    );
}

/** Opens the window and stays until it is quit. Arguments behind `--` are the program's. */
function startDesktop() {
  const electron = findElectron();
  // Chromium's sandbox can't be used by root; nobody should run a desktop so, but test machines do.
  const isRoot = process.getuid?.() === 0;
  const args = [join(root, 'out', 'desktop', 'main.cjs'), ...(isRoot ? ['--no-sandbox'] : []), ...rest];
  const child = spawn(electron, args, { cwd: process.cwd(), stdio: 'inherit' });
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal));
  child.on('error', (error) => stop(`${electron} could not be started: ${error.message}`));
  child.on('exit', (code, signal) => process.exit(code ?? (signal ? 1 : 0)));
}

if (purpose === 'desktop') checkDisplay();
install();
build();
if (purpose === 'desktop') startDesktop();
