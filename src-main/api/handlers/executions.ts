import type { AppContract } from '../../../src-shared/contract/index';
import type { Handlers } from '../../../src-shared/contract/operation';
import { AppError } from '../../../src-shared/errors';
import { formatExecutionId } from '../../../src-shared/model/ids';
import type { OutputLine } from '../../../src-shared/model/output';
import { filesNote, machineElsewhere, outputNote } from '../../core/cluster/machine-elsewhere';
import type { Core } from '../../core/core';
import { shownConfiguration, tagsIn } from '../../core/jobs/job-view';
import type { OutputStore } from '../../core/ports/output-store';
import type { ExecutionRecord } from '../../core/ports/store';
import { executionContext } from '../../core/run/execution-context';
import { executionSummary, executionView } from '../../core/run/execution-view';
import { createOutputReader, type MarkedLine } from '../../core/run/output-reader';
import { checkJobTags, mayOnJob } from '../../core/security/rights';
import { bundleEntries, type MachineFacts } from '../bundle';
import type { ApiContext } from '../invoke';
import { zipStream } from '../zip-stream';
import { actorOf, sortOf } from './common';

const defaultBytes = 1024 * 1024;
const defaultLines = 500;
const defaultMatches = 10_000;

function outputLine({ stream, time, ...line }: MarkedLine): OutputLine {
  return { ...line, stream: stream ?? null, time: time === undefined ? null : new Date(time).toISOString() };
}

/** Executions over the API. */
export function createExecutionHandlers(
  core: Core,
  facts: MachineFacts,
): Handlers<AppContract, ApiContext>['executions'] {
  const find = async (execution_id: number): Promise<ExecutionRecord> => {
    const row = await core.store.executions.get(execution_id);
    if (!row) throw new AppError('not_found', `There is no execution ${formatExecutionId(execution_id)}`);
    return row;
  };

  const reader = createOutputReader(core.outputs);

  return {
    async list({ query: { limit, offset, sort, type, ...rest } }) {
      const filter = { ...rest, job_type: type };
      const [rows, total] = await Promise.all([
        core.store.executions.list(filter, { limit, offset, ...sortOf(sort) }),
        core.store.executions.count(filter),
      ]);
      return { success: true, executions: rows.map(executionSummary), total, limit, offset };
    },
    async get({ params }) {
      const row = await find(params.execution_id);
      const note = outputNote(core.cluster, row);
      if (row.output !== null || row.end_time !== null || note !== null)
        return { success: true, execution: executionView(row, note) };
      const live = await core.outputs.read(row.execution_id, { tail: 64 * 1024 });
      const output = live ? new TextDecoder().decode(live.bytes) : null;
      return { success: true, execution: executionView({ ...row, output }) };
    },
    async cancel({ params }, context) {
      const row = await find(params.execution_id);
      const shown = formatExecutionId(row.execution_id);
      if (row.end_time !== null) throw new AppError('conflict', `${shown} has ended already (${row.status})`);
      if (context.principal) {
        const job = core.registry.get(row.job_id);
        checkJobTags(context.principal, row.job_id, job?.definition.tags ?? []);
      }
      const other = machineElsewhere(core.cluster, row);
      if (other !== undefined)
        throw new AppError('conflict', `${shown} runs on the machine "${other}"; cancel it there`);
      const state = await core.queue.cancel(row.execution_id, actorOf(context));
      return state === 'cancelled'
        ? { success: true, execution_id: shown, status: 'cancelled', message: 'Cancelled before it began' }
        : { success: true, execution_id: shown, status: 'running', message: 'Its processes are being ended' };
    },
    async definition({ params }, { principal }) {
      const row = await find(params.execution_id);
      const shown = formatExecutionId(row.execution_id);
      const kept = row.definition_digest
        ? await core.store.runDefinitions.get(row.definition_digest)
        : undefined;
      if (!kept) throw new AppError('not_found', `The definition that ${shown} ran was not kept`);
      const configuration = JSON.parse(kept.configuration) as Record<string, unknown>;
      const maySeeText = mayOnJob(principal, 'editor', tagsIn(configuration));
      const ran = await core.versions.ranBy(row.job_id, kept.digest, row.start_time);
      const current = core.registry.get(row.job_id)?.record;
      return {
        success: true,
        execution_id: shown,
        job_id: kept.job_id,
        digest: kept.digest,
        version: ran?.version ?? null,
        is_current:
          current?.configuration === kept.configuration && (current?.yaml_text ?? null) === kept.yaml_text,
        yaml: maySeeText ? (kept.yaml_text ?? '') : '',
        configuration: shownConfiguration(configuration, maySeeText),
      };
    },
    async artifacts({ params }) {
      const row = await find(params.execution_id);
      const { execution_id } = row;
      const found = await core.artifacts.list(execution_id);
      return {
        success: true,
        execution_id: formatExecutionId(execution_id),
        machine: machineElsewhere(core.cluster, row) ?? null,
        note: filesNote(core.cluster, row),
        artifacts: found.map(({ name, bytes, modified }) => ({
          name,
          bytes,
          modified_date: new Date(modified).toISOString(),
        })),
      };
    },
    async artifact({ params }) {
      const row = await find(params.execution_id);
      const { execution_id } = row;
      const file = await core.artifacts.read(execution_id, params.name);
      if (!file) {
        const other = machineElsewhere(core.cluster, row);
        const where =
          other === undefined ? '' : ` here; it ran on the machine "${other}", where its files lie`;
        throw new AppError(
          'not_found',
          `${formatExecutionId(execution_id)} left no file "${params.name}"${where}`,
        );
      }
      return {
        // Whatever it is, a browser saves it and never shows it under our address.
        contentType: 'application/octet-stream',
        body: file.content,
        headers: {
          'Content-Length': String(file.bytes),
          'Content-Disposition': attachment(params.name),
          'X-Content-Type-Options': 'nosniff',
        },
      };
    },
    async context({ params }) {
      const found = await executionContext(core, await find(params.execution_id));
      return {
        success: true,
        ...found,
        attempts: found.attempts.map(executionSummary),
        recent: found.recent.map((row) => {
          const { execution_id, status, start_time, duration_seconds, return_code } = executionSummary(row);
          return { execution_id, status, start_time, duration_seconds, return_code };
        }),
        last_success: found.last_success ? executionSummary(found.last_success) : null,
        definition_changed: found.definition_changed ?? null,
        changes: [...found.changes],
      };
    },
    async bundle({ params }) {
      const row = await find(params.execution_id);
      const name = `${row.job_id}-${formatExecutionId(row.execution_id)}.zip`;
      return {
        contentType: 'application/zip',
        body: zipStream(bundleEntries(core, row, facts), core.clock.now()),
        headers: { 'Content-Disposition': attachment(name), 'X-Content-Type-Options': 'nosniff' },
      };
    },
    async downloadOutput({ params }) {
      const row = await find(params.execution_id);
      const id = row.execution_id;
      const stored = await core.outputs.read(id, { offset: 0, limit: 0 });
      const note = stored ? null : outputNote(core.cluster, row);
      return {
        contentType: 'text/plain; charset=utf-8',
        // A file goes on its way without its headers: it says itself that it is not the whole.
        body: stored
          ? piecesOf(core.outputs, id, stored.stored_bytes)
          : new TextEncoder().encode(`${note === null ? '' : `[${note}]\n`}${row.output ?? ''}`),
        headers: {
          'Content-Disposition': attachment(`${row.job_id}-${formatExecutionId(id)}.log`),
          ...elsewhereHeader(stored ? undefined : machineElsewhere(core.cluster, row)),
        },
      };
    },
    async outputLines({ params, query: { from, limit = defaultLines, tail } }) {
      const row = await find(params.execution_id);
      if (tail !== undefined && from !== undefined)
        throw new AppError('validation_failed', 'tail goes alone: give either tail, or from and limit');
      const page =
        tail === undefined
          ? await reader.lines(row, { from: from ?? 1, limit })
          : await reader.tail(row, tail);
      return {
        success: true,
        lines: page.lines.map(outputLine),
        total_lines: page.total_lines,
        size: page.size,
        complete: row.end_time !== null,
        left_out: page.left_out ?? null,
        note: outputNote(core.cluster, row),
      };
    },
    async searchOutput({ params, query: { text = '', stream, limit = defaultMatches } }) {
      if (text === '' && stream === undefined)
        throw new AppError('validation_failed', 'text or stream is needed: what should be looked for?');
      const row = await find(params.execution_id);
      const { lines, total } = await reader.search(row, { text, stream, limit });
      return { success: true, lines: [...lines], total, note: outputNote(core.cluster, row) };
    },
    async output({ params, query }) {
      const row = await find(params.execution_id);
      if (query.tail !== undefined && (query.offset !== undefined || query.limit !== undefined)) {
        throw new AppError('validation_failed', 'tail goes alone: give either tail, or offset and limit');
      }
      const { tail } = query;
      const offset = query.offset ?? 0;
      const limit = query.limit ?? defaultBytes;
      const stored = await core.outputs.read(
        row.execution_id,
        tail === undefined ? { offset, limit } : { tail },
      );
      const elsewhere = stored ? undefined : machineElsewhere(core.cluster, row);
      const range = stored ?? fromText(row.output ?? '', tail === undefined ? { offset, limit } : { tail });
      return {
        contentType: 'text/plain; charset=utf-8',
        body: range.bytes,
        headers: {
          'X-Output-Offset': String(range.offset),
          'X-Output-Stored-Bytes': String(range.stored_bytes),
          'X-Output-Total-Bytes': String(range.total_bytes),
          'X-Output-Complete': String(row.end_time !== null),
          ...elsewhereHeader(elsewhere),
        },
      };
    },
  };
}

