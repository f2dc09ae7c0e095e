// Stands in for `monaco-worker-manager`, which monaco-yaml asks for and which speaks the worker protocol of
// monaco-editor before 0.55 (see vite.renderer.config.mts). The YAML worker is a plain module worker here.
import type { editor, IDisposable, Uri } from 'monaco-editor/editor/editor.api';
import YamlWorker from 'monaco-yaml/yaml.worker?worker';
import type { ToWorker, WorkerAnswer } from './yaml-worker-messages';

interface Monaco {
  readonly editor: {
    getModel(uri: Uri): editor.ITextModel | null;
    onWillDisposeModel(listener: (model: editor.ITextModel) => void): IDisposable;
  };
}

interface Waiting {
  resolve(value: unknown): void;
  reject(error: Error): void;
}

/** Starts the worker when it is first needed, keeps its copies of the models current, and carries its calls. */
export function createWorkerManager<Api extends object>(
  monaco: Monaco,
  options: { readonly createData: unknown },
) {
  let { createData } = options;
  let worker: Worker | undefined;
  let lastCall = 0;
  const waiting = new Map<number, Waiting>();
  /** Version of each model that the worker has. */
  const sent = new Map<string, number>();

  const post = (message: ToWorker) => worker?.postMessage(message);
  const stop = () => {
    worker?.terminate();
    worker = undefined;
    sent.clear();
    // Whoever asked goes without: the next key stroke asks again.
    for (const { resolve } of waiting.values()) resolve(undefined);
    waiting.clear();
  };
  const start = (): Worker => {
    const started = new YamlWorker();
    started.onmessage = ({ data }: MessageEvent<WorkerAnswer>) => {
      const caller = waiting.get(data.call);
      waiting.delete(data.call);
      if (data.error === undefined) caller?.resolve(data.value);
      else caller?.reject(new Error(data.error));
    };
    return started;
  };
  const call = (method: string, args: readonly unknown[]) =>
    new Promise((resolve, reject) => {
      lastCall += 1;
      waiting.set(lastCall, { resolve, reject });
      post({ kind: 'call', call: lastCall, method, args });
    });
  const api = new Proxy({} as Api, {
    // A promise asks what it is resolved with whether it is a promise too.
    get: (_, method) => (method === 'then' ? undefined : (...args: unknown[]) => call(String(method), args)),
  });
  const forgetting = monaco.editor.onWillDisposeModel(({ uri }) => {
    if (sent.delete(String(uri))) post({ kind: 'forget', uri: String(uri) });
  });

  return {
    dispose() {
      forgetting.dispose();
      stop();
    },
    updateCreateData(next: unknown) {
      createData = next;
      stop();
    },
    async getWorker(...uris: readonly Uri[]): Promise<Api> {
      if (!worker) {
        worker = start();
        post({ kind: 'create', createData });
      }
      for (const uri of uris) {
        const model = monaco.editor.getModel(uri);
        const version = model?.getVersionId();
        if (!model || version === undefined || sent.get(String(uri)) === version) continue;
        sent.set(String(uri), version);
        post({ kind: 'model', uri: String(uri), version, text: model.getValue() });
      }
      return api;
    },
  };
}
