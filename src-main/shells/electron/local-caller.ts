import { userInfo } from 'node:os';
import type { ApiContext } from '../../api/invoke';

function personName(): string {
  try {
    return userInfo().username;
  } catch {
    return 'local';
  }
}

/** Whoever sits at this computer: may do everything, as they hold the data folder anyway. */
export const localCaller = (): ApiContext => ({
  principal: { kind: 'local', key_id: null, name: personName(), role: 'admin' },
  origin: 'window',
});
