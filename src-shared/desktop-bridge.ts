import type { AppEvent } from './contract/events';

/** What an operation answers over IPC: as data, because Electron carries only an error's message. */
export interface IpcReply {
  readonly status: number;
  /** The parsed JSON answer or the error body; absent for raw ones. */
  readonly body?: unknown;
  readonly raw?: {
    readonly contentType: string;
    readonly body: string;
    readonly headers: Readonly<Record<string, string>>;
  };
}

/** One push of live events. `reload` says that events were lost: what is shown must be read anew. */
export interface IpcEvents {
  readonly events: readonly AppEvent[];
  readonly reload: boolean;
}

/** All that the desktop window's pages can reach of the program: exposed by the preload script as `desktop`. */
export interface DesktopBridge {
  /** Calls an operation; `channel` is `api:<group>.<name>`. Never rejects for a refused call. */
  invoke(channel: string, raw: unknown): Promise<IpcReply>;
  /** Receives live events once `api:system.events` was called; the returned function ends that. */
  onEvent(callback: (batch: IpcEvents) => void): () => void;
}

/** Channel prefix of every operation. */
export const apiChannel = (id: string): string => `api:${id}`;
