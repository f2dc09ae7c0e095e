import { createRequire } from 'node:module';
import { AppError } from '../../../src-shared/errors';
import type { XmlElement, XmlReader } from '../../core/ports/xml-reader';

/** Far more than a file of tasks has, and few enough not to fill the memory. */
const mostElements = 500_000;
const deepest = 100;

interface Growing {
  readonly name: string;
  readonly attributes: Record<string, string>;
  readonly children: Growing[];
  text: string;
  readonly line: number;
}

const localName = (name: string): string => name.slice(name.indexOf(':') + 1);

/** XML into a tree. A DOCTYPE is refused before anything of it is used, so there are no entities to expand. */
export const saxesXmlReader: XmlReader = {
  read(given): XmlElement {
    // The text is decoded already: what its declaration says of an encoding no longer holds.
    const text = given.replace(/^\uFEFF/, '').trimStart();
    // Loaded by the first file that is read.
    const { SaxesParser } = createRequire(import.meta.url)('saxes') as typeof import('saxes');
    const parser = new SaxesParser({ xmlns: false });
    const open: Growing[] = [];
    let root: Growing | undefined;
    let count = 0;
    const refuse = (message: string): never => {
      const { line } = parser;
      const column = parser.column + 1;
      throw new AppError(
        'validation_failed',
        `The XML is not taken (line ${line}, column ${column}): ${message}`,
        {
          issues: [{ path: '', message, severity: 'error', line, column }],
        },
      );
    };
    parser.on('doctype', () => refuse('it has a DOCTYPE; expected none, as no scheduler writes one'));
    parser.on('error', (error) => refuse(error.message.replace(/^\d+:\d+: /, '').replace(/\.$/, '')));
    parser.on('opentag', (tag) => {
      count += 1;
      if (count > mostElements) refuse(`it has more than ${mostElements} elements`);
      if (open.length >= deepest) refuse(`its elements are nested more than ${deepest} deep`);
      const element: Growing = {
        name: localName(tag.name),
        attributes: Object.fromEntries(
          Object.entries(tag.attributes).map(([name, value]) => [name, String(value)]),
        ),
        children: [],
        text: '',
        line: parser.line,
      };
      open.at(-1)?.children.push(element);
      root ??= element;
      open.push(element);
    });
    const addText = (piece: string) => {
      const element = open.at(-1);
      if (element) element.text += piece;
    };
    parser.on('text', addText);
    parser.on('cdata', addText);
    parser.on('closetag', () => {
      const element = open.pop();
      if (element) element.text = element.text.trim();
    });
    parser.write(text).close();
    return root ?? refuse('it holds no element');
  },
};
