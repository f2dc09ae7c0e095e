// Clock jumps and frozen processes: this program beside node-schedule, in the same run. Linux with libfaketime. [SECONDS=75] [--long] [--only TEXT]
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { get } from 'node:http';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { report, startProgram, temporaryFolder, wait, writeJobs } from './support.mjs';

const { values: options, positionals } = parseArgs({
  allowPositionals: true,
  options: { long: { type: 'boolean' }, only: { type: 'string' } },
});
const watchSeconds = Number(positionals[0] ?? 75);
const library = ['x86_64-linux-gnu', 'aarch64-linux-gnu']
  .map((machine) => `/usr/lib/${machine}/faketime/libfaketime.so.1`)
  .find((file) => existsSync(file));
if (!library) {
  console.error('libfaketime is not installed (Debian package faketime): nothing was measured');
  process.exit(3);
}

const minutely = { cron: '* * * * *', fields: "{minute: '*'}" };
const secondly = { cron: '* * * * * *', fields: "{second: '*'}" };
/** `jump` is what the clock is set to; `freeze` stops the process for so many seconds. */
const scenarios = [
  { name: 'R5 clock +1 h', jump: '+1h', ...minutely },
  { name: 'R5 clock +24 h', jump: '+24h', ...minutely },
  { name: 'R5 clock +1 y', jump: '+365d', ...minutely },
  { name: 'R6 clock -10 min', jump: '-10m', ...minutely },
  { name: 'R6 clock -1 h', jump: '-1h', ...minutely },
  { name: 'R6 clock -24 h', jump: '-24h', ...minutely },
  { name: 'R7 frozen 6 s', freeze: 6, ...secondly },
  { name: 'R7 frozen 90 s', freeze: 90, ...secondly },
  ...(options.long ? [{ name: 'R7 frozen 10 min', freeze: 600, ...secondly }] : []),
].filter(({ name }) => name.includes(options.only ?? ''));

const rivalCode = `
import schedule from 'node-schedule';
schedule.scheduleJob(process.argv[2], (planned) => console.log('run ' + planned.getTime()));
setInterval(() => {}, 1000);
`;

process.setMaxListeners(100);
const folder = temporaryFolder();
const rivalFile = join(process.cwd(), 'node_modules', `.bench-rival-${process.pid}.mjs`);
writeFileSync(rivalFile, rivalCode);
process.on('exit', () => import('node:fs').then(({ rmSync }) => rmSync(rivalFile, { force: true })));

const environmentOf = (file) => ({
  LD_PRELOAD: library,
  FAKETIME_TIMESTAMP_FILE: file,
  FAKETIME_NO_CACHE: '1',
  FAKETIME_DONT_FAKE_MONOTONIC: '1',
});

/** What happens after the fault: runs at once (within a second of each other), in all, and slots that ran twice. */
function judge(before, after) {
  const seen = new Set(before.map((run) => run.slot));
  let twice = 0;
  for (const { slot } of after) {
    if (seen.has(slot)) twice += 1;
    seen.add(slot);
  }
  const burst = Math.max(
    0,
    ...after.map(({ at }) => after.filter((other) => other.at >= at && other.at < at + 500).length),
  );
  return { runs: after.length, most_in_half_a_second: burst, slots_run_twice: twice };
}

async function fault(scenario, file, pid) {
  if (scenario.jump) {
    writeFileSync(file, `${scenario.jump}\n`);
    return;
  }
  process.kill(pid, 'SIGSTOP');
  await wait(scenario.freeze * 1000);
  process.kill(pid, 'SIGCONT');
}

async function ours(scenario, index) {
  const own = join(folder, `ours${index}`);
  mkdirSync(own);
  const file = join(own, 'offset');
  writeFileSync(file, '+0\n');
  const config = writeJobs(own, [
    [
      'id: tick',
      'name: Tick',
      'type: command',
      'command: /bin/true',
      'max_retries: 0',
      'max_instances: 50',
      `schedule: {type: cron, cron_params: ${scenario.fields}}`,
    ],
  ]);
  const program = await startProgram({ folder: own, config, environment: environmentOf(file) });
  const events = [];
  // Not by fetch: it breaks a stream off that is silent for five minutes, as a frozen program is.
  const [reply] = await once(
    get(`${program.address}/api/events`, { headers: { 'X-API-Key': program.key } }),
    'response',
  );
  const reading = (async () => {
    let text = '';
    const decoder = new TextDecoder();
    for await (const chunk of reply) {
      text += decoder.decode(chunk, { stream: true });
      const lines = text.split('\n');
      text = lines.pop();
      for (const line of lines) {
        if (!line.startsWith('data: ')) continue;
        const { type, data } = JSON.parse(line.slice(6));
        if (type === 'execution.started')
          events.push({ at: performance.now(), slot: data.execution.scheduled_time });
      }
    }
  })().catch(() => undefined);
  await wait(3000);
  const before = events.length;
  await fault(scenario, file, program.pid);
  const resumed = performance.now();
  await wait(watchSeconds * 1000);
  const after = events.slice(before);
  const missed = await program.api('GET', '/api/executions?status=missed&limit=10');
  await program.stop();
  await reading;
  return {
    ...judge(events.slice(0, before), after),
    first_after_s: after[0] ? Math.round((after[0].at - resumed) / 100) / 10 : null,
    missed_told: missed.executions.reduce((sum, row) => sum + (row.metadata.count ?? 1), 0),
  };
}

async function rival(scenario, index) {
  const file = join(folder, `rival${index}`);
  writeFileSync(file, '+0\n');
  const child = spawn(process.execPath, [rivalFile, scenario.cron], {
    env: { ...process.env, ...environmentOf(file) },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const events = [];
  child.stdout.on('data', (chunk) => {
    for (const line of String(chunk).split('\n'))
      if (line.startsWith('run ')) events.push({ at: performance.now(), slot: line.slice(4) });
  });
  await wait(3000);
  const before = events.length;
  await fault(scenario, file, child.pid);
  const resumed = performance.now();
  await wait(watchSeconds * 1000);
  const after = events.slice(before);
  const ended = once(child, 'close');
  child.kill('SIGKILL');
  await ended;
  return {
    ...judge(events.slice(0, before), after),
    first_after_s: after[0] ? Math.round((after[0].at - resumed) / 100) / 10 : null,
  };
}

const results = await Promise.all(
  scenarios.map(async (scenario, index) => {
    const [mine, theirs] = await Promise.all([ours(scenario, index), rival(scenario, index)]);
    return { scenario: scenario.name, schedule: scenario.cron, ours: mine, node_schedule: theirs };
  }),
);
const line = (cells) =>
  cells.map((cell, index) => String(cell ?? '-').padEnd([18, 13, 26, 26][index])).join(' ');
console.log(
  `within ${watchSeconds} s of the fault: runs (most within half a second), slots run twice, first after\n`,
);
console.log(line(['fault', 'schedule', 'this program', 'node-schedule']));
const cell = (one) =>
  `${one.runs} (${one.most_in_half_a_second}), ${one.slots_run_twice}, ${one.first_after_s ?? 'none'} s`;
for (const one of results)
  console.log(
    line([
      one.scenario,
      one.schedule,
      `${cell(one.ours)}, missed ${one.ours.missed_told}`,
      cell(one.node_schedule),
    ]),
  );
report({ watch_seconds: watchSeconds, results });
