/** Opens a secret by its name; throws a message for people when there is none. */
export type OpenSecret = (name: string) => string;

/** Puts the values of secrets where a configured text names them; anything else stays as it is. */
export function withSecrets(text: string, open: OpenSecret): string {
  return text.replace(/\{\{\s*secrets\.([A-Za-z0-9_.-]+)\s*\}\}/g, (_, name: string) => open(name));
}
