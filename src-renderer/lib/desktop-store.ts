import { create } from 'zustand';
import { createClient } from '../../src-shared/client';
import { type DesktopStatus, desktopContract } from '../../src-shared/desktop-contract';
import { desktop } from './desktop';
import { createIpcTransport } from './ipc-transport';

/** The desktop application's own operations; undefined in a browser. */
export const desktopApi = desktop && createClient(desktopContract, createIpcTransport(desktop)).desktop;

interface DesktopView {
  readonly status: DesktopStatus | undefined;
  readonly error: unknown;
  load(): Promise<void>;
  note(status: DesktopStatus): void;
}

/** How the desktop application stands; stays empty in a browser. */
export const useDesktop = create<DesktopView>((set) => ({
  status: undefined,
  error: undefined,
  async load() {
    try {
      const status = await desktopApi?.status({});
      if (status) set({ status, error: undefined });
    } catch (error) {
      set({ error });
    }
  },
  note: (status) => set({ status, error: undefined }),
}));
