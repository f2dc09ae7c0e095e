import { type AppContract, contract } from '../../../src-shared/contract/index';
import type { Handlers } from '../../../src-shared/contract/operation';
import { formatExecutionId } from '../../../src-shared/model/ids';
import type { Setting } from '../../../src-shared/model/setting';
import type { Core } from '../../core/core';
import type { LogReader } from '../../core/ports/logger';
import type { ApiContext } from '../invoke';
import type { Metrics } from '../metrics';
import { createOpenApi } from '../openapi';

const dayMs = 86_400_000;

/** What the program knows of itself and its surroundings, for the settings page. */
export interface ProgramFacts {
  /** Masked already. */
  readonly settings: readonly Setting[];
  readonly addresses: () => readonly string[];
  readonly places: {
    readonly data_folder: string;
    readonly logs_folder: string;
    readonly jobs_file: string;
    readonly config_file: string | null;
  };
  readonly runtime: string;
  readonly platform: string;
}

/** Health, queue, logs and metrics over the API. */
export function createSystemHandlers(
  core: Core,
  deps: {
    readonly logs: LogReader;
    readonly metrics: Metrics;
    readonly version: string;
    readonly program: ProgramFacts;
  },
): Handlers<AppContract, ApiContext>['system'] {
  let openApi: unknown;

  return {
    async queueStatus() {
      const { running, pending, waiting_retries, executions } = core.queue.status();
      const size = core.settings.threadPoolSize;
      return {
        success: true,
        status: running === 0 && pending === 0 ? 'idle' : running >= size ? 'full' : 'busy',
        running,
        pending,
        waiting_retries,
        thread_pool_size: size,
        free_slots: Math.max(0, size - running),
        executions: executions.map(({ row, state }) => ({
          execution_id: formatExecutionId(row.execution_id),
          job_id: row.job_id,
          job_name: row.job_name,
          status: state,
          attempt: row.retry_count + 1,
          since: new Date(row.start_time).toISOString(),
        })),
      };
    },
    async queueMetrics() {
      const { started, finished, by_status, ...rest } = core.statistics.snapshot();
      const day = await core.store.executions.countByStatus(core.clock.now() - dayMs);
      const succeeded = day.success ?? 0;
      const ended = succeeded + (day.failed ?? 0) + (day.timeout ?? 0) + (day.interrupted ?? 0);
      return {
        success: true,
        metrics: {
          since: new Date(core.startedAt).toISOString(),
          started,
          finished,
          by_status: { ...by_status },
          last_24_hours: { ...day },
          success_rate: ended === 0 ? null : Math.round((succeeded / ended) * 10_000) / 10_000,
          ...rest,
        },
      };
    },
    async health(_input, { principal }) {
      const { status, checks, details, timestamp } = await core.health.check();
      return principal ? { status, checks, details: { ...details }, timestamp } : { status };
    },
    async doctor({ query }) {
      const report = (query.last ? core.doctor.last : undefined) ?? (await core.doctor.check());
      return { success: true, ...report };
    },
    async logs({ query }) {
      const { entries, total, cursor, isPartial } = await deps.logs.read(query);
      return { success: true, logs: [...entries], total, cursor, is_partial: isPartial };
    },
    async logTail({ query: { cursor, limit, ...filter } }) {
      const { entries, cursor: next, isComplete } = deps.logs.tail(filter, { cursor, limit });
      return { success: true, logs: [...entries], cursor: next, is_complete: isComplete };
    },
    async logSources() {
      const sources = await deps.logs.sources();
      return {
        success: true,
        folder: deps.program.places.logs_folder,
        sources: sources.map(({ modified, ...one }) => ({
          ...one,
          modified: new Date(modified).toISOString(),
        })),
      };
    },
    async about() {
      const { addresses, runtime, platform } = deps.program;
      return {
        success: true,
        version: deps.version,
        started: new Date(core.startedAt).toISOString(),
        addresses: [...addresses()],
        runtime,
        platform,
      };
    },
    async settings() {
      return { success: true, settings: [...deps.program.settings], places: deps.program.places };
    },
    async openapi() {
      openApi ??= createOpenApi(contract, { version: deps.version });
      return openApi;
    },
    async metrics() {
      return deps.metrics.render();
    },
  };
}
