import { describe, expect, it } from 'vitest';
import { partsOfLine, styleBehind } from '../../../src-renderer/lib/ansi';

const esc = '\u001b[';

describe('a line of output', () => {
  it.each([
    '<script>alert(1)</script>',
    '<img src=x onerror=alert(1)>',
    '{"update_event":{"status":"success"}}',
    '&lt;b&gt; &amp;',
    '日本語 العربية 👩‍💻\ttab',
  ])('without sequences is its own text: %s', (text) => {
    expect(partsOfLine(text)).toEqual([{ text }]);
  });

  it('keeps its colours as looks', () => {
    expect(partsOfLine(`a ${esc}31;1mred${esc}0m b`)).toEqual([
      { text: 'a ' },
      { text: 'red', colour: 'red', isBold: true },
      { text: ' b' },
    ]);
    expect(partsOfLine(`${esc}94mx`)).toEqual([{ text: 'x', colour: 'bright-blue' }]);
    expect(partsOfLine(`${esc}38;5;208mx`)).toEqual([{ text: 'x', colour: '255, 135, 0' }]);
    expect(partsOfLine(`${esc}38;2;1;2;3;48;5;232mx`)).toEqual([
      { text: 'x', colour: '1, 2, 3', ground: '8, 8, 8' },
    ]);
  });

  it('begins as the line before it ended', () => {
    const style = styleBehind('', `${esc}32mgreen goes on`);
    expect(partsOfLine('here too', style)).toEqual([{ text: 'here too', colour: 'green' }]);
    expect(styleBehind(style, `end${esc}0m`)).toBe('');
    expect(styleBehind(style, `end${esc}m`)).toBe('');
  });

  it('makes links of http(s) alone', () => {
    const link = (url: string) => partsOfLine(`\u001b]8;;${url}\u0007text\u001b]8;;\u0007`);
    expect(link('https://example.com/a')).toEqual([{ text: 'text', href: 'https://example.com/a' }]);
    for (const url of ['javascript:alert(1)', 'data:text/html,x', 'file:///etc/passwd', 'vbscript:x', '//x'])
      expect(link(url)).toEqual([{ text: 'text' }]);
  });

  it('names characters that can not be seen, and leaves out sequences that move the cursor', () => {
    expect(partsOfLine('a\u0000b\u202Ec\ufffd')).toEqual([
      { text: 'a' },
      { text: '␀', isSign: true },
      { text: 'b' },
      { text: 'U+202E', isSign: true },
      { text: 'c' },
      { text: '\ufffd', isSign: true },
    ]);
    expect(partsOfLine(`${esc}2J${esc}10;5Hx${esc}?25l\u001b]0;title\u0007y`)).toEqual([{ text: 'xy' }]);
  });

  it('that was written over shows what was left standing, and how often', () => {
    expect(partsOfLine('10 %\r50 %\r100 %')).toEqual([{ text: '↻2', isSign: true }, { text: '100 %' }]);
  });
});
