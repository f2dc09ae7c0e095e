import { statSync } from 'node:fs';
import { AppError } from '../../../../src-shared/errors';
import type { MovedTable, StoreMove, StoreServer, StoreStatus } from '../../../../src-shared/model/store';
import type { Logger } from '../../../core/ports/logger';
import type { Store } from '../../../core/ports/store';
import type { MoveRequest, StoreSwitch } from '../../../core/ports/store-switch';
import type { ServerSettings } from '../../settings/server-keys';
import type { Settings } from '../../settings/settings';
import { type StoreTarget, storeTarget } from '../sqlserver/store-target';
import { embeddedFile, journalFile } from '../store-files';
import type { MadeMove } from './move-work';
import { writePendingMove } from './pending-move';
import { serverSettings } from './server-settings';

export interface SwitchParts {
  readonly dataFolder: string;
  readonly store: Store;
  readonly database: Settings['database'];
  readonly isClustered: boolean;
  readonly logger: Logger;
  readonly settingsFile: string;
  /** Writes the setting; undefined: the embedded store. Throws `conflict` when it can't. */
  readonly writeSetting: (server: ServerSettings | undefined) => void;
  readonly seal: (password: string) => string;
  /** What sets the store from outside: an environment variable. */
  readonly fixedBy: readonly string[];
  readonly unfinished: string | undefined;
  /** Starts the program anew; undefined where only its keeper can. */
  readonly restart: (() => void) | undefined;
}

/** The program answers first, then it starts anew. */
const answerMs = 300;

const loginText = ({ target: { login } }: StoreTarget): string =>
  login.kind === 'windows'
    ? 'Windows account of the program'
    : `${login.kind === 'sql' ? 'SQL login' : 'Entra'} ${login.username ?? ''}`.trim();

const placeText = ({ target: { server, database } }: StoreTarget): string => `${database} on ${server}`;

function bytesOf(file: string): number | null {
  const sizeOf = (one: string) => statSync(one, { throwIfNoEntry: false })?.size;
  const size = sizeOf(file);
  // What was written last stands in its log still.
  return size === undefined ? null : size + (sizeOf(`${file}-wal`) ?? 0);
}

