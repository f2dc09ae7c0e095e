import type { Terminal } from '../../src-main/shells/cli/terminal';

/** A terminal nobody looks at; it keeps what was written to it. */
export function quietTerminal(
  platform: string = process.platform,
): Terminal & { printed(): string; said(): string } {
  let out = '';
  let err = '';
  return {
    out: (text) => {
      out += typeof text === 'string' ? text : Buffer.from(text).toString();
    },
    err: (text) => {
      err += text;
    },
    isInteractive: false,
    columns: undefined,
    environment: {},
    platform,
    readSecret: async () => '',
    interrupted: new AbortController().signal,
    printed: () => out,
    said: () => err,
  };
}
