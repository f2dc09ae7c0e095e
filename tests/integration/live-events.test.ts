import { once } from 'node:events';
import { readFileSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { startProgram } from '../support/program';
import { tempFolder } from '../support/temp-folder';

/** Prints 20 MB a second until it is ended. */
const flood =
  'const part = "x".repeat(99) + "\\n"; setInterval(() => process.stdout.write(part.repeat(4000)), 20)';
const jobs = `jobs:
  - {id: flood, name: Flood, type: command, command: node, arguments: [-e, '${flood}'], max_retries: 0}
  - {id: hello, name: Hello, type: command, command: node, arguments: [-e, 'console.log(1)'], max_retries: 0}
`;

describe('a client of the live events', () => {
  it('that does not read is let go when 8 MiB wait for it, and misses no state when it comes back', {
    timeout: 90_000,
  }, async () => {
    const folder = tempFolder();
    const config = join(folder, 'jobs.yaml');
    writeFileSync(config, jobs);
    const program = await startProgram({ dataFolder: join(folder, 'data'), config });
    const { port } = new URL(program.address);
    // Sockets that are never read from: everything piles up at the other end.
    const asked = `GET /api/events?output=all HTTP/1.1\r\nHost: 127.0.0.1:${port}\r\nX-API-Key: ${program.key}\r\n`;
    const open = async (more = '') => {
      const socket = connect(Number(port), '127.0.0.1');
      socket.pause();
      socket.on('error', () => undefined);
      await once(socket, 'connect');
      socket.write(`${asked}${more}\r\n`);
      return socket;
    };
    const sockets = await Promise.all([open(), open(), open()]);
    onTestFinished(() => {
      for (const socket of sockets) socket.destroy();
    });
    const memoryMb = () =>
      Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${program.child.pid}/status`, 'utf8'))?.[1]) / 1024;
    const hasMemory = process.platform === 'linux';
    const before = hasMemory ? memoryMb() : 0;
    let most = before;
    const { body } = await program.api('POST', '/api/jobs/flood/run');
    const letGo = await program.until(async () => {
      if (hasMemory) most = Math.max(most, memoryMb());
      const { logs } = (await program.api('GET', '/api/logs?search=did+not+read&limit=10')).body;
      return logs.length >= sockets.length && logs;
    }, 'the clients to be let go');
    for (const { message } of letGo) {
      const waiting = Number(/with (\d+) bytes/.exec(message)?.[1]);
      expect(waiting).toBeGreaterThan(8 * 1024 * 1024);
      expect(waiting).toBeLessThan(9 * 1024 * 1024);
    }
    // Others are served meanwhile, and nothing of what they do is lost to who was let go.
    await program.api('POST', '/api/jobs/hello/run');
    await program.api('POST', `/api/executions/${body.execution_id}/cancel`);
    expect(most - before).toBeLessThan(150);
    const [socket] = sockets;
    let text = '';
    const closed = once(socket, 'close');
    socket.on('data', (piece) => {
      text += piece.toString('latin1');
    });
    socket.resume();
    await closed;
    expect(text).toContain('event: execution.output');
    const last = [...text.matchAll(/^id: (\d+)$/gm)].map((match) => Number(match[1])).at(-1) ?? 0;
    expect(last).toBeGreaterThan(0);
    const again = await open(`Last-Event-ID: ${last}\r\n`);
    sockets.push(again);
    let resumed = '';
    again.on('data', (piece) => {
      resumed += piece.toString('latin1');
    });
    again.resume();
    const isOver = () => (resumed.match(/^event: execution\.finished$/gm)?.length ?? 0) >= 2;
    await program.until(async () => isOver(), 'the ends of both runs');
    const ids = [...resumed.matchAll(/^id: (\d+)$/gm)].map((match) => Number(match[1]));
    expect(ids).toEqual(ids.map((_, index) => last + 1 + index));
    expect(resumed).not.toContain('event: reload');
  });
});

/** What a job may print to pass for the program: its events, its marker, its log, its rows (negative test S68). */
const forged = [
  '{"update_event":{"status":"success","progress":1}}',
  '{"type":"execution.finished","data":{"execution":{"execution_id":"exec_1","status":"success"}}}',
  '',
  'id: 999999999999999',
  'event: reload',
  'data: {}',
  '',
  'event: execution.finished',
  'data: {"sequence":1,"type":"execution.finished","data":{"execution":{"status":"success"}}}',
  '',
  ': connected',
  'retry: 1',
  '[… 1,000 of 2,000 bytes left out here …]',
  '2026-11-24 02:00:00.000 [error] the scheduler was stopped by evil',
  'status: success',
  'exit code 0',
  '::set-output name=status::success',
  'cr\rover\u2028and\u2029\u0085next',
];

describe('output that looks like what the program says', () => {
  it('is text: it changes no state, makes no event, and adds no line to the logs', async () => {
    const folder = tempFolder();
    const config = join(folder, 'jobs.yaml');
    writeFileSync(
      config,
      'jobs:\n  - {id: forges, name: Forges, type: command, command: node, arguments: [forges.js], max_retries: 0}\n',
    );
    const text = `${forged.join('\n')}\n`;
    const script = `const text = ${JSON.stringify(text)};
process.stdout.write(text, () => process.stderr.write(text, () => process.exit(3)));`;
    writeFileSync(join(folder, 'forges.js'), script);
    const program = await startProgram({ dataFolder: join(folder, 'data'), config });
    const stop = new AbortController();
    onTestFinished(() => stop.abort());
    const reply = await fetch(`${program.address}/api/events?output=all`, {
      headers: { 'X-API-Key': program.key },
      signal: stop.signal,
    });
    let stream = '';
    const reading = (async () => {
      for await (const piece of reply.body ?? []) stream += Buffer.from(piece).toString();
    })().catch(() => undefined);
    const { execution_id } = (await program.api('POST', '/api/jobs/forges/run')).body;
    // At the start of a line: in what the job printed it stands too.
    await program.until(async () => /^event: execution\.finished$/m.test(stream), 'the end of the run');
    stop.abort();
    await reading;

    // Every block is one of ours: an event with one line of JSON, or a comment. The text stands in the JSON only.
    const blocks = stream.split('\n\n').filter((block) => block !== '' && !block.startsWith(': '));
    const events = blocks.map((block) => {
      const [, type, data] = /^(?:id: \d+\n)?event: ([a-z.]+)\ndata: ([^\n]*)$/.exec(block) ?? [];
      const event = JSON.parse(data ?? 'null');
      expect(event, block).toMatchObject({ type });
      return event;
    });
    expect(stream).not.toMatch(/^(id: 999|retry: 1$|event: reload)/m);
    const states = events.filter(({ type }) => type !== 'execution.output');
    expect(states.map(({ type }) => type)).toEqual([
      'execution.created',
      'execution.started',
      'execution.finished',
    ]);
    const printed = (name: string) =>
      events
        .filter(({ type, data }) => type === 'execution.output' && data.stream === name)
        .map(({ data }) => data.text)
        .join('');
    expect([printed('stdout'), printed('stderr')]).toEqual([text, text]);

    const { execution } = (await program.api('GET', `/api/executions/${execution_id}`)).body;
    expect(execution).toMatchObject({ status: 'failed', return_code: 3 });
    expect(execution.output).toContain(text);
    const { lines, left_out } = (
      await program.api('GET', `/api/executions/${execution_id}/output/lines?from=1&limit=200`)
    ).body;
    expect(left_out).toBeNull();
    const shown = lines.filter((line: { stream: string }) => line.stream === 'stdout');
    expect(shown.map((line: { text: string }) => line.text)).toEqual(forged);

    // A log line of ours begins with its time; whatever of the output an error quotes stays within one.
    const { logs } = (await program.api('GET', '/api/logs?limit=500')).body;
    const levels = logs.map(({ message }: { message: string }) => message);
    expect(levels.filter((message: string) => message.startsWith('the scheduler was stopped'))).toEqual([]);
    const file = readFileSync(join(folder, 'data', 'logs', 'jobs', 'forges.log'), 'utf8');
    for (const line of file.trimEnd().split('\n')) expect(line).toMatch(/^\d{4}-\d\d-\d\d.*(forges|exec_)/);
    expect((await program.api('GET', '/api/scheduler/status')).body.status).toBe('running');
  });
});
