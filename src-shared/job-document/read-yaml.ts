import {
  CORE_SCHEMA,
  constructFromEvents,
  EVENT_ID,
  type Event,
  mergeTag,
  parseEvents,
  YAMLException,
} from 'js-yaml';
import type { Issue } from '../model/issue';
import { createLineIndex, type LineIndex } from './line-index';
import { explainMistake } from './yaml-mistakes';
import { buildTree, type YamlNode } from './yaml-tree';

export interface YamlReading {
  readonly value: unknown;
  readonly root: YamlNode | undefined;
  readonly lines: LineIndex;
  /** Errors: when there are any, `value` is not to be used. */
  readonly issues: readonly Issue[];
}

/** YAML 1.2, and the merge keys that files of the Python program use. */
const schema = CORE_SCHEMA.withTags(mergeTag);

// Bounds against hostile files; honest ones stay far below.
const mostLevels = 64;
const mostAliases = 1000;
const mostMergedKeys = 2000;
const mostExpandedValues = 200_000;

/** Objects and lists in aliases appear many times; how many values there are once all are written out. */
function expandedSize(value: unknown, known = new Map<object, number>()): number {
  if (typeof value !== 'object' || value === null) return 1;
  const kept = known.get(value);
  if (kept !== undefined) return kept;
  known.set(value, 1);
  let size = 1;
  for (const child of Object.values(value)) size += expandedSize(child, known);
  known.set(value, size);
  return size;
}

/** The path of a number that is no number (`.nan`, `1e999`). */
function oddNumber(value: unknown, path: (string | number)[] = []): (string | number)[] | undefined {
  if (typeof value === 'number') return Number.isFinite(value) ? undefined : path;
  if (typeof value !== 'object' || value === null) return undefined;
  for (const [key, child] of Object.entries(value)) {
    const found = oddNumber(child, [...path, Array.isArray(value) ? Number(key) : key]);
    if (found) return found;
  }
  return undefined;
}

/**
 * Reads one YAML document: its value, and where everything stands in it. Never throws and never takes long:
 * size, depth, aliases and merges are bounded.
 */
export function readYaml(source: string, limitBytes: number): YamlReading {
  const text = source.startsWith('\uFEFF') ? source.slice(1) : source;
  const fail = (
    message: string,
    offset = 0,
    lines = createLineIndex(text.slice(0, 100_000)),
  ): YamlReading => ({
    value: undefined,
    root: undefined,
    lines,
    issues: [{ path: '', message, severity: 'error', ...lines.at(offset) }],
  });

  if (text.length > limitBytes) {
    return fail(`The text is ${text.length} characters long; expected at most ${limitBytes}`);
  }
  const nul = text.indexOf('\0');
  if (nul >= 0)
    return fail('The text holds NUL characters; is it UTF-16? Expected UTF-8', Math.min(nul, 50_000));

  const lines = createLineIndex(text);
  let events: Event[];
  let value: unknown;
  try {
    events = parseEvents(text, { maxDepth: mostLevels });
    const documents = events.filter((event) => event.type === EVENT_ID.DOCUMENT).length;
    if (documents > 1) return fail(`The text holds ${documents} YAML documents; expected one`, 0, lines);
    const tree = buildTree(text, events);
    if (tree.forbidden) {
      return fail(`The key "${tree.forbidden.key}" is not allowed`, tree.forbidden.offset, lines);
    }
    [value] = constructFromEvents(events, {
      source: text,
      schema,
      maxAliases: mostAliases,
      maxTotalMergeKeys: mostMergedKeys,
    });
    const hasAliases = events.some((event) => event.type === EVENT_ID.ALIAS);
    if (hasAliases && expandedSize(value) > mostExpandedValues) {
      return fail('The aliases of the text come to too many values when written out', 0, lines);
    }
    const odd = oddNumber(value);
    if (odd) {
      const at = nodeOffset(tree.root, odd);
      return fail(`${odd.join('.')} is not a number that can be used; expected a finite one`, at, lines);
    }
    return { value, root: tree.root, lines, issues: [] };
  } catch (error) {
    if (error instanceof YAMLException) {
      const place = { line: (error.mark?.line ?? 0) + 1, column: (error.mark?.column ?? 0) + 1 };
      const mistake = explainMistake(error.reason ?? error.message, place, lines);
      return {
        value: undefined,
        root: undefined,
        lines,
        issues: [{ path: '', severity: 'error', ...mistake }],
      };
    }
    if (error instanceof RangeError) return fail('The text is nested too deeply', 0, lines);
    throw error;
  }
}

function nodeOffset(root: YamlNode | undefined, path: readonly (string | number)[]): number {
  let node = root;
  for (const step of path) {
    const next = typeof step === 'number' ? node?.items?.[step] : node?.entries?.get(step);
    if (!next) break;
    node = next;
  }
  return node?.start ?? 0;
}
