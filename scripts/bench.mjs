// Measures the built program: node scripts/bench.mjs [NAME] [options]; without a name it lists what there is.
import { spawnSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const folder = join(root, 'tests', 'bench');
const names = readdirSync(folder)
  .filter((file) => file.endsWith('.mjs') && !file.startsWith('support'))
  .map((file) => file.slice(0, -'.mjs'.length));

const [name, ...options] = process.argv.slice(2);
if (!name || !names.includes(name)) {
  const firstLine = (one) => readFileSync(join(folder, `${one}.mjs`), 'utf8').split('\n', 1)[0];
  const list = names.map((one) => `  ${one.padEnd(16)} ${firstLine(one).replace(/^\/\/\s*/, '')}`).join('\n');
  console.error(`usage: npm run bench -- NAME [options]\n\n${list}`);
  process.exit(name ? 2 : 0);
}
const setup = spawnSync(process.execPath, [join(root, 'scripts', 'setup.mjs'), '--for', 'headless'], {
  stdio: 'inherit',
});
if (setup.status !== 0) process.exit(setup.status ?? 1);
const { status } = spawnSync(process.execPath, [join(folder, `${name}.mjs`), ...options], {
  stdio: 'inherit',
});
process.exit(status ?? 1);
