/** How Windows lets a task have an account: by its password, without one (S4U), or because it keeps none itself. */
export type WindowsAccount =
  | { readonly kind: 'self' }
  | { readonly kind: 'service'; readonly sid: string; readonly name: string }
  /** A group managed service account: Windows fetches its password. */
  | { readonly kind: 'managed'; readonly name: string }
  | { readonly kind: 'user'; readonly name: string }
  | { readonly kind: 'refused'; readonly reason: string };

export interface WindowsSelf {
  /** As GetUserName says it: `SYSTEM` for the service account. */
  readonly name: string;
  /** USERDOMAIN and COMPUTERNAME of this process. */
  readonly domain: string;
  readonly computer: string;
}

const services: readonly (readonly [sid: string, name: string])[] = [
  ['S-1-5-18', 'SYSTEM'],
  ['S-1-5-19', 'LOCAL SERVICE'],
  ['S-1-5-20', 'NETWORK SERVICE'],
];

/** What no name of an account can hold, and what would mean something to a tool that is given it. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is refused
const impossible = /[\u0000-\u001f"/[\]:;|=,+*?<>%]/;

/** `.\name` and `DOMAIN\name` and `name` and `name@domain`, as Windows itself reads them. */
export function parseWindowsAccount(wanted: string, self: WindowsSelf): WindowsAccount {
  const refuse = (why: string): WindowsAccount => ({ kind: 'refused', reason: why });
  const text = wanted.trim();
  const short = text.replace(/^NT AUTHORITY\\/i, '').toUpperCase();
  const compact = short.replaceAll(' ', '');
  const service = services.find(
    ([sid, name]) => short === sid || compact === name.replaceAll(' ', '') || compact === `LOCAL${name}`,
  );
  if (service) {
    const [sid, name] = service;
    return self.name.toUpperCase() === name ? { kind: 'self' } : { kind: 'service', sid, name };
  }
  if (text === '' || impossible.test(text) || text.split('\\').length > 2)
    return refuse(
      'is not a name of a Windows account; expected DOMAIN\\name, .\\name, name@domain, or SYSTEM, LOCAL SERVICE or NETWORK SERVICE',
    );
  const [left = '', right] = text.split('\\');
  const name = right ?? left;
  if (name === '' || left === '') return refuse('has no name or no domain beside its "\\"');
  if (/^(NT SERVICE|IIS APPPOOL|NT VIRTUAL MACHINE)$/i.test(left))
    return refuse('is a virtual account, which belongs to its service: no task can run as it');
  const domain = right === undefined ? '' : left === '.' ? self.computer : left;
  const isHere = domain === '' ? self.domain === self.computer : same(domain, self.domain);
  if (isHere && same(name, self.name)) return { kind: 'self' };
  const full = domain === '' ? name : `${domain}\\${name}`;
  return name.endsWith('$') ? { kind: 'managed', name: full } : { kind: 'user', name: full };
}

const same = (a: string, b: string): boolean => a.toUpperCase() === b.toUpperCase();