/** Names of machines are free text; a header is not. */
const elsewhereHeader = (node: string | undefined): Record<string, string> =>
  node === undefined ? {} : { 'X-Output-Machine': encodeURIComponent(node) };

/** A stored output as it stands now, in pieces. */
async function* piecesOf(
  outputs: OutputStore,
  execution_id: number,
  size: number,
): AsyncIterable<Uint8Array> {
  for (let offset = 0; offset < size; ) {
    const part = await outputs.read(execution_id, { offset, limit: Math.min(defaultBytes, size - offset) });
    if (!part || part.bytes.length === 0) return;
    yield part.bytes;
    offset = part.offset + part.bytes.length;
  }
}

/** RFC 6266: a plain name for old readers, the true one in UTF-8. */
function attachment(name: string): string {
  const plain = name.replace(/[^A-Za-z0-9 ._-]/g, '_');
  const encoded = encodeURIComponent(name).replace(
    /['()*]/g,
    (one) => `%${one.charCodeAt(0).toString(16).toUpperCase()}`,
  );
  return `attachment; filename="${plain}"; filename*=UTF-8''${encoded}`;
}

/** Short outputs live in the row alone. */
function fromText(text: string, range: { offset: number; limit: number } | { tail: number }) {
  const all = new TextEncoder().encode(text);
  const offset = 'tail' in range ? Math.max(0, all.length - range.tail) : Math.min(range.offset, all.length);
  const end = 'tail' in range ? all.length : Math.min(all.length, offset + range.limit);
  return { bytes: all.subarray(offset, end), offset, stored_bytes: all.length, total_bytes: all.length };
}
