import { EVENT_ID, type Event, SCALAR_STYLE } from 'js-yaml';

/** Where one node of a YAML text stands: enough to point at it, and to tell how it was written. */
export interface YamlNode {
  readonly kind: 'mapping' | 'sequence' | 'scalar' | 'alias';
  /** Offset of the node's first character. */
  readonly start: number;
  /** Offset behind a scalar; for collections the same as start. */
  readonly end: number;
  /** A scalar without quotes or block markers. */
  readonly isPlain: boolean;
  readonly keyStart?: number;
  readonly entries?: Map<string, YamlNode & { readonly keyStart: number }>;
  readonly items?: YamlNode[];
}

/** A key that would reach into objects' prototypes. */
export interface ForbiddenKey {
  readonly key: string;
  readonly offset: number;
}

const forbidden = new Set(['__proto__', 'constructor', 'prototype']);

function keyText(source: string, event: Event): string {
  if (event.type !== EVENT_ID.SCALAR) return '';
  const raw = source.slice(event.valueStart, event.valueEnd);
  if (event.style === SCALAR_STYLE.PLAIN) return raw;
  return raw.replace(/^["']|["']$/g, '');
}

/** Builds the tree of positions from js-yaml's events: the same events its values are made of. */
export function buildTree(
  source: string,
  events: readonly Event[],
): { readonly root: YamlNode | undefined; readonly forbidden: ForbiddenKey | undefined } {
  type Open = { node: YamlNode; pendingKey?: { text: string; start: number } };
  const stack: Open[] = [];
  let root: YamlNode | undefined;
  let bad: ForbiddenKey | undefined;

  const attach = (node: YamlNode, event: Event) => {
    const parent = stack.at(-1);
    if (!parent) {
      root ??= node;
      return;
    }
    if (parent.node.items) {
      parent.node.items.push(node);
      return;
    }
    if (!parent.pendingKey) {
      const text = keyText(source, event);
      if (forbidden.has(text)) bad ??= { key: text, offset: node.start };
      parent.pendingKey = { text, start: node.start };
      return;
    }
    const keyStart = parent.pendingKey.start;
    // An empty value has no place of its own.
    const start = node.start < 0 ? keyStart : node.start;
    parent.node.entries?.set(parent.pendingKey.text, { ...node, start, keyStart });
    delete parent.pendingKey;
  };

  /** Levels that are no collection (documents) still end with a POP. */
  const kinds: ('document' | 'collection')[] = [];
  for (const event of events) {
    switch (event.type) {
      case EVENT_ID.DOCUMENT:
        kinds.push('document');
        break;
      case EVENT_ID.MAPPING:
      case EVENT_ID.SEQUENCE: {
        const isMapping = event.type === EVENT_ID.MAPPING;
        const node: YamlNode = {
          kind: isMapping ? 'mapping' : 'sequence',
          start: event.start,
          end: event.start,
          isPlain: false,
          ...(isMapping ? { entries: new Map() } : { items: [] }),
        };
        attach(node, event);
        stack.push({ node });
        kinds.push('collection');
        break;
      }
      case EVENT_ID.SCALAR:
        attach(
          {
            kind: 'scalar',
            start: event.valueStart,
            end: event.valueEnd,
            isPlain: event.style === SCALAR_STYLE.PLAIN,
          },
          event,
        );
        break;
      case EVENT_ID.ALIAS:
        attach({ kind: 'alias', start: event.anchorStart, end: event.anchorEnd, isPlain: false }, event);
        break;
      case EVENT_ID.POP:
        if (kinds.pop() === 'collection') stack.pop();
        break;
    }
  }
  return { root, forbidden: bad };
}

/** The node at a path, or the deepest one on the way to it. */
export function nodeAt(root: YamlNode | undefined, path: readonly (string | number)[]): YamlNode | undefined {
  let node = root;
  for (const step of path) {
    const next = typeof step === 'number' ? node?.items?.[step] : node?.entries?.get(step);
    if (!next) return node;
    node = next;
  }
  return node;
}
