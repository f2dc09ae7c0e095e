// The worker's side of yaml-worker-client.ts: stands in for `monaco-worker-manager/worker`.
import type { ToWorker, WorkerAnswer } from './yaml-worker-messages';

interface MirrorModel {
  readonly uri: string;
  readonly version: number;
  getValue(): string;
}
type Api = Readonly<Record<string, (...args: readonly unknown[]) => unknown>>;
type CreateApi = (context: { getMirrorModels(): MirrorModel[] }, createData: unknown) => Api;

/** Serves the functions that `createApi` gives, over copies of the window's models. */
export function initialize(createApi: CreateApi): void {
  const models = new Map<string, MirrorModel>();
  let api: Api | undefined;
  const answer = (message: WorkerAnswer) => self.postMessage(message);

  self.onmessage = async ({ data }: MessageEvent<ToWorker>) => {
    switch (data.kind) {
      case 'create':
        api = createApi({ getMirrorModels: () => [...models.values()] }, data.createData);
        return;
      case 'model': {
        const { uri, version, text } = data;
        models.set(uri, { uri, version, getValue: () => text });
        return;
      }
      case 'forget':
        models.delete(data.uri);
        return;
      case 'call':
        try {
          answer({ call: data.call, value: await api?.[data.method]?.(...data.args) });
        } catch (error) {
          answer({ call: data.call, error: String(error) });
        }
    }
  };
}
