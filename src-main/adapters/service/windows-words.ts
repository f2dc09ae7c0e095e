/** One argument as Windows programs take command lines apart (CommandLineToArgvW). */
export function windowsWord(text: string): string {
  if (text !== '' && !/[\s"]/.test(text)) return text;
  return `"${text.replace(/(\\*)"/g, '$1$1\\"').replace(/(\\+)$/, '$1$1')}"`;
}

export const windowsLine = (words: readonly string[]): string => words.map(windowsWord).join(' ');
