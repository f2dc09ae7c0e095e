import fastifySwagger from '@fastify/swagger';
import type { FastifyInstance } from 'fastify';
import { stringify } from 'yaml';
import { contract } from '../../../src-shared/contract/index';
import { createOpenApi } from '../../api/openapi';

/** GET /api/docs: the OpenAPI document to read and to try. */
export async function registerApiPage(app: FastifyInstance, version: string): Promise<void> {
  // Made when somebody reads it first: a fifth of a second that every start would wait for. The plug-in wants it at once,
  // so it is given none, under another name.
  const none = { mode: 'static', specification: { document: {} }, decorator: 'noDocument' };
  await app.register(fastifySwagger, none as never);
  let document: ReturnType<typeof createOpenApi> | undefined;
  app.decorate('swagger', ((options?: { readonly yaml?: boolean }) => {
    document ??= createOpenApi(contract, { version });
    return options?.yaml ? stringify(document) : document;
  }) as never);
  // It stands on CommonJS that needs an ES module: Electron before Node 20.19 can't load that, and serves without it.
  const { require_module: loadsEsModules } = process.features as { readonly require_module?: boolean };
  if (!loadsEsModules) return;
  const ui = await import('@fastify/swagger-ui');
  await app.register(ui.default, { routePrefix: '/api/docs', staticCSP: false });
}
