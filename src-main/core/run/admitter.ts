import { isShared } from '../cluster/claims';
import type { Cluster } from '../ports/cluster';
import { type Admission, decideAdmission } from './admission';
import type { LiveRuns } from './live-runs';
import { type RunRequest, slotKey } from './run-request';

/** What becomes of a wanted attempt, as things stand here and on the machines that share its job. */
export interface Admitter {
  /** What is decided of it on this machine. */
  decide(request: RunRequest): Admission;
  /** As `decide`; what other machines are to run, or may as well, is handed over. */
  admit(request: RunRequest): Admission;
  /** Its job names machines, and this is none of them: one of those takes the row. */
  isForOthers(request: RunRequest): boolean;
  /** A slot that other machines may run as well: its row is a claim. */
  isClaim(request: RunRequest): boolean;
  /** Asks what runs on other machines, for jobs they may run too. Throws `unavailable`. */
  lookElsewhere(requests: readonly RunRequest[]): Promise<void>;
  /** Runs of this job that count against max_instances: those here, and those elsewhere as last asked. */
  instancesOf(job_id: string): number;
}

export function createAdmitter({
  live,
  cluster,
  places,
}: {
  readonly live: LiveRuns;
  readonly cluster: Cluster | undefined;
  /** Places of the pool that are neither taken nor promised. */
  readonly places: () => number;
}): Admitter {
  /** Runs of each job on other machines, as last asked. */
  let elsewhere: ReadonlyMap<string, number> = new Map();

  /** A person who starts it wants it to run, and so do its retries. */
  const isShadow = ({ job, requested_by, trigger }: RunRequest): boolean =>
    job.definition.shadow === true && requested_by === null && trigger !== 'retry';

  const decide = (request: RunRequest): Admission => {
    const poolFree = places();
    if (request.isTest) return { kind: poolFree > 0 ? 'start' : 'wait' };
    const { record, effective } = request.job;
    const here = live.occupationOf(record.job_id);
    const instances = here.instances + (elsewhere.get(record.job_id) ?? 0);
    return decideAdmission(
      { ...effective, waits: request.waits ?? false, isShadow: isShadow(request) },
      { ...here, poolFree, instances },
    );
  };

  /** Its job names machines, and this is none of them: one of those takes the row. */
  const isForOthers = (request: RunRequest): boolean =>
    !request.isTest &&
    !isShadow(request) &&
    cluster?.placementOf(request.job.definition.runs_on) === 'elsewhere';

  /** A slot that other machines may run as well: its row is a claim. */
  const isClaim = (request: RunRequest): boolean =>
    !request.isTest && slotKey(request) !== null && isShared(cluster, request.job);

  /**
   * What is decided of an attempt here, in a cluster: where no place is free, the row of a slot is nobody's yet, and
   * the machine that has a place first takes it.
   */
  const admit = (request: RunRequest): Admission => {
    if (isForOthers(request)) return { kind: 'hand_over' };
    const decided = decide(request);
    const mayBeAnyones = !request.delay_ms && !request.waits && isClaim(request);
    return decided.kind === 'wait' && mayBeAnyones ? { kind: 'hand_over' } : decided;
  };

  /** Asks what runs on other machines, for jobs they may run too. Throws `unavailable`. */
  const lookElsewhere = async (requests: readonly RunRequest[]) => {
    const shared = requests.filter(({ job, isTest }) => !isTest && isShared(cluster, job));
    if (cluster && shared.length > 0)
      elsewhere = await cluster.runningElsewhere(shared.map(({ job }) => job.record.job_id));
  };

  return {
    decide,
    admit,
    isForOthers,
    isClaim,
    lookElsewhere,
    instancesOf: (job_id) => live.instancesOf(job_id) + (elsewhere.get(job_id) ?? 0),
  };
}
