import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';

/** Tests of the program itself run the built one: what is tested is what is shipped. */
export default function setup() {
  const script = fileURLToPath(new URL('../../scripts/setup.mjs', import.meta.url));
  execFileSync(process.execPath, [script, '--for', 'headless'], { stdio: 'inherit' });
}
