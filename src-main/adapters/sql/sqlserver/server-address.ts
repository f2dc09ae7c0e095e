/** Where a SQL Server is, from the forms ODBC knows: HOST, HOST\INSTANCE, HOST,PORT, tcp:HOST,PORT, `.`, (local). */
export interface ServerAddress {
  readonly host: string;
  readonly instance: string | undefined;
  readonly port: number | undefined;
}

/** Throws RangeError with a sentence for a form that is not known. */
export function parseServerAddress(server: string): ServerAddress {
  const text = server.trim().replace(/^tcp:/i, '');
  if (/^(np|lpc|admin):/i.test(text)) {
    throw new RangeError(
      `server is "${server}"; only TCP is supported, expected HOST, HOST\\INSTANCE or HOST,PORT`,
    );
  }
  const match = /^([^\\,]+)(?:\\([^\\,]+))?(?:\s*,\s*(\d{1,5}))?$/.exec(text);
  const port = match?.[3] === undefined ? undefined : Number(match[3]);
  if (!match || (port !== undefined && (port < 1 || port > 65_535))) {
    throw new RangeError(`server is "${server}"; expected HOST, HOST\\INSTANCE or HOST,PORT`);
  }
  const written = (match[1] ?? '').trim();
  const host = written === '.' || written.toLowerCase() === '(local)' ? 'localhost' : written;
  // A port names the server; the instance's name is then only for people.
  return { host, instance: port === undefined ? match[2]?.trim() : undefined, port };
}
