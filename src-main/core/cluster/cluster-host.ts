import type { ParamValues } from '../../../src-shared/model/params';
import type { EventBus } from '../events/event-bus';
import type { JobBuilder } from '../jobs/build-job';
import type { JobRegistry } from '../jobs/job-registry';
import { type Cluster, type ClusterHost, openOwner } from '../ports/cluster';
import type { Logger } from '../ports/logger';
import type { ExecutionRecord, Store } from '../ports/store';
import { requestOf } from '../run/chain-follower';
import { executionSummary } from '../run/execution-view';
import type { RunQueue } from '../run/run-queue';
import { isTestRun } from '../run/run-request';
import type { Scheduler } from '../schedule/scheduler';
import { deadlineOf } from '../schedule/start-deadline';

/** More changes at once are not told one by one: the pages are read anew. */
const mostTold = 500;

type Deps = {
  readonly store: Store;
  readonly cluster: Cluster;
  readonly registry: JobRegistry;
  readonly builder: JobBuilder;
  readonly queue: Pick<RunQueue, 'live' | 'places' | 'lose' | 'resume' | 'resumeChains' | 'lookAtHeld'>;
  readonly scheduler: Pick<Scheduler, 'adopt' | 'leave' | 'standing' | 'followPause' | 'replan'>;
  readonly events: EventBus;
  readonly logger: Logger;
  /** Reads anew what stands in these tables; the others are the host's own. */
  readonly reload: (tables: ReadonlySet<string>) => Promise<void>;
  /** Tells people of the end of a run that another machine had. */
  readonly noteRun: (record: ExecutionRecord) => void;
};

/** What becomes of a run that had not begun on a machine that is gone, or that waits for any machine. */
export function verdictOn(
  row: ExecutionRecord,
  { registry, cluster }: Pick<Deps, 'registry' | 'cluster'>,
): 'take' | 'leave' | 'end' {
  const job = registry.get(row.job_id);
  if (!job || isTestRun(row)) return 'end';
  // Somebody pressed a button on that machine, and has seen it go: nobody expects it to begin elsewhere.
  if (row.trigger === 'manual' && row.owner !== openOwner) return 'end';
  return cluster.placementOf(job.definition.runs_on) === 'elsewhere' ? 'leave' : 'take';
}

/** Whether a row that an earlier process left is none of this start's business: another machine's, or to be taken up again. */
export function isLeftToCluster(row: ExecutionRecord, deps: Pick<Deps, 'registry' | 'cluster'>): boolean {
  if (row.machine != null && row.machine !== deps.cluster.node) return true;
  return row.machine != null && row.status === 'pending' && verdictOn(row, deps) !== 'end';
}

const eventOf = ({ status }: ExecutionRecord) =>
  status === 'pending'
    ? 'execution.created'
    : status === 'running'
      ? 'execution.started'
      : 'execution.finished';

/** One machine's part in a cluster: follows what the others save and run, and takes over from those that are gone. */
export function createClusterHost(deps: Deps): ClusterHost {
  const { store, cluster, registry, scheduler, queue, events } = deps;

  const followJob = async (job_id: string): Promise<void> => {
    const record = await store.jobs.get(job_id);
    const known = registry.get(job_id);
    if (!record) {
      if (!known) return;
      registry.remove(job_id);
      scheduler.leave(job_id);
      events.publish('job.deleted', { job_id });
      return;
    }
    const job = deps.builder.fromRecord(record);
    registry.put(job);
    await scheduler.adopt(job);
    events.publish(known ? 'job.updated' : 'job.created', { job_id });
  };

  return {
    live: queue.live,
    places: queue.places,
    lose: queue.lose,
    verdict: (row) => verdictOn(row, deps),
    standing: scheduler.standing,
    resume(row) {
      const job = registry.get(row.job_id);
      if (!job) return;
      if (row.machine !== cluster.node)
        deps.logger.info(
          `"${row.job_id}" is taken over: the machine that had its row is gone, or has no place`,
        );
      const first = row.metadata.first_execution_id;
      const params = row.metadata.params as ParamValues | undefined;
      const not_after = row.trigger === 'schedule' ? deadlineOf(job, row.scheduled_time) : undefined;
      queue.resume(
        {
          ...requestOf(job, row),
          first_execution_id: Number(/^exec_(\d+)$/.exec(String(first))?.[1]) || null,
          ...(params ? { params } : {}),
          ...(not_after === undefined ? {} : { not_after }),
        },
        row,
      );
    },
    gaveUp(_node, interrupted, lastSeen) {
      for (const record of interrupted) deps.noteRun(record);
      void queue.resumeChains(lastSeen);
    },
    async changed({ executions, jobs, places, tables }) {
      for (const record of executions) if (!isTestRun(record)) registry.noteExecution(record);
      if (executions.length <= mostTold)
        for (const record of executions)
          events.publish(eventOf(record), { execution: executionSummary(record) });
      await deps.reload(tables);
      for (const job_id of new Set(jobs)) await followJob(job_id);
      for (const job_id of new Set(places)) {
        const job = registry.get(job_id);
        if (job && !jobs.includes(job_id)) await scheduler.adopt(job);
      }
      if (tables.has('facts')) await scheduler.followPause();
      if (executions.some(({ status }) => status !== 'pending' && status !== 'running'))
        await queue.lookAtHeld();
    },
  };
}
