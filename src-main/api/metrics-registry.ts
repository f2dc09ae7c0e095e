import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client';
import type { RawReply } from '../../src-shared/contract/operation';
import type { Core } from '../core/core';

/** What is counted of a run that has ended. */
export interface EndedRun {
  readonly job_name: string;
  readonly status: string;
  readonly duration_seconds: number | null;
}

export interface MetricsRegistry {
  count(run: EndedRun): void;
  render(): Promise<RawReply>;
}

/** A registry of its own: nothing global, so several cores can live in one process. */
export function createMetricsRegistry(core: Core): MetricsRegistry {
  const registry = new Registry();
  let isAsked = false;
  const registers = [registry];
  const executions = new Counter({
    name: 'job_executions_total',
    help: 'Total job executions',
    labelNames: ['job_name', 'status'],
    registers,
  });
  const durations = new Histogram({
    name: 'job_duration_seconds',
    help: 'Job execution duration',
    labelNames: ['job_name'],
    buckets: [0.1, 0.5, 1, 5, 15, 60, 300, 900, 3600, 14_400],
    registers,
  });
  new Gauge({
    name: 'active_jobs',
    help: 'Currently running jobs',
    registers,
    collect() {
      this.set(core.queue.status().running);
    },
  });
  new Gauge({
    name: 'queued_jobs',
    help: 'Executions waiting for a slot, an earlier run or their retry',
    registers,
    collect() {
      this.set(core.queue.status().pending);
    },
  });
  new Gauge({
    name: 'scheduler_running',
    help: '1 while schedules fire, 0 while stopped or paused',
    registers,
    collect() {
      this.set(core.scheduler.state === 'running' ? 1 : 0);
    },
  });

  new Gauge({
    name: 'sql_pool_connections',
    help: 'Connections of SQL Server pools: open, in_use, their max, and queries waiting for one',
    labelNames: ['connection', 'state'],
    registers,
    collect() {
      this.reset();
      for (const pool of core.connections.pools()) {
        const connection = pool.connection_id ?? `${pool.server}/${pool.database}`;
        for (const state of ['open', 'in_use', 'waiting', 'max'] as const)
          this.set({ connection, state }, pool[state]);
      }
    },
  });

  return {
    count({ job_name, status, duration_seconds }) {
      executions.inc({ job_name, status });
      if (duration_seconds !== null) durations.observe({ job_name }, duration_seconds);
    },
    async render() {
      // From the first time on: the lag of the event loop is watched by a timer of 10 ms, which is most of what an idle
      // program does, and few are ever asked.
      if (!isAsked) collectDefaultMetrics({ register: registry });
      isAsked = true;
      return { contentType: registry.contentType, body: await registry.metrics() };
    },
  };
}
