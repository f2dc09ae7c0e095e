/** Turns passwords into what may be stored. Slow on purpose: guessing must cost. */
export interface PasswordHasher {
  /** The method, its costs, a salt of its own and the hash, as one text of at most 500 characters. */
  hash(password: string): Promise<string>;
  /** False for another password, and for a hash of a form it does not know. */
  verify(password: string, hash: string): Promise<boolean>;
}
