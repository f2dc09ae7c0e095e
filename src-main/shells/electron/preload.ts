import { contextBridge, ipcRenderer } from 'electron';
import type { DesktopBridge, IpcEvents, IpcReply } from '../../../src-shared/desktop-bridge';

/** Only operations; nothing else of the program has a name here. */
const operationChannel = /^api:[a-z][A-Za-z]*\.[a-z][A-Za-z]*$/;

const refused = (message: string): IpcReply => ({
  status: 404,
  body: { success: false, error: { code: 'not_found', message } },
});

const bridge: DesktopBridge = {
  async invoke(channel, raw) {
    if (typeof channel !== 'string' || !operationChannel.test(channel))
      return refused('There is no such operation');
    try {
      return (await ipcRenderer.invoke(channel, raw)) as IpcReply;
    } catch {
      // The program answers every call of an operation as data; what rejects has no handler, or can't be sent.
      return refused(`${channel.slice('api:'.length)} can't be called so`);
    }
  },
  onEvent(callback) {
    const listener = (_event: unknown, batch: IpcEvents, number: number) => {
      try {
        callback(batch);
      } finally {
        // Tells that this batch was taken, so that a page that stands still is not sent more than it can hold.
        ipcRenderer.send('events:taken', number);
      }
    };
    ipcRenderer.on('events', listener);
    return () => {
      ipcRenderer.removeListener('events', listener);
    };
  },
};

contextBridge.exposeInMainWorld('desktop', bridge);
