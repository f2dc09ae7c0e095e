/**
 * Text for a terminal: what names, files and messages may hold that would act on it (clear it, write its title, answer
 * for the person) becomes U+FFFD. Line ends and tabs stay, and colours (SGR), which only paint.
 */
export function safeText(text: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what is taken out
  return text.replace(/\x1b\[[0-9;]{0,20}m|[\x00-\x08\x0b-\x1f\x7f-\x9f]/g, (found) =>
    found.length > 1 ? found : '\uFFFD',
  );
}
