import type { SqlServerTarget } from '../../sql/sqlserver/mssql-config';
import { type BytesHeard, connectServer, type PoolLimits, type ServerPool } from '../sqlserver/connect';

/** The next attempt begins so soon beside one that hangs. */
const nextMs = 1500;
const mostAtOnce = 4;

/**
 * Connects by whichever of several attempts gets through first. One that began while the way was blocked hangs until
 * its limit, however soon the way is free again; and a limit short enough for that would cut off a login that is only
 * slow. Where one does hear from the server, no other begins: logins are work for it. Rejects when an attempt fails and
 * no other is under way.
 */
export function quickestPool(
  target: SqlServerTarget,
  limits: PoolLimits,
  connect: typeof connectServer = connectServer,
): Promise<ServerPool> {
  return new Promise((resolve, reject) => {
    const underWay = new Set<{ heard: BytesHeard; before: number }>();
    let isOver = false;
    let timer: NodeJS.Timeout | undefined;
    const end = () => {
      isOver = true;
      clearTimeout(timer);
    };
    /** Whether any attempt has heard something since this was asked last. */
    const isHeard = () => {
      let found = false;
      for (const one of underWay) {
        const now = one.heard();
        if (now > one.before) found = true;
        one.before = now;
      }
      return found;
    };
    const look = () => {
      if (underWay.size >= mostAtOnce || isHeard()) timer = setTimeout(look, nextMs);
      else begin();
    };
    const begin = () => {
      const one = { heard: (() => 0) as BytesHeard, before: 0 };
      underWay.add(one);
      timer = setTimeout(look, nextMs);
      connect(target, limits, (heard) => {
        one.heard = heard;
      }).then(
        (pool) => {
          underWay.delete(one);
          if (isOver) return pool.abandon();
          end();
          resolve(pool);
        },
        (error) => {
          underWay.delete(one);
          if (isOver || underWay.size > 0) return;
          end();
          reject(error);
        },
      );
    };
    begin();
  });
}
