import {
  type Document,
  isCollection,
  isMap,
  isScalar,
  type Pair,
  parseDocument,
  Scalar,
  stringify,
} from 'yaml';
import type { Path } from './issue-collector';

/** Undefined takes the key away; everything else is written there. */
type Value = unknown;

const options = { lineWidth: 0, indentSeq: true } as const;

/** Where the line of an offset begins. */
const lineStart = (text: string, offset: number): number => text.lastIndexOf('\n', offset - 1) + 1;
/** Behind the line break of an offset's line; the text's end when there is none. */
const lineEnd = (text: string, offset: number): number => {
  const at = text.indexOf('\n', offset);
  return at < 0 ? text.length : at + 1;
};

const read = (text: string): Document => parseDocument(text, { keepSourceTokens: false });

function isSameValue(text: string, expected: unknown): boolean {
  const document = read(text);
  return document.errors.length === 0 && JSON.stringify(document.toJS()) === JSON.stringify(expected);
}

/** A text as the author would write it: several lines as a block, with its header's comment. */
function nodeOf(value: Value, document: Document, before: unknown): unknown {
  if (typeof value !== 'string') {
    const node = document.createNode(value);
    if (isScalar(node) && isScalar(before)) node.comment = before.comment;
    return node;
  }
  const scalar = new Scalar(value);
  if (value.includes('\n')) scalar.type = Scalar.BLOCK_LITERAL;
  else if (isScalar(before) && (before.type === 'QUOTE_SINGLE' || before.type === 'QUOTE_DOUBLE'))
    scalar.type = before.type;
  if (isScalar(before)) scalar.comment = before.comment;
  return scalar;
}

/** `key: value` as lines, each indented; without the last line break. */
function pairText(key: string, node: unknown, indent: number): string {
  const text = stringify({ [key]: node }, options).replace(/\n$/, '');
  // A block with kept line breaks at its end (`|+`) ends in empty lines that belong to it.
  return text.replace(/^(?=.)/gm, ' '.repeat(indent));
}

interface Place {
  readonly parent: { readonly items: Pair[]; readonly flow?: boolean };
  readonly key: string;
}

function placeOf(document: Document, path: Path): Place | undefined {
  const parentNode = path.length === 1 ? document.contents : document.getIn(path.slice(0, -1), true);
  if (!isMap(parentNode)) return undefined;
  return { parent: parentNode as unknown as Place['parent'], key: String(path.at(-1)) };
}

const keyOf = (pair: Pair): string => (isScalar(pair.key) ? String(pair.key.value) : '');
const rangeOf = (node: unknown): readonly [number, number, number] | undefined =>
  (node as { range?: [number, number, number] | null } | null)?.range ?? undefined;

/** Where a pair's value ends, its own comment on that line included. */
function pairEnd(pair: Pair): number | undefined {
  return rangeOf(pair.value)?.[1] ?? rangeOf(pair.key)?.[1];
}

/** Changes the text where the pair stands; undefined when that can't be done in place. */
function surgery(text: string, document: Document, path: Path, value: Value): string | undefined {
  const place = placeOf(document, path);
  if (!place || place.parent.flow) return undefined;
  const { parent, key } = place;
  const pair = parent.items.find((item) => keyOf(item) === key);
  const keyRange = rangeOf(pair?.key);
  if (pair && keyRange) {
    const start = lineStart(text, keyRange[0]);
    const indent = keyRange[0] - start;
    const end = pairEnd(pair);
    if (end === undefined || !/^[ ]*(- )*[ ]*$/.test(text.slice(start, keyRange[0]))) return undefined;
    if (value === undefined) {
      // The first pair of a list's item shares its line with the dash.
      if (text.slice(start, keyRange[0]).trim() !== '' || parent.items.length === 1) return undefined;
      return text.slice(0, start) + text.slice(lineEnd(text, Math.max(keyRange[1], end - 1)));
    }
    const node = nodeOf(value, document, pair.value);
    const written = pairText(key, node, indent).slice(indent);
    const isPlainOld = isScalar(pair.value) && !String(pair.value.type).startsWith('BLOCK');
    if (isPlainOld && isScalar(node) && node.type !== Scalar.BLOCK_LITERAL) {
      node.comment = undefined;
      const short = pairText(key, node, 0).slice(stringify({ [key]: null }, options).indexOf(':') + 2);
      const from = rangeOf(pair.value)?.[0] ?? end;
      // An empty value has its place right behind the colon.
      return text.slice(0, from) + (text[from - 1] === ':' ? ' ' : '') + short + text.slice(end);
    }
    const isBlock = isScalar(pair.value) && String(pair.value.type).startsWith('BLOCK');
    const rest = isBlock || text[end - 1] === '\n' ? '\n' : '';
    return text.slice(0, keyRange[0]) + written + rest + text.slice(end);
  }
  if (value === undefined) return text;
  const last = parent.items.at(-1);
  const first = rangeOf(parent.items[0]?.key);
  const end = last && pairEnd(last);
  if (!first || end === undefined) return undefined;
  const indent = first[0] - lineStart(text, first[0]);
  const at = lineEnd(text, Math.max(end - 1, 0));
  const glue = text[at - 1] === '\n' ? '' : '\n';
  return `${text.slice(0, at)}${glue}${pairText(key, nodeOf(value, document, undefined), indent)}\n${text.slice(at)}`;
}

/** Takes away mappings that became empty on the way to a removed key. */
function expectedValue(document: Document, path: Path, value: Value): Document {
  const copy = document.clone();
  if (value === undefined) copy.deleteIn(path);
  else {
    for (let depth = 1; depth < path.length; depth += 1) {
      if (!isCollection(copy.getIn(path.slice(0, depth), true)))
        copy.setIn(path.slice(0, depth), copy.createNode(typeof path[depth] === 'number' ? [] : {}));
    }
    copy.setIn(path, nodeOf(value, copy, copy.getIn(path, true)));
  }
  return copy;
}

/**
 * Sets the value at a path of a YAML text (undefined takes the key away) and leaves everything else as the author
 * wrote it: comments, order, blank lines, quotes. Where the place can't be changed by itself (flow mappings, a parent
 * that is missing) the whole text is written anew by a parser that keeps comments. A text with errors comes back as
 * it was. Texts of several lines are written as a block (`|`).
 */
export function editAtPath(text: string, path: Path, value: Value): string {
  const document = read(text);
  if (document.errors.length > 0 || path.length === 0) return text;
  if (document.contents === null) {
    return value === undefined
      ? text
      : `${text}${text === '' || text.endsWith('\n') ? '' : '\n'}${stringify(nest(path, value), options)}`;
  }
  if (!isMap(document.contents)) return text;
  if (value === undefined && !document.hasIn(path)) return text;
  const expected = expectedValue(document, path, value);
  const deepest = missingFrom(document, path);
  const attempt =
    deepest === path.length || value === undefined
      ? surgery(text, document, path, value)
      : surgery(text, document, path.slice(0, deepest), nest(path.slice(deepest), value));
  if (attempt !== undefined && isSameValue(attempt, expected.toJS())) return attempt;
  return expected.toString(options);
}

/** How many steps of a path lead to what exists, plus the one that is to be made. */
function missingFrom(document: Document, path: Path): number {
  for (let depth = 1; depth < path.length; depth += 1) {
    if (!isCollection(document.getIn(path.slice(0, depth), true))) return depth;
  }
  return path.length;
}

function nest(path: Path, value: Value): unknown {
  return path.reduceRight<unknown>((inner, step) => ({ [step]: inner }), value);
}
