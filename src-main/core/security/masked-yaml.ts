import { readYaml } from '../../../src-shared/job-document/read-yaml';
import type { YamlNode } from '../../../src-shared/job-document/yaml-tree';
import { isSecretKey, withoutUrlSecrets } from './audit-changes';

const hidden = '***';
const isReference = (text: string): boolean => /^['"]?\s*\{\{\s*secrets\.[\w.-]+\s*\}\}\s*['"]?$/.test(text);

interface Place {
  readonly start: number;
  readonly end: number;
}

/** Where values stand that nobody is to read: those of keys that name a secret, and of environments. */
function secretPlaces(node: YamlNode, key: string, parent: string, isHidden: boolean, into: Place[]): void {
  const isOwn = isHidden || isSecretKey(key, parent);
  for (const [name, child] of node.entries ?? []) secretPlaces(child, name, key, isOwn, into);
  for (const child of node.items ?? []) secretPlaces(child, '', key, isOwn, into);
  if (isOwn && node.kind === 'scalar' && node.end > node.start) into.push(node);
}

/**
 * The text of a job, comments and lines as they are, with values that nobody is to read as `***`; references to stored
 * secrets stay. A text that can't be read is hidden whole: where its secrets stand is not known.
 */
export function maskedYaml(text: string): string {
  const { root, issues } = readYaml(text, Number.POSITIVE_INFINITY);
  if (issues.length > 0 || !root) return text.replace(/[^\n]+/g, hidden);
  const places: Place[] = [];
  secretPlaces(root, '', '', false, places);
  let masked = text;
  for (const { start, end } of places.sort((a, b) => b.start - a.start)) {
    const value = text.slice(start, end);
    if (isReference(value)) continue;
    // As many lines as before: whoever compares two texts goes by them.
    masked = masked.slice(0, start) + value.replace(/[^\n]+/g, hidden) + masked.slice(end);
  }
  return masked.replace(/\w+:\/\/[^\s'"]+/g, withoutUrlSecrets);
}
