import type { Cluster } from '../ports/cluster';
import type { ExecutionRecord } from '../ports/store';

/** The other machine on which an execution runs or ran; undefined when it is this one. */
export function machineElsewhere(
  cluster: Cluster | undefined,
  row: Pick<ExecutionRecord, 'machine'>,
): string | undefined {
  return row.machine != null && row.machine !== cluster?.node ? row.machine : undefined;
}

/** Where the output of such an execution can be read, in words; null for one of this machine. */
export function outputNote(cluster: Cluster | undefined, row: ExecutionRecord): string | null {
  const node = machineElsewhere(cluster, row);
  if (node === undefined) return null;
  if (row.end_time === null)
    return `It runs on the machine "${node}": its live output can be seen there; what is kept of it comes here when it ends`;
  return row.output === null || row.output === ''
    ? `It ran on the machine "${node}": its output and its files lie there`
    : `It ran on the machine "${node}": the output here is what the database keeps of it; the whole of it and its files lie there`;
}

/** Where the files that such an execution left lie, in words; null for one of this machine. */
export function filesNote(cluster: Cluster | undefined, row: ExecutionRecord): string | null {
  const node = machineElsewhere(cluster, row);
  if (node === undefined) return null;
  return row.end_time === null
    ? `It runs on the machine "${node}": the files it leaves lie there`
    : `It ran on the machine "${node}": the files it left lie there`;
}
