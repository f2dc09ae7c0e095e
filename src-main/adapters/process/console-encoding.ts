import { execFile } from 'node:child_process';

/** Tells how console programs of this machine encode what they write, as a name of iconv's. */
export type ConsoleEncoding = () => Promise<string>;

/** The OEM code page out of `reg query ... /v OEMCP`; undefined when the answer holds none. */
export function parseOemCodePage(answer: string): string | undefined {
  const page = /OEMCP\s+REG_SZ\s+(\d{3,5})\b/i.exec(answer)?.[1];
  return page === undefined ? undefined : encodingName(page);
}

/** The code page out of `chcp`, in any language: the number at its end. */
export function parseChcp(answer: string): string | undefined {
  const page = /(\d{3,5})\s*\.?\s*$/.exec(answer)?.[1];
  return page === undefined ? undefined : encodingName(page);
}

const encodingName = (page: string): string => (page === '65001' ? 'utf-8' : `cp${page}`);

function ask(file: string, args: readonly string[]): Promise<string> {
  return new Promise((resolve) => {
    execFile(file, [...args], { windowsHide: true, timeout: 5000 }, (_error, stdout) =>
      resolve(stdout ?? ''),
    );
  });
}

const codePages = 'HKLM\\SYSTEM\\CurrentControlSet\\Control\\Nls\\CodePage';

/**
 * UTF-8 everywhere but on Windows. There the OEM code page of the system, which is what programs write to a pipe: a
 * service has no console whose page could be asked. Asked once.
 */
export function createConsoleEncoding(platform: string = process.platform): ConsoleEncoding {
  let known: Promise<string> | undefined;
  const find = async () =>
    parseOemCodePage(await ask('reg.exe', ['query', codePages, '/v', 'OEMCP'])) ??
    parseChcp(await ask('chcp.com', [])) ??
    'utf-8';
  return () => {
    if (platform !== 'win32') return Promise.resolve('utf-8');
    known ??= find();
    return known;
  };
}
