/** How the machine is doing, as far as the health check asks. Bytes throughout. */
export interface SystemProbe {
  /** Room on the disk of the data folder; undefined where the system does not say. */
  disk(): Promise<{ readonly free: number; readonly total: number } | undefined>;
  memory(): { readonly process: number; readonly free: number; readonly total: number };
}
