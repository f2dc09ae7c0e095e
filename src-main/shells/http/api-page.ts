import fastifySwagger from '@fastify/swagger';
import fastifySwaggerUi from '@fastify/swagger-ui';
import type { FastifyInstance } from 'fastify';
import { contract } from '../../../src-shared/contract/index';
import { createOpenApi } from '../../api/openapi';

/** GET /api/docs: the OpenAPI document to read and to try. */
export async function registerApiPage(app: FastifyInstance, version: string): Promise<void> {
  await app.register(fastifySwagger, {
    mode: 'static',
    specification: { document: createOpenApi(contract, { version }) as never },
  });
  await app.register(fastifySwaggerUi, { routePrefix: '/api/docs', staticCSP: false });
}
