/** The value printed in the specification's sample configuration: known to everybody. */
export const sampleSecretKey = 'your-secret-key-here';

export function isLoopback(host: string): boolean {
  return /^(127(\.\d{1,3}){3}|localhost|::1|\[::1\])$/i.test(host);
}

/**
 * Why this address must not be served like this; undefined when it may.
 */
export function checkBind(web: {
  readonly host: string;
  readonly secretKey: string | undefined;
  readonly noAuth: boolean;
}): string | undefined {
  if (isLoopback(web.host)) return undefined;
  if (web.noAuth)
    return `--no-auth works on this machine only: with host ${web.host} anyone on the network could run jobs`;
  if (web.secretKey === undefined || web.secretKey === sampleSecretKey || web.secretKey.length < 16) {
    return `host is ${web.host}, which others can reach; first set web.secret_key to a secret of your own (16 characters or more)`;
  }
  return undefined;
}
