import type { AppContract } from '../../../src-shared/contract/index';
import type { Handlers } from '../../../src-shared/contract/operation';
import type { StoreSwitch } from '../../core/ports/store-switch';
import type { ApiContext } from '../invoke';
import { actorOf } from './common';

/** Where everything is kept, and the way to another place. */
export function createStoreHandlers(store: StoreSwitch): Handlers<AppContract, ApiContext>['store'] {
  const status = async () => ({ success: true as const, ...(await store.status()) });
  return {
    status,
    async test({ body }, { note }) {
      const trial = await store.test(body);
      // Secrets of the body stay out of the audit; where it went does not.
      note?.(`${body.server ?? 'a connection string'}: ${trial.message}`);
      return { success: true, ...trial };
    },
    async move({ body }, context) {
      const { to, server, dry_run, copy } = body;
      await store.start({ to, server, dry_run, copy, by: actorOf(context) });
      const now = await status();
      context.note?.(`to ${now.move?.place}${dry_run ? ', dry run' : ''}${copy ? '' : ', used as it is'}`);
      return now;
    },
    async cancel() {
      await store.cancel();
      return status();
    },
    async restart() {
      store.restart();
      return { success: true, message: 'The program starts anew; the pages are back in a moment' };
    },
  };
}
