import { spawn } from 'node:child_process';
import { childEnvironment } from '../child-environment';
import type { RunTool } from './run-as-task';

const limitMs = 60_000;

/** Runs a tool for real. One that can't be started has the code -1 and says why; it never throws. */
export const runTool: RunTool = (file, args, stdin) =>
  new Promise((resolve) => {
    const parts: Record<'out' | 'err', Buffer[]> = { out: [], err: [] };
    const child = spawn(file, [...args], {
      stdio: ['pipe', 'pipe', 'pipe'],
      env: childEnvironment(process.env, {}, process.platform),
      windowsHide: true,
      timeout: limitMs,
    });
    child.stdout.on('data', (chunk: Buffer) => parts.out.push(chunk));
    child.stderr.on('data', (chunk: Buffer) => parts.err.push(chunk));
    child.stdin.on('error', () => undefined);
    child.stdin.end(stdin ?? '');
    child.once('error', (error) => resolve({ code: -1, text: error.message }));
    child.once('close', (code, signal) => {
      const text = (stream: 'out' | 'err') => Buffer.concat(parts[stream]).toString('utf8');
      const said = text('out').trim() === '' ? text('err') : text('out');
      const none = signal === null ? '' : `no answer within ${limitMs / 1000} s`;
      resolve({ code: code ?? -1, text: said.trim() === '' ? none : said });
    });
  });
