import { createInterface } from 'node:readline';
import { Writable } from 'node:stream';
import { AppError } from '../../../src-shared/errors';

/** Where a command reads and writes. */
export interface Terminal {
  out(text: string | Uint8Array): void;
  err(text: string): void;
  /** A person looks at what is printed. */
  readonly isInteractive: boolean;
  /** Columns of the window; undefined when nobody looks. */
  readonly columns: number | undefined;
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly platform: string;
  /**
   * Asks without showing what is typed, or reads all of a pipe; without the line end at its end. With `again`, a person
   * is asked a second time; throws `validation_failed` when the two differ.
   */
  readSecret(question: string, again?: string): Promise<string>;
  /** Aborts when the person has had enough (Ctrl+C). */
  readonly interrupted: AbortSignal;
}

async function readAll(stream: NodeJS.ReadableStream): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of stream) chunks.push(Buffer.from(chunk as Uint8Array | string));
  return Buffer.concat(chunks)
    .toString('utf8')
    .replace(/^\uFEFF/, '')
    .replace(/\r?\n$/, '');
}

function ask(question: string): Promise<string> {
  return new Promise((resolve) => {
    process.stderr.write(question);
    // readline echoes to its output what is typed: here into nothing.
    const silent = new Writable({ write: (_chunk, _encoding, done) => done() });
    const reading = createInterface({ input: process.stdin, output: silent, terminal: true });
    reading.once('line', (line) => {
      reading.close();
      process.stderr.write('\n');
      resolve(line);
    });
    reading.once('SIGINT', () => {
      process.stderr.write('\n');
      process.exit(130);
    });
  });
}

/** The terminal this process was started in. */
export function realTerminal(): Terminal {
  const interrupted = new AbortController();
  process.once('SIGINT', () => {
    interrupted.abort();
    // Whoever follows a run ends by himself and says so; anything else is ended here.
    setTimeout(() => process.exit(130), 1000).unref();
  });
  // Whoever reads may stop reading (`| head`): then there is nothing left to do.
  process.stdout.on('error', (error: NodeJS.ErrnoException) => process.exit(error.code === 'EPIPE' ? 0 : 1));
  return {
    out: (text) => void process.stdout.write(text),
    err: (text) => void process.stderr.write(text),
    isInteractive: process.stdout.isTTY === true,
    columns: process.stdout.isTTY ? process.stdout.columns : undefined,
    environment: process.env,
    platform: process.platform,
    async readSecret(question, again) {
      if (!process.stdin.isTTY) return readAll(process.stdin);
      const typed = await ask(question);
      if (again !== undefined && (await ask(again)) !== typed)
        throw new AppError('validation_failed', 'The two are not the same; nothing was done');
      return typed;
    },
    interrupted: interrupted.signal,
  };
}
