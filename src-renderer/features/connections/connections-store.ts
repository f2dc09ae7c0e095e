import { create } from 'zustand';
import type { AppEvent } from '../../../src-shared/contract/events';
import type { Connection } from '../../../src-shared/model/connection';
import { api } from '../../lib/api';
import { gather } from '../../lib/gather';
import { notifyError } from '../../ui/toasts';

interface ConnectionsState {
  readonly connections: readonly Connection[] | undefined;
  readonly error: unknown;
  /** Ids of connections that are being tested. */
  readonly testing: ReadonlySet<string>;
  load(): Promise<void>;
  apply(event: AppEvent): void;
  /** Connects and keeps the answer beside the connection. */
  test(connection_id: string): Promise<void>;
}

const gatherMs = 300;

/** Every saved connection with its last test and the jobs that use it. */
export const useConnections = create<ConnectionsState>((set, get) => {
  const renewSoon = gather(() => void get().load(), gatherMs);
  const mark = (connection_id: string, isOn: boolean) =>
    set(({ testing }) => {
      const next = new Set(testing);
      if (isOn) next.add(connection_id);
      else next.delete(connection_id);
      return { testing: next };
    });
  return {
    connections: undefined,
    error: undefined,
    testing: new Set(),
    async load() {
      try {
        const { connections } = await api.connections.list({});
        set({ connections, error: undefined });
      } catch (error) {
        set({ error });
      }
    },
    apply({ type }) {
      // Who uses a connection moves with the jobs.
      if (type === 'connection.changed' || /^job\.(created|updated|deleted)$/.test(type)) renewSoon();
    },
    async test(connection_id) {
      mark(connection_id, true);
      try {
        await api.connections.test({ params: { connection_id } });
      } catch (error) {
        notifyError(error);
      }
      await get().load();
      mark(connection_id, false);
    },
  };
});
