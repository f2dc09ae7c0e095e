import type { Placement } from '../ports/cluster';

/** Whether a job may run on a machine of that name and those tags, and whether others may run it as well. */
export function placementOf(
  runs_on: readonly string[] | undefined,
  { node, tags }: { readonly node: string; readonly tags: readonly string[] },
): Placement {
  if (!runs_on || runs_on.length === 0) return 'shared';
  const wanted = new Set(runs_on.map((word) => word.toLowerCase()));
  const isNamed = wanted.has(node.toLowerCase());
  if (isNamed && wanted.size === 1) return 'bound';
  return isNamed || tags.some((tag) => wanted.has(tag.toLowerCase())) ? 'shared' : 'elsewhere';
}
