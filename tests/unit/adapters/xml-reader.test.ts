import { describe, expect, it } from 'vitest';
import { saxesXmlReader } from '../../../src-main/adapters/xml/xml-reader';

describe('The XML reader', () => {
  it('reads elements, attributes, CDATA and the five entities, whatever encoding the declaration names', () => {
    const root = saxesXmlReader.read(
      '\uFEFF<?xml version="1.0" encoding="UTF-16"?>\r\n<t:Task version="1.2"><A>x &amp; <![CDATA[<y>]]></A><A/></t:Task>',
    );
    expect(root).toMatchObject({ name: 'Task', attributes: { version: '1.2' } });
    expect(root.children.map(({ name, text }) => [name, text])).toEqual([
      ['A', 'x & <y>'],
      ['A', ''],
    ]);
  });

  it.each([
    ['<!DOCTYPE t [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]><t>&b;</t>', /DOCTYPE/],
    ['<t>&unknown;</t>', /line 1.*entity/],
    ['<t>\n<a></t>', /line 2/],
    ['', /not taken/],
    ['no xml', /not taken/],
    [`${'<a>'.repeat(200)}${'</a>'.repeat(200)}`, /nested more than 100/],
  ])('refuses %s', (text, message) => {
    expect(() => saxesXmlReader.read(text)).toThrow(message);
  });
});
