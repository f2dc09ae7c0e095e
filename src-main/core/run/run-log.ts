import { formatExecutionId } from '../../../src-shared/model/ids';
import type { EventBus } from '../events/event-bus';
import type { RunLog } from '../job-type';
import type { OutputSink, OutputStream, StoredOutput } from '../ports/output-store';
import type { CancelTimer, Timer } from '../ports/timer';
import type { Redactor } from '../secrets/redactor';

/** Live output is told in batches: a client draws at most this often anyway. */
const batchMs = 50;
/** A batch holds at most this much text; what a flood offers beyond it is read from the store by range. */
const batchBytes = 256 * 1024;

export interface LiveRunLog extends RunLog {
  /** Flushes what is left and closes the stored output. */
  finish(): Promise<StoredOutput>;
}

/** Writes a run's output to the store, and tells listeners of it in batches; secrets are masked before either. */
export function createRunLog(deps: {
  readonly execution_id: number;
  readonly sink: OutputSink;
  readonly redactor: Redactor;
  readonly events: EventBus;
  readonly timer: Timer;
  /** Called for every piece of the job's own output. */
  readonly onOutput?: () => void;
}): LiveRunLog {
  const encoder = new TextEncoder();
  const decoder = new TextDecoder();
  const execution_id = formatExecutionId(deps.execution_id);
  let offset = 0;
  let cancelFlush: CancelTimer | undefined;
  let batch: { stream: OutputStream; offset: number; chunks: Uint8Array[]; bytes: number } | undefined;

  const flush = () => {
    cancelFlush?.();
    cancelFlush = undefined;
    if (!batch) return;
    const text =
      batch.chunks.map((chunk) => decoder.decode(chunk, { stream: true })).join('') + decoder.decode();
    deps.events.publish('execution.output', {
      execution_id,
      stream: batch.stream,
      offset: batch.offset,
      text,
    });
    // Nothing may follow for long: who listens must know that there is more to read.
    if (offset > batch.offset + batch.bytes)
      deps.events.publish('execution.output', { execution_id, stream: batch.stream, offset, text: '' });
    batch = undefined;
  };

  const tell = (stream: OutputStream, chunk: Uint8Array) => {
    if (batch && batch.stream !== stream) flush();
    batch ??= { stream, offset, chunks: [], bytes: 0 };
    offset += chunk.length;
    if (batch.bytes < batchBytes) {
      batch.chunks.push(chunk);
      batch.bytes += chunk.length;
    }
    cancelFlush ??= deps.timer.after(batchMs, flush);
  };

  const masks = { stdout: deps.redactor.stream(), stderr: deps.redactor.stream() };

  const put = (stream: OutputStream, chunk: Uint8Array) => {
    if (chunk.length === 0) return undefined;
    tell(stream, chunk);
    return deps.sink.write(stream, chunk);
  };

  return {
    write(stream, chunk) {
      deps.onOutput?.();
      return put(stream, masks[stream].push(chunk));
    },
    info(line) {
      // A line of ours waits for nobody: it is short, and the sink keeps order.
      void put('system', encoder.encode(`${deps.redactor.text(line)}\n`));
    },
    async finish() {
      void put('stdout', masks.stdout.end());
      void put('stderr', masks.stderr.end());
      flush();
      return deps.sink.finish();
    },
  };
}
