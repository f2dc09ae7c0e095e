import { actorName } from '../../core/security/principal';
import type { ApiContext } from '../invoke';

/** Who acts, as stored in `created_by`, in executions and in the audit. */
export function actorOf(context: ApiContext): string {
  return context.principal ? actorName(context.principal) : 'nobody';
}

/** `-name` -> name, downward. */
export function sortOf<K extends string>(
  sort: K | `-${K}`,
): { readonly sort: K; readonly descending: boolean } {
  return sort.startsWith('-')
    ? { sort: sort.slice(1) as K, descending: true }
    : { sort: sort as K, descending: false };
}
