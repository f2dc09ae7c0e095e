import { useEffect, useState } from 'react';
import type { Connection } from '../../../src-shared/model/connection';
import { api } from '../../lib/api';

/** The saved connections; none when they can't be read, so that an id can still be typed in the text. */
export function useConnections(): readonly Connection[] {
  const [connections, setConnections] = useState<readonly Connection[]>([]);
  useEffect(() => {
    let isWanted = true;
    api.connections.list({}).then(
      (reply) => isWanted && setConnections(reply.connections),
      () => undefined,
    );
    return () => {
      isWanted = false;
    };
  }, []);
  return connections;
}
