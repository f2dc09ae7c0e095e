import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { runCli } from './program';
import { realTerminal } from './terminal';

/** Two levels above the built file; compose.ts knows it too, but brings the whole program with it. */
const programFolder = fileURLToPath(new URL('../../', import.meta.url));
const { version } = JSON.parse(readFileSync(join(programFolder, 'package.json'), 'utf8')) as {
  version: string;
};

// Set and not called: what is still on its way to a pipe is written first.
process.exitCode = await runCli(process.argv.slice(2), { version, programFolder, terminal: realTerminal() });
