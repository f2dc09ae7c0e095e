import type { YamlNode } from '../../../../src-shared/job-document/yaml-tree';

export type Path = readonly (string | number)[];

/** The path of the key or value that holds an offset; undefined outside of everything. */
export function pathAtOffset(root: YamlNode | undefined, offset: number): Path | undefined {
  if (!root) return undefined;
  const visit = (node: YamlNode, path: Path): Path => {
    const children: (readonly [string | number, YamlNode])[] = node.entries
      ? [...node.entries.entries()]
      : (node.items ?? []).map((item, index) => [index, item] as const);
    // Children stand in the order of the text: the last one that begins before the offset holds it.
    let holder: readonly [string | number, YamlNode] | undefined;
    for (const child of children) {
      if ((child[1].keyStart ?? child[1].start) > offset) break;
      holder = child;
    }
    return holder ? visit(holder[1], [...path, holder[0]]) : path;
  };
  const path = visit(root, []);
  return path.length === 0 ? undefined : path;
}
