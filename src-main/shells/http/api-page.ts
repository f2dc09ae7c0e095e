import fastifySwagger from '@fastify/swagger';
import type { FastifyInstance } from 'fastify';
import { contract } from '../../../src-shared/contract/index';
import { createOpenApi } from '../../api/openapi';

/** GET /api/docs: the OpenAPI document to read and to try. */
export async function registerApiPage(app: FastifyInstance, version: string): Promise<void> {
  await app.register(fastifySwagger, {
    mode: 'static',
    specification: { document: createOpenApi(contract, { version }) as never },
  });
  // It stands on CommonJS that needs an ES module: Electron before Node 20.19 can't load that, and serves without it.
  const { require_module: loadsEsModules } = process.features as { readonly require_module?: boolean };
  if (!loadsEsModules) return;
  const ui = await import('@fastify/swagger-ui');
  await app.register(ui.default, { routePrefix: '/api/docs', staticCSP: false });
}
