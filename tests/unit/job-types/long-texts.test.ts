import { describe, expect, it } from 'vitest';
import { withoutUrlSecrets } from '../../../src-main/core/security/audit-changes';
import { OutputEncoding } from '../../../src-main/job-types/shared-keys';
import { realTypes } from '../../support/real-types';

const units = [
  'x',
  ' ',
  '\n',
  '\n\n ',
  '\t',
  '[',
  '(',
  '"',
  "'",
  '/*',
  '<#',
  '# ',
  '{{',
  'a:',
  'http://a:',
  '-- ',
  '% ',
];
const long = (unit: string) => unit.repeat(Math.ceil(100_000 / unit.length));

/** Far more than a linear search needs on a busy machine, far less than a quadratic one. */
const enoughMs = 3000;

function took(work: () => void): number {
  const begin = performance.now();
  work();
  return performance.now() - begin;
}

describe('a text of 100 kB that is one sign over and over', () => {
  const types = realTypes();
  const configs: readonly (readonly [string, (text: string) => unknown])[] = [
    ['sql', (query) => ({ query, connection: { server: 'a', database: 'b', username: 'c' } })],
    ['powershell', (script_content) => ({ script_content, host: 'pwsh' })],
    ['python', (script_content) => ({ script_content })],
    ['command', (text) => ({ command: 'a', arguments: [text] })],
    ['command', (text) => ({ command: text.slice(0, 32_000) })],
  ];

  it.each(configs)('is advised on for %s without holding everything up', (name, configOf) => {
    const type = types.get(name);
    for (const unit of units) {
      const checked = type?.configSchema.safeParse(configOf(long(unit)));
      if (!checked?.success) continue;
      expect(
        took(() => void type?.advise?.(checked.data)),
        JSON.stringify(unit),
      ).toBeLessThan(enoughMs);
    }
  });

  it('is told in the audit without holding everything up', () => {
    for (const unit of units)
      expect(
        took(() => void withoutUrlSecrets(long(unit))),
        JSON.stringify(unit),
      ).toBeLessThan(enoughMs);
  });
});

it('an address in the audit loses its login, wherever in a text it stands', () => {
  expect(withoutUrlSecrets('to ftp://me:canary@host/x and https://u:p:canary@h')).toBe(
    'to ftp://***@host/x and https://***@h',
  );
});

describe('output_encoding', () => {
  it.each([
    'utf-8',
    'UTF8',
    'utf-16le',
    'cp850',
    'CP437',
    'windows-1252',
    'latin1',
    'iso-8859-15',
    'shift_jis',
    'gbk',
    'koi8-r',
  ])('may be %s', (name) => expect(OutputEncoding.safeParse(name).success).toBe(true));
  it.each(['klingon', '', 'utf', 'cp', 'text', 'utf-9', 'x; id', 'a'.repeat(40)])('may not be %j', (name) => {
    expect(OutputEncoding.safeParse(name).success).toBe(false);
  });
});
