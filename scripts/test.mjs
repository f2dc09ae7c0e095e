// Everything that must be green: format, lint, types, layers, then all tests. Arguments go to vitest.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const bin = (name, file) => join(root, 'node_modules', name, file);

function run(what, file, args) {
  console.log(`\n== ${what}`);
  return spawnSync(process.execPath, [file, ...args], { cwd: root, stdio: 'inherit' }).status ?? 1;
}

const checks = [
  ['format and lint', bin('@biomejs/biome', 'bin/biome'), ['check', '.']],
  ['types of src-shared', bin('typescript', 'bin/tsc'), ['--noEmit', '-p', 'src-shared']],
  ['types of src-main', bin('typescript', 'bin/tsc'), ['--noEmit', '-p', 'src-main']],
  ['types of src-renderer', bin('typescript', 'bin/tsc'), ['--noEmit', '-p', 'src-renderer']],
  ['types of tests', bin('typescript', 'bin/tsc'), ['--noEmit', '-p', 'tests']],
  [
    'layers',
    bin('dependency-cruiser', 'bin/dependency-cruise.mjs'),
    ['--config', '.dependency-cruiser.cjs', 'src-shared', 'src-main', 'src-renderer'],
  ],
];

let failedChecks = 0;
for (const [what, file, args] of checks) {
  if (run(what, file, args) !== 0) {
    failedChecks += 1;
    console.error(`== ${what}: FAILED`);
  }
}

const folder = mkdtempSync(join(tmpdir(), 'job-scheduler-test-'));
const report = join(folder, 'report.json');
const status = run('tests', bin('vitest', 'vitest.mjs'), [
  'run',
  '--reporter=default',
  '--reporter=json',
  `--outputFile.json=${report}`,
  ...process.argv.slice(2),
]);

let counts = { numPassedTests: 0, numFailedTests: 1, numPendingTests: 0, numTodoTests: 0, testResults: [] };
try {
  counts = JSON.parse(readFileSync(report, 'utf8'));
} catch {
  console.error('The test runner left no report.');
}
rmSync(folder, { recursive: true, force: true });

const skipped = counts.testResults
  .flatMap((file) => file.assertionResults)
  .filter((test) => test.status === 'pending' || test.status === 'skipped');
if (skipped.length > 0)
  console.log(`\nSkipped, and why:\n${skipped.map((test) => `  ${test.fullName}`).join('\n')}`);

// A file that could not even be loaded counts as a failure although no test of it did.
const brokenFiles = counts.testResults.filter(
  (file) => file.status === 'failed' && file.assertionResults.length === 0,
).length;
const failed = counts.numFailedTests + brokenFiles + failedChecks;
console.log(
  `\n${counts.numPassedTests + checks.length - failedChecks} passed, ${failed} failed, ${skipped.length} skipped`,
);
process.exit(status === 0 && failed === 0 ? 0 : 1);
