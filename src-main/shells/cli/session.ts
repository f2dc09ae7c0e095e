import type { IncomingMessage } from 'node:http';
import type { Command } from 'commander';
import { createClient } from '../../../src-shared/client';
import { contract } from '../../../src-shared/contract/index';
import { createHttpTransport, send } from './http-transport';
import { createPaint, type Paint, wantsColour } from './paint';
import { safeText } from './safe-text';
import { type Column, formatTable } from './table';
import { findTarget, type TargetOptions } from './target';
import type { Terminal } from './terminal';

/** Options that every command has. */
export interface GlobalOptions extends TargetOptions {
  readonly json?: boolean;
  readonly color: boolean;
}

export type Api = ReturnType<typeof createClient<typeof contract>>;

/** What a command works with. */
export interface Session {
  readonly terminal: Terminal;
  readonly paint: Paint;
  readonly isJson: boolean;
  /** The data folder that was named; undefined: the default. */
  readonly data: string | undefined;
  /** Every operation of the running program, typed by the contract. */
  readonly api: Api;
  /** One line on stdout. */
  print(line: string): void;
  /** A remark beside the answer: on stderr, so that stdout stays the answer alone. */
  note(line: string): void;
  table<Row>(columns: readonly Column<Row>[], rows: readonly Row[]): void;
  /** The answer as JSON when asked for, else as `show` prints it. */
  answer<T>(body: T, show: (body: T) => void): void;
  /** The live events of the program, with the output of one execution. */
  events(output: string, signal: AbortSignal): Promise<IncomingMessage>;
}

/** A session for one command; the program is only looked for when the command first calls it. */
export function openSession(command: Command, terminal: Terminal): Session {
  const options = command.optsWithGlobals<GlobalOptions>();
  const paint = createPaint(wantsColour({ ...terminal, isRefused: !options.color }));
  let target: ReturnType<typeof findTarget> | undefined;
  const found = () => {
    target ??= findTarget(options, terminal);
    return target;
  };
  const print = (line: string) => terminal.out(`${safeText(line)}\n`);
  return {
    terminal,
    paint,
    isJson: options.json === true,
    data: options.data,
    api: createClient(contract, async (named, input) => createHttpTransport(found())(named, input)),
    print,
    note: (line) => terminal.err(`${safeText(line)}\n`),
    table: (columns, rows) =>
      terminal.out(formatTable(columns, rows, { columns: terminal.columns, dim: paint.dim })),
    answer(body, show) {
      if (options.json) terminal.out(`${JSON.stringify(body, null, 2)}\n`);
      else show(body);
    },
    events: (output, signal) =>
      send(found(), { method: 'GET', path: `/api/events?output=${encodeURIComponent(output)}`, signal }),
  };
}

/** What a command ends with; nothing means 0. */
export type Action<Arguments extends readonly unknown[]> = (
  session: Session,
  ...given: Arguments
) => Promise<number | undefined>;

/** Adds a group of commands to the program. */
export interface Registrar {
  readonly program: Command;
  /** Wraps an action for commander: it gets a session, then the arguments, then the options. */
  run<Arguments extends readonly unknown[]>(
    action: Action<Arguments>,
  ): (...given: unknown[]) => Promise<void>;
}
