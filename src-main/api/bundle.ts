import { dump } from 'js-yaml';
import { toConfiguration } from '../../src-shared/job-document';
import { formatExecutionId } from '../../src-shared/model/ids';
import { filesNote, outputNote } from '../core/cluster/machine-elsewhere';
import type { Core } from '../core/core';
import type { ExecutionRecord } from '../core/ports/store';
import { executionContext } from '../core/run/execution-context';
import { executionSummary, executionView } from '../core/run/execution-view';
import { gapText } from '../core/schedule/gap-text';
import { utcIso } from '../core/schedule/local-time';
import { maskSecrets } from './mask-secrets';
import type { ZipEntry } from './zip-stream';

/** So far around an execution its job's slots, other runs and the events of the clock are told. */
const aroundMs = 12 * 3_600_000;
const mostRows = 1000;

/** Facts of the machine that only the shell knows. */
export interface MachineFacts {
  readonly version: string;
  readonly runtime: string;
  readonly platform: string;
}

const json = (value: unknown): string => `${JSON.stringify(value, null, 2)}\n`;

async function definitionOf(core: Core, row: ExecutionRecord): Promise<unknown> {
  const kept = row.definition_digest ? await core.store.runDefinitions.get(row.definition_digest) : undefined;
  if (kept) return JSON.parse(kept.configuration) as unknown;
  const job = core.registry.get(row.job_id);
  return job && toConfiguration(job.definition);
}

/** The keys that say what was started and with what; of steps those of each step. */
const commandKeys =
  /^(job_type|type|name|command|arguments|shell|script_path|module|host|execution_policy|python|virtual_env|requirements|working_directory|environment|parameters|query_parameters|query_file|connection|run_as|timeout|success_exit_codes|output_encoding)$/;

function commandOf(configuration: unknown): unknown {
  if (typeof configuration !== 'object' || configuration === null) return null;
  const { steps, ...own } = configuration as Readonly<Record<string, unknown>>;
  const found = Object.fromEntries(Object.entries(own).filter(([key]) => commandKeys.test(key)));
  return Array.isArray(steps) ? { ...found, steps: steps.map(commandOf) } : found;
}

async function* outputOf(core: Core, row: ExecutionRecord): AsyncIterable<Uint8Array> {
  const limit = 1024 * 1024;
  let offset = 0;
  for (;;) {
    const part = await core.outputs.read(row.execution_id, { offset, limit });
    if (!part) {
      if (offset === 0 && row.output !== null) yield new TextEncoder().encode(row.output);
      return;
    }
    if (part.bytes.length === 0) return;
    yield part.bytes;
    offset = part.offset + part.bytes.length;
  }
}

const readme = (
  row: ExecutionRecord,
  at: string,
  notes: readonly (string | null)[],
): string => `Execution ${formatExecutionId(row.execution_id)} of job "${row.job_id}" (${row.job_name}): ${row.status}
Collected ${at}. Secrets are masked as ***.
${notes.map((note) => (note === null ? '' : `${note}.\n`)).join('')}
execution.json    the execution itself
definition.yaml   the job's definition as this execution ran it, without comments
command.json      what was started: program, arguments, folder, environment, params of the run
output.txt        everything it printed that is stored here
context.json      its attempts, the runs before it, the last success, and what was changed since then
slots.json        what was planned for this job 12 hours before and after it, and what became of it
neighbours.json   what else ran at that time
clock.json        when schedules were not served: program down, paused, asleep, clock set
machine.json      program, system, memory, disk, health of the machine that collected this, now
`;

/**
 * Everything about one execution that somebody needs who was not there, entry by entry. Secrets are masked in all of
 * it, in texts by what the program knows of them.
 */
export async function* bundleEntries(
  core: Core,
  row: ExecutionRecord,
  facts: MachineFacts,
): AsyncIterable<ZipEntry> {
  const { redactor } = core;
  const masked = (value: unknown): string => json(redactor.value(maskSecrets(value)));
  const now = core.clock.now();
  const from = row.start_time - aroundMs;
  const to = Math.min((row.end_time ?? now) + aroundMs, now + aroundMs);
  const notes = [outputNote(core.cluster, row), filesNote(core.cluster, row)];
  const { output: _output, ...view } = executionView(row);
  const definition = await definitionOf(core, row);
  yield { name: 'README.txt', content: readme(row, utcIso(now), notes) };
  yield { name: 'execution.json', content: masked(view) };
  if (definition) {
    // Written anew from its values: in the author's own text a secret could stand anywhere.
    const yaml = dump(redactor.value(maskSecrets(definition)), { lineWidth: -1, indent: 2, noRefs: true });
    yield { name: 'definition.yaml', content: yaml };
    yield {
      name: 'command.json',
      content: masked({ ...(commandOf(definition) as object), params: view.metadata.params ?? {} }),
    };
  }
  // Masked as it was written.
  yield { name: 'output.txt', content: outputOf(core, row) };
  const around = await executionContext(core, row);
  yield {
    name: 'context.json',
    content: masked({
      ...around,
      attempts: around.attempts.map(executionSummary),
      recent: around.recent.map(executionSummary),
      last_success: around.last_success ? executionSummary(around.last_success) : null,
    }),
  };
  const job = core.registry.get(row.job_id);
  const slots = job
    ? await core.ledger.slots(job, { from, to, limit: mostRows })
    : { slots: [], truncated: false };
  yield { name: 'slots.json', content: masked({ from: utcIso(from), to: utcIso(to), ...slots }) };
  const others = await core.store.executions.list(
    { from, to },
    { limit: mostRows, offset: 0, sort: 'start_time', descending: true },
  );
  yield { name: 'neighbours.json', content: masked(others.map(executionSummary)) };
  const gaps = await core.store.gaps.list({ from, to, job_id: row.job_id, each_job: false, limit: mostRows });
  yield {
    name: 'clock.json',
    content: masked(
      gaps.map((gap) => ({ ...gap, from: utcIso(gap.from), to: utcIso(gap.to), text: gapText(gap) })),
    ),
  };
  yield {
    name: 'machine.json',
    content: masked({
      collected_at: utcIso(now),
      // The execution may be another machine's.
      ran_on: row.machine ?? core.cluster?.node ?? null,
      collected_on: core.cluster?.node ?? null,
      ...facts,
      started: utcIso(core.startedAt),
      timezone: Intl.DateTimeFormat().resolvedOptions().timeZone,
      scheduler: { state: core.scheduler.state, thread_pool_size: core.settings.threadPoolSize },
      health: await core.health.check(),
    }),
  };
}
