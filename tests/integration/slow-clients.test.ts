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
