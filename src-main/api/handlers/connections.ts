import type { AppContract } from '../../../src-shared/contract/index';
import type { Handlers } from '../../../src-shared/contract/operation';
import type { Core } from '../../core/core';
import type { ApiContext } from '../invoke';
import { actorOf } from './common';

/** Database connections over the API. */
export function createConnectionHandlers({
  connections,
}: Core): Handlers<AppContract, ApiContext>['connections'] {
  return {
    async list() {
      const all = await connections.list();
      return { success: true, connections: all, total: all.length };
    },
    async get({ params }) {
      return { success: true, connection: await connections.get(params.connection_id) };
    },
    async create({ body }, context) {
      const connection = await connections.create(body, actorOf(context));
      return { success: true, connection, message: 'Connection created successfully' };
    },
    async update({ params, body }) {
      const connection = await connections.update(params.connection_id, body);
      return { success: true, connection, message: 'Connection updated successfully' };
    },
    async remove({ params }) {
      await connections.remove(params.connection_id);
      return { success: true, message: 'Connection deleted successfully' };
    },
    query: ({ params, body }, { signal }) =>
      connections.query(params.connection_id, {
        query: body.query,
        parameters: body.parameters,
        limit: body.limit,
        timeoutSeconds: body.timeout,
        ...(signal ? { signal } : {}),
      }),
    test: ({ params }) => connections.test(params.connection_id),
  };
}
