/** Unpredictable tokens and their one-way digests. */
export interface Random {
  /** A URL-safe token with at least `bytes` bytes of entropy. */
  token(bytes: number): string;
  /** SHA-256 of a text, hex. */
  digest(text: string): string;
  /** A number in [0, 1). */
  fraction(): number;
}
