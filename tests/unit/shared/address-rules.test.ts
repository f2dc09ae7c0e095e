import { describe, expect, it } from 'vitest';
import { emailProblem, isPrivateAddress, readWebTarget } from '../../../src-shared/notify/address-rules';

describe('an address', () => {
  it.each([
    '127.0.0.1',
    '0.0.0.0',
    '10.1.2.3',
    '172.16.0.1',
    '172.31.255.255',
    '192.168.1.1',
    '169.254.169.254',
    '100.64.0.1',
    '224.0.0.1',
    '255.255.255.255',
    '198.18.0.1',
    '::',
    '::1',
    '::ffff:127.0.0.1',
    '::ffff:a9fe:a9fe',
    '::ffff:0:a00:1',
    'fe80::1',
    'fe80::1%eth0',
    'fd00::1',
    'fc00::',
    'ff02::1',
    '64:ff9b::a00:1',
    '2002:7f00:1::',
    '2001:db8::1',
    'not an address',
    '',
    '1.2.3',
    '1:2:3',
    ':::',
  ])('%s is not of the public internet', (text) => {
    expect(isPrivateAddress(text)).toBe(true);
  });

  it.each([
    '8.8.8.8',
    '172.32.0.1',
    '1.1.1.1',
    '2606:4700:4700::1111',
    '2a00:1450:4001:81b::200e',
    '64:ff9b::808:808',
  ])('%s is public', (text) => {
    expect(isPrivateAddress(text)).toBe(false);
  });
});

describe('a web address', () => {
  it.each([
    'http://127.0.0.1/',
    'http://[::1]/',
    'http://0/',
    'http://0.0.0.0/',
    'http://169.254.169.254/latest',
    'http://[::ffff:a9fe:a9fe]/',
    'http://2130706433/',
    'http://0x7f.1/',
    'http://017700000001/',
    'http://localhost:5000/',
    'http://LOCALHOST./',
    'http://a.localhost/',
    'https://127.0.0.1:5000/api',
    'http://10.0.0.8/',
  ])('%s is refused with what would allow it', (text) => {
    expect(readWebTarget(text, [])).toMatch(/private network.*notifications\.allowed_hosts/);
  });

  it.each([
    ['file:///etc/passwd', /begins with file:/],
    ['gopher://x/', /begins with gopher:/],
    ['javascript:alert(1)', /begins with javascript:/],
    ['https://user:pw@host/', /holds a login/],
    ['no address', /is no web address/],
  ])('%s is refused', (text, why) => {
    expect(readWebTarget(text, [])).toMatch(why);
  });

  it('of the own network is taken when its host is allowed; of this machine only with its port', () => {
    expect(readWebTarget('http://10.0.0.8:8080/x', ['10.0.0.8'])).toMatchObject({
      host: '10.0.0.8',
      port: 8080,
    });
    expect(readWebTarget('http://10.0.0.8:8080/x', ['10.0.0.8:80'])).toMatch(/10\.0\.0\.8:8080/);
    expect(readWebTarget('http://127.0.0.1:7000/', ['127.0.0.1'])).toMatch(/private network/);
    expect(readWebTarget('http://127.0.0.1:7000/', ['127.0.0.1:7000'])).toMatchObject({ port: 7000 });
    expect(readWebTarget('http://[::1]:7000/', ['[::1]:7000'])).toMatchObject({ host: '::1' });
  });

  it('of a public name or address is taken', () => {
    expect(readWebTarget('https://hooks.slack.com/services/a', [])).toMatchObject({
      host: 'hooks.slack.com',
      port: 443,
      isAddress: false,
    });
    expect(readWebTarget('https://8.8.8.8/', [])).toMatchObject({ isAddress: true });
  });
});

describe('a mail address', () => {
  it.each(['admin@company.com', "o'brien+x@mail.co"])('%s is taken', (text) => {
    expect(emailProblem(text)).toBeUndefined();
  });
  it.each([
    '',
    'admin',
    'a@b@c',
    'a b@c',
    'a@b, c@d',
    'a@b\r\nBcc: x@y',
    'a@b\u2028x',
    '<a@b>',
    `${'a'.repeat(250)}@b.cc`,
  ])('%j is refused', (text) => {
    expect(emailProblem(text)).toBeDefined();
  });
});
