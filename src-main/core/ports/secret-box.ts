/** Encrypts what the store must not show. A value that cannot be opened throws AppError `unavailable`. */
export interface SecretBox {
  seal(plain: string): string;
  open(sealed: string): string;
}
