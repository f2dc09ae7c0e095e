import type { FastifyInstance } from 'fastify';
import { AppError } from '../../../src-shared/errors';

const yamlTypes = ['application/yaml', 'application/x-yaml', 'text/yaml'];

/**
 * JSON only, and YAML where an operation takes it: what a form of another page can send (urlencoded, multipart,
 * text/plain) is refused before it is read.
 */
export function registerBodyParsers(app: FastifyInstance): void {
  app.removeAllContentTypeParsers();
  app.addContentTypeParser('application/json', { parseAs: 'string' }, (_request, body, done) => {
    const text = String(body);
    if (text.trim() === '') {
      done(null, undefined);
      return;
    }
    try {
      // Keys such as __proto__ are plain keys here; the door refuses them.
      done(null, JSON.parse(text));
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      done(new AppError('validation_failed', `The body is not valid JSON: ${reason.slice(0, 200)}`));
    }
  });
  app.addContentTypeParser(yamlTypes, { parseAs: 'string' }, (request, body, done) => {
    if (!request.routeOptions.config.acceptsYaml) {
      done(new AppError('unsupported_media_type', 'YAML is not taken here; expected application/json'));
      return;
    }
    done(null, { yaml: String(body) });
  });
}

/** Refuses bodies of other types, and says so even when the body is empty. Throws `unsupported_media_type`. */
export function checkContentType(method: string, contentType: string | undefined): void {
  if (contentType === undefined || method === 'GET' || method === 'HEAD') return;
  const type = contentType.split(';', 1)[0]?.trim().toLowerCase() ?? '';
  if (type === 'application/json' || yamlTypes.includes(type)) return;
  throw new AppError(
    'unsupported_media_type',
    `The body is ${type.slice(0, 60) || 'of no type'}; expected application/json`,
  );
}
