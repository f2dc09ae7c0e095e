import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import fastifyStatic from '@fastify/static';
import type { FastifyInstance, FastifyReply } from 'fastify';

/** Files that a browser gets before anyone has logged in: the login page is made of them. */
const publicFiles = new Set(['/login.js', '/app.css', '/icon.svg']);

export interface UiFiles {
  isPublic(path: string): boolean;
  sendLogin(reply: FastifyReply, status: number): Promise<FastifyReply>;
  /** The page of any address that is one of the window's: it finds its way by itself. */
  sendPage(reply: FastifyReply): Promise<FastifyReply>;
}

/** Whether an address belongs to the window: no file, no part of the API, nothing hidden. */
export function isPagePath(path: string): boolean {
  return (
    !path.startsWith('/api') && !path.includes('/.') && !/\.[a-z0-9]+$/i.test(path) && path !== '/metrics'
  );
}

/** Serves the renderer's files. Dot files, source maps and folder listings are not there. */
export async function registerStaticUi(app: FastifyInstance, folder: string): Promise<UiFiles> {
  await app.register(fastifyStatic, {
    root: folder,
    index: false,
    dotfiles: 'ignore',
    serveDotFiles: false,
    cacheControl: false,
    allowedPath: (path) => !path.endsWith('.map') && !path.endsWith('.html') && !path.includes('/.'),
    wildcard: false,
    globIgnore: ['**/*.map', '**/*.html'],
  });
  const send = async (reply: FastifyReply, file: string, status: number) => {
    const text = await readFile(join(folder, file), 'utf8');
    return reply.code(status).type('text/html; charset=utf-8').send(text);
  };
  return {
    isPublic: (path) => publicFiles.has(path),
    sendLogin: (reply, status) => send(reply, 'login.html', status),
    sendPage: (reply) => send(reply, 'index.html', 200),
  };
}
