import type { Job } from '../jobs/job';
import type { Cluster } from '../ports/cluster';
import type { NewExecution } from '../ports/store';

/** Whether other machines may run this job as well, so that its slots are claimed before anything is written here. */
export function isShared(cluster: Cluster | undefined, job: Job): cluster is Cluster {
  return cluster?.placementOf(job.definition.runs_on) === 'shared';
}

/**
 * Claims the rows whose jobs are shared; the others stay as they are. A row that is taken is left out, at its place
 * stands undefined. Throws `unavailable` when the cluster can't be asked.
 */
export async function claimRows<Wanted extends { readonly job: Job; readonly row: NewExecution }>(
  cluster: Cluster | undefined,
  wanted: readonly Wanted[],
): Promise<(Wanted | undefined)[]> {
  if (!cluster) return [...wanted];
  const asked = wanted.filter(({ job, row }) => row.slot_key !== null && isShared(cluster, job));
  if (asked.length === 0) return [...wanted];
  const ids = await cluster.claim(asked.map(({ row }) => row));
  const idOf = new Map(asked.map((one, index) => [one, ids[index]]));
  return wanted.map((one) => {
    if (!idOf.has(one)) return one;
    const execution_id = idOf.get(one);
    return execution_id === undefined ? undefined : { ...one, row: { ...one.row, execution_id } };
  });
}
