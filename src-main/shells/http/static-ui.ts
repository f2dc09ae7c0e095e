import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import fastifyStatic from '@fastify/static';
import type { FastifyInstance, FastifyReply } from 'fastify';

/**
 * What a browser gets before anyone has logged in: the icon, and the program's own code, which holds nothing of
 * the user's. The login page is made of it.
 */
const isPublicFile = (path: string) =>
  path === '/icon.svg' || (/^\/assets\/[\w.-]+$/.test(path) && !path.endsWith('.map'));

/** Names of files in assets/ hold a digest of their content: they never change. */
const forever = 'public, max-age=31536000, immutable';

export interface UiFiles {
  isPublic(path: string): boolean;
  sendLogin(reply: FastifyReply, status: number): Promise<FastifyReply>;
  /** The page of any address that is one of the window's: it finds its way by itself. */
  sendPage(reply: FastifyReply): Promise<FastifyReply>;
}

/** Whether an address belongs to the window: no file, no part of the API, nothing hidden. */
export function isPagePath(path: string): boolean {
  if (path.startsWith('/api') || path.startsWith('/assets/') || path === '/metrics') return false;
  if (path.includes('/.')) return false;
  // Ids may hold dots: /jobs/nightly.load is a page.
  return /^\/(jobs|executions)\/./.test(path) || !/\.[a-z0-9]+$/i.test(path);
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
