import type { AppContract } from '../../../src-shared/contract/index';
import type { Handlers } from '../../../src-shared/contract/operation';
import type { Core } from '../../core/core';
import type { ApiContext } from '../invoke';
import { actorOf } from './common';

type Shown = Awaited<ReturnType<Core['connections']['get']>>;

/** Tells the audit what became of a connection, weak settings among it. */
function told({ change, note }: ApiContext, before: Shown | undefined, after: Shown | undefined): void {
  const saved = (shown: Shown | undefined) => {
    if (!shown) return undefined;
    const { pool: _pool, last_test: _test, used_by: _users, modified_date: _date, ...rest } = shown;
    return rest;
  };
  change?.((after ?? before)?.connection_id ?? '', saved(before), saved(after));
  // Who weakened it must be found later.
  for (const warning of after?.warnings ?? []) note?.(warning);
}

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
      told(context, undefined, connection);
      return { success: true, connection, message: 'Connection created successfully' };
    },
    async update({ params, body }, context) {
      const before = await connections.get(params.connection_id);
      const connection = await connections.update(params.connection_id, body);
      told(context, before, connection);
      if (body.password !== undefined) context.note?.('the password was set');
      return { success: true, connection, message: 'Connection updated successfully' };
    },
    async remove({ params }, context) {
      const before = await connections.get(params.connection_id);
      await connections.remove(params.connection_id);
      told(context, before, undefined);
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
