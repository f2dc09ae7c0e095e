import { join } from 'node:path';
import { AppError } from '../../../src-shared/errors';
import { checkBind } from '../../adapters/settings/check-bind';
import type { Settings } from '../../adapters/settings/settings';
import { prepareAdminKey } from '../admin-key';
import type { Program } from '../compose';
import { createHttpAudit } from '../http/http-audit';
import type { HttpServer } from '../http/server';

/** The REST API and the pages, served from the desktop application by the rules of headless. */
export interface Serving {
  readonly address: string | undefined;
  readonly problem: string | undefined;
  /** Throws the AppError that says why it can't. */
  start(port: number): Promise<void>;
  stop(): Promise<void>;
}

export function createServing(deps: {
  readonly program: Program;
  readonly web: Settings['web'];
  readonly dataFolder: string;
  readonly rendererFolder: string;
  readonly version: string;
  /** Told where it serves; undefined when it does no longer. */
  readonly onAddress: (address: string | undefined) => void;
}): Serving {
  const { program, web } = deps;
  let server: HttpServer | undefined;
  let problem: string | undefined;

  const open = async (port: number): Promise<HttpServer> => {
    const unsafe = checkBind({ host: web.host, secretKey: web.secret_key, noAuth: false });
    if (unsafe) throw new AppError('validation_failed', unsafe);
    await prepareAdminKey(
      program.access,
      join(deps.dataFolder, 'admin.key'),
      program.core.store.remote !== undefined,
    );
    // Loaded only when it is wanted: a window alone needs no HTTP server.
    const { createHttpServer } = await import('../http/server');
    return createHttpServer({
      invoke: program.invoke,
      access: program.access,
      events: program.core.events,
      logger: program.webLogger,
      host: web.host,
      port,
      moreHosts: web.allowed_hosts,
      noAuth: false,
      uiFolder: deps.rendererFolder,
      version: deps.version,
      ...createHttpAudit(program.core.audit, program.core.clock),
    });
  };

  return {
    get address() {
      return server && `http://${web.host === '::1' ? '[::1]' : web.host}:${server.port}`;
    },
    get problem() {
      return problem;
    },
    async start(port) {
      if (server) return;
      try {
        server = await open(port);
        problem = undefined;
        deps.onAddress(this.address);
        program.logger.info(`serving the pages and the REST API on ${this.address}`);
      } catch (error) {
        problem = error instanceof Error ? error.message : String(error);
        throw error;
      }
    },
    async stop() {
      problem = undefined;
      const ending = server;
      server = undefined;
      if (ending) deps.onAddress(undefined);
      await ending?.close();
    },
  };
}
