import type { RawReply } from '../../src-shared/contract/operation';
import type { Core } from '../core/core';
import type { EndedRun, MetricsRegistry } from './metrics-registry';

/** Prometheus figures by the specification's names (section 10, "Metrics Collection"). */
export interface Metrics {
  render(): Promise<RawReply>;
}

/** So many ended runs wait to be counted by what is loaded when it is first asked. */
const mostWaiting = 1000;

/**
 * Counts executions as they end. What makes figures of them is loaded when somebody asks: few programs are ever asked,
 * and all of them start.
 */
export function createMetrics(core: Core): Metrics {
  const waiting: EndedRun[] = [];
  let loading: Promise<MetricsRegistry> | undefined;
  const load = () => {
    loading ??= import('./metrics-registry').then(({ createMetricsRegistry }) => createMetricsRegistry(core));
    return loading;
  };
  const count = async () => {
    const registry = await load();
    for (const run of waiting.splice(0)) registry.count(run);
    return registry;
  };

  core.events.subscribe((event) => {
    if (event.type !== 'execution.finished') return;
    const { job_name, status, duration_seconds } = event.data.execution;
    waiting.push({ job_name, status, duration_seconds });
    if (waiting.length >= mostWaiting) void count();
  });

  return { render: async () => (await count()).render() };
}
