import { definitionDigest } from '../jobs/definition-digest';
import type { Job } from '../jobs/job';
import type { Clock } from '../ports/clock';
import type { Random } from '../ports/random';
import type { Store } from '../ports/store';

/** Keeps what jobs were when they ran, so that the history shows the definition that made a result. */
export interface RunDefinitions {
  digestOf(job: Job): string;
  /** Stores those that are not stored yet. */
  keep(store: Pick<Store, 'runDefinitions'>, jobs: readonly Job[]): Promise<void>;
}

/** More digests than this are not remembered; storing one again does no harm. */
const mostRemembered = 20_000;

export function createRunDefinitions(deps: {
  readonly random: Pick<Random, 'digest'>;
  readonly clock: Clock;
}): RunDefinitions {
  const digests = new WeakMap<Job, string>();
  const stored = new Set<string>();

  const digestOf = (job: Job): string => {
    const known = digests.get(job);
    if (known !== undefined) return known;
    const digest = definitionDigest(job.record, deps.random.digest);
    digests.set(job, digest);
    return digest;
  };

  return {
    digestOf,
    async keep(store, jobs) {
      for (const job of jobs) {
        const digest = digestOf(job);
        if (stored.has(digest)) continue;
        const { job_id, configuration, yaml_text } = job.record;
        await store.runDefinitions.put({
          digest,
          job_id,
          configuration,
          yaml_text,
          created_date: deps.clock.now(),
        });
        if (stored.size >= mostRemembered) stored.clear();
        // Should the transaction around it fail, the next run's row only lacks its text.
        stored.add(digest);
      }
    },
  };
}
