/** Keeps the end of what a program wrote to stderr, for the message of its failure: the last line that says anything. */
export function createLastLine(): { push(chunk: Uint8Array): void; line(): string | undefined } {
  const decoder = new TextDecoder();
  let kept = '';
  return {
    push(chunk) {
      kept = (kept + decoder.decode(chunk.subarray(Math.max(0, chunk.length - 4000)))).slice(-4000);
    },
    line() {
      // biome-ignore lint/suspicious/noControlCharactersInRegex: colours of terminals begin with ESC
      const plain = kept.replace(/\u001b\[[0-9;]*[A-Za-z]/g, '');
      const line = plain
        .split(/\r?\n/)
        .map((one) => one.trim())
        .filter((one) => one !== '')
        .at(-1);
      return line === undefined || line.length <= 500 ? line : `${line.slice(0, 500)}…`;
    },
  };
}