/** Moves everything between the embedded store and a SQL Server while the program works. */
export function createStoreSwitch(parts: SwitchParts): StoreSwitch & { finish(): Promise<void> } {
  const { dataFolder, store, logger } = parts;
  // While a move waits for its end, the embedded store is in use whatever the setting says.
  const current = parts.unfinished === undefined ? storeTarget(parts.database) : undefined;
  let move: StoreMove | undefined;
  let made: MadeMove | undefined;
  let next: StoreStatus['next'] = null;
  let stopping: AbortController | undefined;
  let work: Promise<void> = Promise.resolve();

  const change = (more: Partial<StoreMove>) => {
    if (move) move = { ...move, ...more };
  };

  const targetOf = (server: StoreServer): StoreTarget => {
    const asked = storeTarget({ ...parts.database, ...noServer, ...server });
    if (!asked)
      throw new AppError('validation_failed', 'server: expected server and database, or a connection_string');
    return asked;
  };

  const own = async () => {
    const newest = { limit: 1, offset: 0, sort: 'execution_id', descending: true } as const;
    const [last] = await store.executions.list({}, newest);
    return { token: await store.facts.get('run_token'), lastExecution: last?.execution_id ?? 0 };
  };

  const report = {
    table(name: string, more: Partial<MovedTable>) {
      const tables = move?.tables ?? [];
      const known = tables.some((one) => one.name === name);
      const fresh: MovedTable = { name, source: 0, target: null, state: 'waiting', digest: null, ...more };
      change({
        tables: known
          ? tables.map((one) => (one.name === name ? { ...one, ...more } : one))
          : [...tables, fresh],
      });
    },
    step: (step: StoreMove['step']) => change({ step }),
    rows: (count: number) => change({ rows_done: (move?.rows_done ?? 0) + count }),
    total: (rows_total: number) => change({ rows_total }),
  };

  const run = async (request: MoveRequest, target: StoreTarget, signal: AbortSignal): Promise<string> => {
    const { to, dry_run, copy } = request;
    const common = { dataFolder, target, own: await own(), signal, report, isDry: dry_run };
    // What moves is loaded when something is moved: hardly a start does.
    if (to === 'sqlserver') {
      const { moveUp } = await import('./move-up');
      const answer = await moveUp({ ...common, copies: copy });
      if (dry_run) return answer.message;
      report.step('writing_setting');
      signal.throwIfAborted();
      if (answer.made) writePendingMove(dataFolder, { to, identity: answer.made.identity, since: isoNow() });
      parts.writeSetting(serverSettings(request.server ?? {}, target, parts.seal));
      made = answer.made;
      next = { engine: to, place: placeText(target) };
      return answer.message;
    }
    const { moveDown } = await import('./move-down');
    const answer = await moveDown({ ...common, remote: store.remote });
    if (!answer.made) return answer.message;
    report.step('writing_setting');
    signal.throwIfAborted();
    writePendingMove(dataFolder, { to, identity: answer.made.identity, since: isoNow() });
    parts.writeSetting(undefined);
    made = answer.made;
    next = { engine: to, place: embeddedFile(dataFolder) };
    return answer.message;
  };

  const carryOut = async (request: MoveRequest, target: StoreTarget, signal: AbortSignal): Promise<void> => {
    const ended = (state: StoreMove['state'], message: string) => {
      change({ state, message, step: 'ended', ended: isoNow() });
      const line = `moving the store to ${move?.place}: ${state}${request.dry_run ? ' (dry run)' : ''}: ${message}`;
      if (state === 'failed') logger.error(line);
      else logger.info(line);
    };
    try {
      ended('done', await run(request, target, signal));
    } catch (error) {
      if (signal.aborted) ended('cancelled', 'Cancelled; the store stays where it is');
      else {
        if (!(error instanceof AppError))
          logger.error('moving the store failed', { stack: (error as Error)?.stack ?? String(error) });
        ended('failed', error instanceof Error ? error.message : String(error));
      }
    }
  };

  /** Why a move can't begin now; throws it. */
  const check = ({ to, dry_run }: MoveRequest): void => {
    const refuse = (message: string): never => {
      throw new AppError('conflict', message);
    };
    if (move?.state === 'running')
      refuse(`A move to ${move.place} is under way; wait for its end, or cancel it`);
    if (to === (current ? 'sqlserver' : 'embedded'))
      refuse(
        current
          ? `Everything is in ${placeText(current)} already`
          : 'Everything is in the embedded store already',
      );
    if (to === 'embedded' && parts.isClustered)
      refuse(
        'Several machines share this database (cluster.enabled): set it to false on this machine and start anew before it is moved away',
      );
    if (dry_run) return;
    if (next) refuse(`The store was moved to ${next.place} already; start the program anew to use it`);
    if (parts.fixedBy.length > 0)
      refuse(
        `The store is set by ${parts.fixedBy.join(', ')}, which wins over the configuration; take it out of the environment first`,
      );
  };

  return {
    async status() {
      const remote = store.remote?.status();
      return {
        engine: current ? 'sqlserver' : 'embedded',
        place: current ? placeText(current) : embeddedFile(dataFolder),
        server: current
          ? {
              server: current.target.server,
              database: current.target.database,
              login: loginText(current),
              encrypt: current.target.encrypt,
              trust_server_certificate: current.target.trust_server_certificate,
            }
          : null,
        bytes: bytesOf(current ? journalFile(dataFolder) : embeddedFile(dataFolder)),
        remote: remote ? { state: remote.state, waiting: remote.waiting, reason: remote.reason } : null,
        settings_file: parts.settingsFile,
        fixed_by: [...parts.fixedBy],
        can_restart: parts.restart !== undefined,
        next,
        unfinished: parts.unfinished ?? null,
        move: move ?? null,
      };
    },
    async test(server) {
      const { tryServer } = await import('./try-server');
      return tryServer(targetOf(server), await own());
    },
    async start(request) {
      check(request);
      if (request.to === 'sqlserver' && !request.server)
        throw new AppError('validation_failed', 'server is missing: expected the SQL Server to move to');
      const target = request.to === 'sqlserver' ? targetOf(request.server ?? {}) : current;
      if (!target) throw new AppError('conflict', 'Everything is in the embedded store already');
      const place = request.to === 'sqlserver' ? placeText(target) : embeddedFile(dataFolder);
      stopping = new AbortController();
      move = {
        to: request.to,
        place,
        copies: request.copy,
        dry_run: request.dry_run,
        state: 'running',
        step: 'connecting',
        rows_done: 0,
        rows_total: 0,
        tables: [],
        message: null,
        started: isoNow(),
        ended: null,
        started_by: request.by,
      };
      logger.info(
        `moving the store to ${place}${request.dry_run ? ' (dry run)' : ''}: begun by ${request.by}`,
      );
      work = carryOut(request, target, stopping.signal);
    },
    async cancel() {
      if (move?.state !== 'running') throw new AppError('conflict', 'Nothing is being moved');
      stopping?.abort();
      await work;
    },
    restart() {
      const { restart } = parts;
      if (!restart)
        throw new AppError('conflict', 'This program can’t start itself anew; stop it and start it again');
      if (move?.state === 'running')
        throw new AppError(
          'conflict',
          `A move to ${move.place} is under way; wait for its end, or cancel it`,
        );
      setTimeout(restart, answerMs);
    },
    /** The program ends and its store is closed: a move that was made is completed. */
    async finish() {
      stopping?.abort();
      await work;
      if (!made) return;
      try {
        const { finishAtStop } = await import('./finish-move');
        await finishAtStop({ dataFolder, logger }, made);
      } catch (error) {
        logger.error(
          `the move to ${next?.place} could not be completed: ${(error as Error).message}; the next start tries again`,
        );
      }
    },
  };
}

const isoNow = (): string => new Date().toISOString();

/** Keys of the server in force, which a new one must not inherit. */
const noServer = {
  connection_string: undefined,
  server: undefined,
  port: undefined,
  database: undefined,
  trusted_connection: undefined,
  username: undefined,
  password: undefined,
  driver: undefined,
  encrypt: undefined,
  trust_server_certificate: undefined,
  authentication: undefined,
  tenant_id: undefined,
  client_id: undefined,
  connection_timeout: undefined,
} as const;
