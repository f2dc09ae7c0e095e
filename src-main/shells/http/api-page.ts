import fastify, { type FastifyInstance } from 'fastify';
import { contract } from '../../../src-shared/contract/index';
import { noSchemas } from './no-schemas';

const prefix = '/api/docs';

/** What the page itself says of an answer; everything else is the server's around it. */
const passedOn = ['content-type', 'location', 'cache-control', 'etag', 'last-modified'];

/** A server of its own, never listening: the document and what shows it cost a third of a second to make. */
async function createPage(version: string): Promise<FastifyInstance> {
  const [{ createOpenApi }, swagger, ui] = await Promise.all([
    import('../../api/openapi'),
    import('@fastify/swagger'),
    import('@fastify/swagger-ui'),
  ]);
  const page = fastify({ schemaController: noSchemas });
  const document = createOpenApi(contract, { version }) as never;
  await page.register(swagger.default, { mode: 'static', specification: { document } });
  await page.register(ui.default, { routePrefix: prefix, staticCSP: false });
  await page.ready();
  return page;
}

/** GET /api/docs: the OpenAPI document to read and to try. Made when it is first asked for. */
export function registerApiPage(app: FastifyInstance, version: string): void {
  // It stands on CommonJS that needs an ES module: Electron before Node 20.19 can't load that, and serves without it.
  const { require_module: loadsEsModules } = process.features as { readonly require_module?: boolean };
  if (!loadsEsModules) return;
  let making: Promise<FastifyInstance> | undefined;
  const forget = (error: unknown): never => {
    making = undefined;
    throw error;
  };
  app.addHook('onClose', async () => (await making?.catch(() => undefined))?.close());
  for (const url of [prefix, `${prefix}/*`]) {
    app.get(url, async (request, reply) => {
      making ??= createPage(version).catch(forget);
      const page = await making;
      const answer = await page.inject({ method: 'GET', url: request.url });
      for (const name of passedOn) {
        const value = answer.headers[name];
        if (value !== undefined) reply.header(name, value);
      }
      return reply.code(answer.statusCode).send(answer.rawPayload);
    });
  }
}
