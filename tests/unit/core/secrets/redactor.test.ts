import { execFileSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import { createRedactor } from '../../../../src-main/core/secrets/redactor';

const encoder = new TextEncoder();
const decoder = new TextDecoder();
const secret = 'Pa$$"w0rd&<é>/1+?';
const pem = `-----BEGIN KEY-----\n${'QUJDREVGR0hJSktMTU5PUFFSU1RVVldYWVo'.repeat(3)}\nZmluaXNoZWQhISE=\n-----END KEY-----`;

function redactor(...values: string[]) {
  const made = createRedactor();
  made.learn('test', values);
  return made;
}

/** What comes out when the text is pushed in pieces of every size. */
function pieces(value: string, text: string, size: number): string {
  const stream = redactor(value).stream();
  const bytes = encoder.encode(text);
  let result = '';
  const out = new TextDecoder();
  for (let from = 0; from < bytes.length; from += size)
    result += out.decode(stream.push(bytes.subarray(from, from + size)), { stream: true });
  return result + out.decode(stream.end());
}

const base64 = (text: string) => Buffer.from(text).toString('base64');

describe('the redactor', () => {
  it.each([
    ['as it is', `<${secret}>`],
    ['JSON', JSON.stringify({ password: secret })],
    ['JSON in ASCII', String.raw`"Pa$$\"w0rd&<\u00e9>/1+?"`],
    ['a URL', `https://x/?p=${encodeURIComponent(secret)}&q`],
    ['a URL in small letters', `p=${encodeURIComponent(secret).replace(/%../g, (one) => one.toLowerCase())}`],
    ['a form', new URLSearchParams({ p: secret }).toString()],
    ['base64', base64(secret)],
    ['base64 behind one byte', base64(`:${secret}`)],
    ['base64 between others', base64(`user:${secret}!!`)],
    ['base64url', Buffer.from(`ab${secret}c`).toString('base64url')],
    ['base64 of UTF-16', Buffer.from(secret, 'utf16le').toString('base64')],
    ['hex', Buffer.from(secret).toString('hex').toUpperCase()],
    [
      'HTML',
      secret
        .replaceAll('&', '&amp;')
        .replaceAll('<', '&lt;')
        .replaceAll('>', '&gt;')
        .replaceAll('"', '&quot;'),
    ],
  ])('masks a secret written as %s', (_form, text) => {
    const shown = redactor(secret).text(`before ${text} after`);
    expect(shown).toContain('***');
    expect(shown).toMatch(/^before .* after$/s);
    for (const form of [secret, encodeURIComponent(secret), base64(secret).slice(2, 20)])
      expect(shown).not.toContain(form);
  });

  it.each([
    ['a path of a URL', (text: string) => encodeURIComponent(text).replaceAll('%2F', '/')],
    ['a whole URL', encodeURI],
    ['HTML of Python', (text: string) => text.replaceAll('"', '&quot;').replaceAll("'", '&#x27;')],
    ['HTML of Go', (text: string) => text.replaceAll('"', '&#34;').replaceAll("'", '&#39;')],
    ['a string of SQL', (text: string) => text.replaceAll("'", "''")],
    ['a cell of CSV', (text: string) => text.replaceAll('"', '""')],
    ['a word of a shell', (text: string) => text.replaceAll("'", "'\\''")],
  ])('masks a secret with quotation marks written as %s', (_form, write) => {
    const value = 'ab/c"d\'e f1';
    expect(redactor(value).text(`<${write(value)}>`)).toBe('<***>');
  });

  it('masks a secret however its bytes are cut into chunks', () => {
    const text = `a ${secret} b ${base64(secret)} c Pa$$ d ${secret}`;
    for (const size of [1, 2, 3, 5, 7, 16, 1000])
      expect(pieces(secret, text, size)).toBe('a *** b *** c Pa$$ d ***');
  });

  it('masks every line of a secret of many lines, and its wrapped base64', () => {
    const shown = redactor(pem).text(`x\r\n${pem.replaceAll('\n', '\r\n')}\r\n`);
    expect(shown).not.toMatch(/QUJD|Zmlu/);
    const wrapped = execFileSync('base64', { input: pem, encoding: 'utf8' });
    const lines = redactor(pem).text(wrapped).trim().split('\n');
    expect(lines.slice(0, -1).every((line) => line === '***')).toBe(true);
  });

  it('shows the longer of two secrets not even in part when the shorter begins it', () => {
    const stream = redactor('hunter', 'hunter2-long').stream();
    const first = decoder.decode(stream.push(encoder.encode('x hunter')));
    const second = decoder.decode(stream.push(encoder.encode('2-long y')));
    expect(first + second + decoder.decode(stream.end())).toBe('x *** y');
  });

  it('holds nothing back that can not become a secret, and hands on bytes that are no text', () => {
    const stream = redactor(secret).stream();
    const bytes = Uint8Array.from([0, 255, 254, 10, 80]);
    expect([...stream.push(bytes)]).toEqual([0, 255, 254, 10]);
    expect([...stream.push(Uint8Array.from([120]))]).toEqual([80, 120]);
  });

  it('masks texts deep inside values, keys too, and forgets what it is told to', () => {
    const made = redactor(secret);
    const value = { list: [1, null, `-${secret}`], [secret]: true };
    expect(made.value(value)).toEqual({ list: [1, null, '-***'], '***': true });
    made.learn('test', []);
    expect(made.value(value)).toBe(value);
  });

  it('ignores what is too short to be told from other text', () => {
    expect(redactor('abc').text('abc')).toBe('abc');
  });

  it('masks 50 secrets in a text of all of them', () => {
    const secrets = Array.from(
      { length: 50 },
      (_, index) => `canary-${index * 7919}-${'x'.repeat(index % 9)}!`,
    );
    const text = secrets.map((one) => `${one}|${base64(one)}|${JSON.stringify(one)}`).join('\n');
    const shown = redactor(...secrets).text(text);
    expect(secrets.filter((one) => shown.includes(one) || shown.includes(base64(one)))).toEqual([]);
  });
});
