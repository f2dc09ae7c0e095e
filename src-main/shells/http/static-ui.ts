import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import fastifyStatic from '@fastify/static';
import type { FastifyInstance, FastifyReply } from 'fastify';
import { isPublicFile } from '../pages';

/** Names of files in assets/ hold a digest of their content: they never change. */
const forever = 'public, max-age=31536000, immutable';

export interface UiFiles {
  isPublic(path: string): boolean;
  sendLogin(reply: FastifyReply, status: number): Promise<FastifyReply>;
  /** The page of any address that is one of the window's: it finds its way by itself. */
  sendPage(reply: FastifyReply): Promise<FastifyReply>;
}

/** Serves the renderer's files. Dot files, source maps and folder listings are not there. */
export async function registerStaticUi(app: FastifyInstance, folder: string): Promise<UiFiles> {
  await app.register(fastifyStatic, {
    root: folder,
    index: false,
    dotfiles: 'ignore',
    serveDotFiles: false,
    cacheControl: false,
    preCompressed: true,
    setHeaders(reply, path) {
      if (/[\\/]assets[\\/]/.test(path)) reply.header('Cache-Control', forever);
    },
    allowedPath: (path) => !path.endsWith('.map') && !path.endsWith('.html') && !path.includes('/.'),
    wildcard: false,
    globIgnore: ['**/*.map', '**/*.html', '**/*.gz'],
  });
  const send = async (reply: FastifyReply, file: string, status: number) => {
    const text = await readFile(join(folder, file), 'utf8');
    return reply.code(status).type('text/html; charset=utf-8').send(text);
  };
  return {
    isPublic: isPublicFile,
    sendLogin: (reply, status) => send(reply, 'login.html', status),
    sendPage: (reply) => send(reply, 'index.html', 200),
  };
}
