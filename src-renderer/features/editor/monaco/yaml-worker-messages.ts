/** What the window says to the YAML worker. */
export type ToWorker =
  | { readonly kind: 'create'; readonly createData: unknown }
  | { readonly kind: 'model'; readonly uri: string; readonly version: number; readonly text: string }
  | { readonly kind: 'forget'; readonly uri: string }
  | {
      readonly kind: 'call';
      readonly call: number;
      readonly method: string;
      readonly args: readonly unknown[];
    };

/** What the worker answers to a call. */
export interface WorkerAnswer {
  readonly call: number;
  readonly value?: unknown;
  readonly error?: string;
}
