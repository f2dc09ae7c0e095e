/** Parts of a request before anything is known of them. */
export interface RawInput {
  readonly params?: unknown;
  readonly query?: unknown;
  readonly body?: unknown;
  /** The header If-Match, or what stands for it where there are no headers. */
  readonly ifMatch?: unknown;
}
