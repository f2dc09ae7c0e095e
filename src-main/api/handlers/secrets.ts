import type { AppContract } from '../../../src-shared/contract/index';
import type { Handlers } from '../../../src-shared/contract/operation';
import type { Core } from '../../core/core';
import type { ApiContext } from '../invoke';
import { actorOf } from './common';

/** Secrets over the API: in by name, never out. */
export function createSecretHandlers({ secrets }: Core): Handlers<AppContract, ApiContext>['secrets'] {
  return {
    async list() {
      const all = secrets.list();
      return { success: true, secrets: all, total: all.length };
    },
    async put({ params, body }, context) {
      const { created, secret } = await secrets.put(params.name, body.value, actorOf(context));
      return { success: true, created, secret, message: created ? 'Secret saved' : 'Secret replaced' };
    },
    async remove({ params }) {
      await secrets.remove(params.name);
      return { success: true, message: 'Secret deleted' };
    },
  };
}
