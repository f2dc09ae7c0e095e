import { execFileSync } from 'node:child_process';
import { copyFileSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { createNodeHost } from '../../src-main/adapters/host/node-host';
import { createNodeProcessRunner } from '../../src-main/adapters/process/node-process-runner';
import type { RunAsFacts } from '../../src-main/adapters/process/run-as';
import type { JobType, RunContext, RunOutcome } from '../../src-main/core/job-type';
import type { Host } from '../../src-main/core/ports/host';
import type { OutputStream } from '../../src-main/core/ports/output-store';
import { tempFolder } from './temp-folder';

/** One attempt of a job type on a real machine, with what it said. */
export interface TypeRun {
  readonly outcome: RunOutcome;
  readonly stdout: string;
  readonly stderr: string;
  readonly system: string;
  /** Everything, in the order it came. */
  readonly all: string;
  readonly artifacts: string;
}

export interface Machine {
  readonly folder: string;
  readonly host: Host;
  readonly processRunner: ReturnType<typeof createNodeProcessRunner>;
  readonly token: string;
  run<C>(
    type: JobType<C>,
    config: unknown,
    options?: {
      readonly run_as?: string;
      readonly signal?: AbortSignal;
      readonly onText?: (text: string, stream: OutputStream) => void;
    },
  ): Promise<TypeRun>;
}

/** A host with its own folders and a real process runner. */
export function createMachine(host: Partial<Host> = {}, runAsFacts?: RunAsFacts): Machine {
  const folder = tempFolder();
  const token = `test-${process.pid}-${Math.random().toString(36).slice(2)}`;
  const processRunner = createNodeProcessRunner({
    token,
    killGraceMs: 1500,
    drainMs: 300,
    ...(runAsFacts && { runAsFacts }),
  });
  const own = createNodeHost({
    jobsFolder: folder,
    temporaryFolder: join(folder, 'tmp'),
    ...(runAsFacts && { runAsFacts }),
  });
  const machineHost: Host = {
    ...own,
    seenBy: async (account) => (account === undefined ? machineHost : own.seenBy(account)),
    ...host,
  };
  let executions = 0;
  return {
    folder,
    host: machineHost,
    processRunner,
    token,
    async run(type, config, options = {}) {
      executions += 1;
      const artifacts = join(folder, 'artifacts', String(executions));
      mkdirSync(artifacts, { recursive: true });
      const parts: { stream: OutputStream; chunk: Uint8Array }[] = [];
      const add = (stream: OutputStream, chunk: Uint8Array) => {
        parts.push({ stream, chunk: chunk.slice() });
        options.onText?.(Buffer.from(chunk).toString(), stream);
      };
      const text = (stream?: OutputStream) =>
        Buffer.concat(
          parts.filter((part) => stream === undefined || part.stream === stream).map((part) => part.chunk),
        ).toString('utf8');
      const context: RunContext = {
        job: {
          job_id: 'test',
          name: 'Test',
          job_type: type.type,
          ...(options.run_as === undefined ? {} : { run_as: options.run_as }),
        } as RunContext['job'],
        execution_id: executions,
        attempt: 1,
        scheduled_time: 0,
        signal: options.signal ?? new AbortController().signal,
        log: { write: add, info: (line) => add('system', Buffer.from(`${line}\n`)) },
        artifacts: {
          folder: artifacts,
          keep: async (name, path) => copyFileSync(path, join(artifacts, name)),
        },
        environment: { JOB_ID: 'test', EXECUTION_ID: `exec_${executions}` },
      };
      const parsed = type.configSchema.parse(config);
      const outcome = await type.execute(parsed, context);
      return {
        outcome,
        stdout: text('stdout'),
        stderr: text('stderr'),
        system: text('system'),
        all: text(),
        artifacts,
      };
    },
  };
}

/** Whether a command works here; where it does not, prints why the tests that need it are skipped. */
export function isInstalled(file: string, args: readonly string[], skipped: string): boolean {
  try {
    execFileSync(file, [...args], { stdio: 'ignore' });
    return true;
  } catch {
    console.warn(`SKIPPED: ${skipped}: "${[file, ...args].join(' ')}" does not work here`);
    return false;
  }
}
