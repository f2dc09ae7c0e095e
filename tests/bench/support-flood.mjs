// Part of window.mjs: a job prints 20,000 lines a second while a page shows them, a client counts what it is sent,
// and another reads nothing.
import { request } from 'node:http';
import { percentile, usageOf, wait } from './support.mjs';

const seconds = 15;
/** The job that floods, beside the file of jobs. */
export const floodScript = `const until = Date.now() + ${seconds * 1000};
let line = 0;
const begin = Date.now();
const timer = setInterval(() => {
  const wanted = Math.floor(((Date.now() - begin) / 1000) * 20000);
  let text = '';
  for (; line < wanted; line += 1) text += Date.now() + ' line ' + line + ' of a job that says far too much to be read\\n';
  process.stdout.write(text);
  if (Date.now() >= until) { clearInterval(timer); }
}, 10);
`;

export const floodJobs = `jobs:
  - {id: flood, name: Flood, type: command, command: node, arguments: [flood.js], max_retries: 0, timeout: 120}
  - {id: tick, name: Tick, type: command, command: 'true', max_retries: 0, schedule: {type: interval, interval_params: {seconds: 1}}}
`;

/** A client of the event stream; `onPiece` gets what one write of the server brought. */
function listen(program, query, onPiece) {
  return new Promise((resolve, reject) => {
    const url = new URL(`${program.address}/api/events${query}`);
    const sent = request(url, { headers: { 'X-API-Key': program.key }, agent: false }, (reply) => {
      const client = { sent, reply, isClosed: false, end: () => sent.destroy() };
      reply.on('close', () => {
        client.isClosed = true;
      });
      reply.on('error', () => undefined);
      if (onPiece) reply.on('data', onPiece);
      resolve(client);
    });
    sent.on('error', reject);
    sent.end();
  });
}

/** Figures of the flood. `newContext` gives a browser context that is logged in. */
export async function measureFlood(newContext, program) {
  const { execution_id } = await program.api('POST', '/api/jobs/flood/run');
  const delays = [];
  const writes = [];
  const states = new Map();
  let rest = '';
  const client = await listen(program, `?output=${execution_id}`, (piece) => {
    const now = Date.now();
    writes.push(now);
    const blocks = (rest + piece).split('\n\n');
    rest = blocks.pop();
    for (const block of blocks) {
      const data = /^data: (.*)$/m.exec(block)?.[1];
      if (!data) continue;
      const event = JSON.parse(data);
      if (event.type === 'execution.output') {
        const last = event.data.text.trimEnd().split('\n').at(-1);
        const at = Number(/^(\d{13}) /.exec(last)?.[1]);
        if (at) delays.push(now - at);
      } else if (event.data.execution) {
        const { execution } = event.data;
        states.set(execution.execution_id, [...(states.get(execution.execution_id) ?? []), event.type]);
      }
    }
  });
  const from = new Date().toISOString();
  const slow = await listen(program, '?output=all');
  slow.reply.pause();

  const context = await newContext();
  const page = await context.newPage();
  await page.goto(`${program.address}/executions/${execution_id}`);
  await page.getByRole('log', { name: 'Output' }).getByText('far too much').first().waitFor();
  await page.evaluate(() => {
    window.__tasks = [];
    new PerformanceObserver((list) =>
      window.__tasks.push(...list.getEntries().map(({ duration }) => duration)),
    ).observe({ type: 'longtask' });
    window.__frames = [];
    const next = (at) => {
      window.__frames.push(at);
      requestAnimationFrame(next);
    };
    requestAnimationFrame(next);
  });
  // Does the page answer? A press of a button until what it does is seen, and how old the last line is.
  const presses = [];
  const behind = [];
  let mostMb = 0;
  const wrap = page.getByRole('button', { name: 'Wrap' });
  for (;;) {
    const { execution } = await program.api('GET', `/api/executions/${execution_id}`);
    mostMb = Math.max(mostMb, usageOf(program.pid)?.rssMb ?? 0);
    if (execution.end_time !== null) break;
    presses.push(
      await wrap.evaluate((button) => {
        const before = performance.now();
        button.click();
        return new Promise((resolve) =>
          requestAnimationFrame(() => setTimeout(() => resolve(performance.now() - before))),
        );
      }),
    );
    behind.push(
      await page.evaluate(() => {
        const text = document.querySelector('[role=log]').innerText;
        const stamps = [...text.matchAll(/(\d{13}) line/g)].map((found) => Number(found[1]));
        return Date.now() - Math.max(...stamps);
      }),
    );
    await wait(400);
  }
  const { tasks, frames } = await page.evaluate(() => ({ tasks: window.__tasks, frames: window.__frames }));
  await wait(1500);
  const to = Date.now();
  const { executions } = await program.api(
    'GET',
    `/api/executions?job_id=tick&limit=1000&from=${encodeURIComponent(from)}`,
  );
  const ended = executions.filter((one) => one.end_time && Date.parse(one.end_time) < to - 1000);
  const lost = ended.filter((one) => {
    const told = states.get(one.execution_id) ?? [];
    return !told.includes('execution.started') || !told.includes('execution.finished');
  });
  const perSecond = new Map();
  for (const at of writes)
    perSecond.set(Math.floor(at / 1000), (perSecond.get(Math.floor(at / 1000)) ?? 0) + 1);
  const { execution } = await program.api('GET', `/api/executions/${execution_id}`);
  client.end();
  const letGo = (await program.api('GET', '/api/logs?search=did+not+read&limit=1')).logs[0];
  const isDropped = letGo !== undefined && (await isClosed(slow));
  await context.close();
  const gaps = frames.slice(1).map((at, index) => at - frames[index]);
  return {
    lines_per_second: Math.round(execution.metadata.output_bytes / 70 / execution.duration_seconds),
    output_mb: Math.round(execution.metadata.output_bytes / 1e6),
    pieces_a_second_most: Math.max(...perSecond.values()),
    behind_p50_ms: percentile(delays, 0.5),
    behind_p99_ms: percentile(delays, 0.99),
    behind_most_ms: Math.max(...delays),
    page_behind_p50_ms: percentile(behind, 0.5),
    page_behind_most_ms: Math.max(...behind),
    other_runs: ended.length,
    other_runs_not_told: lost.length,
    slow_client_dropped: isDropped,
    slow_client_waiting_mib:
      letGo && Math.round((/with (\d+) bytes/.exec(letGo.message)[1] / 1024 ** 2) * 10) / 10,
    server_most_mb: Math.round(mostMb),
    page_longest_task_ms: Math.round(Math.max(0, ...tasks)),
    page_press_most_ms: Math.round(Math.max(...presses)),
    page_frame_p99_ms: Math.round(percentile(gaps, 0.99)),
  };
}

/** Whether the server has ended the connection: seen once what the system holds here has been read. */
async function isClosed(client) {
  client.reply.resume();
  for (let left = 50; left > 0 && !client.isClosed; left -= 1) await wait(100);
  client.end();
  return client.isClosed;
}
