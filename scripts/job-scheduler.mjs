#!/usr/bin/env node
// The command line of the installed program (package.json "bin"). `npm run cli` builds it in a checkout.
import { existsSync } from 'node:fs';

const built = new URL('../out/main/cli.js', import.meta.url);
if (existsSync(built)) await import(built.href);
else {
  console.error(
    'job-scheduler: the program is not built yet; run "npm run cli -- --version" in its folder once',
  );
  process.exitCode = 70;
}
