import { z } from 'zod';
import { StoreEngine, StoreServer, StoreStatus, StoreTrial } from '../model/store';
import { operation } from './operation';
import { ok } from './query';

const Status = z.object({ success: ok, ...StoreStatus.shape });

/** Where history and jobs are kept: the embedded store or a SQL Server, and the way between them. */
export const store = {
  status: operation({
    method: 'GET',
    path: '/api/store',
    role: 'admin',
    tag: 'Store',
    summary: 'Where history and jobs are kept, and how far a move is',
    response: Status,
    errors: [],
  }),
  test: operation({
    method: 'POST',
    path: '/api/store/test',
    role: 'admin',
    tag: 'Store',
    summary: 'Try a SQL Server as the store: connect, look at its tables and the rights; nothing is written',
    body: StoreServer,
    isSensitive: true,
    response: z.object({ success: ok, ...StoreTrial.shape }),
    errors: ['validation_failed'],
  }),
  move: operation({
    method: 'POST',
    path: '/api/store/move',
    role: 'admin',
    tag: 'Store',
    summary:
      'Move everything to the other store, compare both, and set it in the configuration; used from the next start on',
    body: z.strictObject({
      to: StoreEngine,
      server: StoreServer.optional().describe('where to; for sqlserver'),
      dry_run: z.boolean().default(false).describe('count only'),
      copy: z.boolean().default(true).describe('false: a database that holds jobs already is used as it is'),
    }),
    isSensitive: true,
    status: 202,
    response: Status,
    errors: ['validation_failed', 'conflict', 'unavailable'],
  }),
  cancel: operation({
    method: 'POST',
    path: '/api/store/move/cancel',
    role: 'admin',
    tag: 'Store',
    summary: 'Stop the move; the store stays where it is',
    body: z.strictObject({}),
    bodyOptional: true,
    response: Status,
    errors: ['conflict'],
  }),
  restart: operation({
    method: 'POST',
    path: '/api/store/restart',
    role: 'admin',
    tag: 'Store',
    summary: 'Start the program anew, so that a changed setting holds; what runs is ended in order',
    body: z.strictObject({}),
    bodyOptional: true,
    status: 202,
    response: z.object({ success: ok, message: z.string() }),
    errors: ['conflict'],
  }),
};
