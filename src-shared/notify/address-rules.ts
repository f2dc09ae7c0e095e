/** The part of the URL class used here; it is in every place this code runs. */
declare const URL: new (
  text: string,
) => {
  readonly protocol: string;
  readonly hostname: string;
  readonly port: string;
  readonly username: string;
};

/** IPv4 text (four parts, as URL writes it) as a number; undefined for anything else. */
function ipv4(text: string): number | undefined {
  const parts = /^(\d{1,3})\.(\d{1,3})\.(\d{1,3})\.(\d{1,3})$/.exec(text)?.slice(1).map(Number);
  if (!parts || parts.some((part) => part > 255)) return undefined;
  return parts.reduce((sum, part) => sum * 256 + part, 0);
}

/** IPv6 text as eight groups; undefined for anything else. An IPv4 tail is taken in. */
function ipv6(text: string): readonly number[] | undefined {
  const plain = text.split('%', 1)[0] ?? '';
  if (!plain.includes(':')) return undefined;
  const tail = /^(.*:)(\d+\.\d+\.\d+\.\d+)$/.exec(plain);
  const four = tail ? ipv4(tail[2] ?? '') : undefined;
  const hex =
    tail && four !== undefined
      ? `${tail[1]}${Math.floor(four / 65_536).toString(16)}:${(four % 65_536).toString(16)}`
      : plain;
  const [head = '', rest, more] = hex.split('::');
  if (more !== undefined) return undefined;
  const groups = (part: string) => (part === '' ? [] : part.split(':'));
  const before = groups(head);
  const after = rest === undefined ? [] : groups(rest);
  const missing = 8 - before.length - after.length;
  if (rest === undefined ? missing !== 0 : missing < 0) return undefined;
  const all = [...before, ...Array<string>(rest === undefined ? 0 : missing).fill('0'), ...after];
  if (all.some((group) => !/^[0-9a-f]{1,4}$/i.test(group))) return undefined;
  return all.map((group) => Number.parseInt(group, 16));
}

/** [network, prefix length]: what is not the public internet (IANA special-purpose registries). */
const closed4: readonly (readonly [string, number])[] = [
  ['0.0.0.0', 8],
  ['10.0.0.0', 8],
  ['100.64.0.0', 10],
  ['127.0.0.0', 8],
  ['169.254.0.0', 16],
  ['172.16.0.0', 12],
  ['192.0.0.0', 24],
  ['192.0.2.0', 24],
  ['192.88.99.0', 24],
  ['192.168.0.0', 16],
  ['198.18.0.0', 15],
  ['198.51.100.0', 24],
  ['203.0.113.0', 24],
  ['224.0.0.0', 4],
  ['240.0.0.0', 4],
];

function isClosed4(address: number): boolean {
  return closed4.some(([network, bits]) => {
    const size = 2 ** (32 - bits);
    return Math.floor(address / size) === Math.floor((ipv4(network) ?? 0) / size);
  });
}

function isClosed6(groups: readonly number[]): boolean {
  const [a = 0, b = 0, c = 0, d = 0, e = 0, f = 0, g = 0, h = 0] = groups;
  const embedded = g * 65_536 + h;
  const isLow = a === 0 && b === 0 && c === 0 && d === 0;
  // ::, ::1, IPv4-compatible and IPv4-mapped addresses are what they embed.
  if (isLow && e === 0 && (f === 0 || f === 0xffff)) return f === 0 || isClosed4(embedded);
  if (isLow && e === 0xffff && f === 0) return isClosed4(embedded);
  // NAT64 (64:ff9b::/96) and 6to4 (2002::/16) carry an IPv4 address.
  if (a === 0x64 && b === 0xff9b) return c !== 0 || d !== 0 || e !== 0 || f !== 0 || isClosed4(embedded);
  if (a === 0x2002) return isClosed4(b * 65_536 + c);
  const isUnique = (a & 0xfe00) === 0xfc00;
  const isLink = (a & 0xffc0) === 0xfe80 || (a & 0xffc0) === 0xfec0;
  const isMulticast = (a & 0xff00) === 0xff00;
  const isDocumentation = a === 0x2001 && (b === 0xdb8 || b === 0);
  // Only 2000::/3 is handed out.
  return isUnique || isLink || isMulticast || isDocumentation || (a & 0xe000) !== 0x2000;
}

/** Whether an IP address, as text, lies outside the public internet. A text that is no address counts as outside. */
export function isPrivateAddress(text: string): boolean {
  const four = ipv4(text);
  if (four !== undefined) return isClosed4(four);
  const six = ipv6(text);
  return six === undefined ? true : isClosed6(six);
}

export interface WebTarget {
  /** Without brackets. */
  readonly host: string;
  readonly port: number;
  readonly isSecure: boolean;
  /** The host is an IP address, and not a name that has to be looked up. */
  readonly isAddress: boolean;
}

/** `notifications.allowed_hosts`: `host`, or `host:port`. Loopback needs the port: this machine serves much else. */
export function isAllowedHost({ host, port }: WebTarget, allowed: readonly string[]): boolean {
  const isLoopback = host === 'localhost' || host === '::1' || /^127\./.test(host);
  return allowed.some((entry) => {
    const written = entry.toLowerCase().replace(/[[\]]/g, '');
    return written === `${host}:${port}` || (!isLoopback && written === host);
  });
}

/**
 * Reads a web address that something is to be sent to. A text says why not: another scheme than http(s), a login in
 * it, or an address inside the network that `allowed` does not name. Names are looked up, and checked again, when
 * they are used.
 */
export function readWebTarget(text: string, allowed: readonly string[]): WebTarget | string {
  let url: InstanceType<typeof URL>;
  try {
    url = new URL(text);
  } catch {
    return 'is no web address; expected https://host/path';
  }
  if (url.protocol !== 'https:' && url.protocol !== 'http:')
    return `begins with ${url.protocol}; expected https: or http:`;
  if (url.username !== '') return 'holds a login (user@host); expected a web address without one';
  const host = url.hostname
    .replace(/^\[|\]$/g, '')
    .replace(/\.$/, '')
    .toLowerCase();
  if (host === '') return 'names no host';
  const isSecure = url.protocol === 'https:';
  const port = url.port === '' ? (isSecure ? 443 : 80) : Number(url.port);
  const isAddress = ipv4(host) !== undefined || host.includes(':');
  const target: WebTarget = { host, port, isSecure, isAddress };
  if (isAllowedHost(target, allowed)) return target;
  const isLocalName = host === 'localhost' || host.endsWith('.localhost');
  if (isLocalName || (isAddress && isPrivateAddress(host)))
    return `leads to ${host}, which is this machine or a private network; an admin can allow it as "${host}:${port}" in notifications.allowed_hosts`;
  return target;
}

/** A mail address as this program sends to: one address, no name, nothing that could begin a header. */
export function emailProblem(text: string): string | undefined {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: that is what is looked for
  if (/[\u0000-\u001f\u007f\u2028\u2029]/.test(text)) return 'holds a line break or control character';
  if (text.length > 254 || !/^[^\s@<>()[\]\\,;:"]+@[^\s@<>()[\]\\,;:"]+$/.test(text))
    return 'is no mail address; expected one such as admin@company.com';
  return undefined;
}
