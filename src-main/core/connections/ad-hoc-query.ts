import type { QueryAnswer } from '../../../src-shared/contract/connections';
import type { ResultCell, SqlMessage } from '../../../src-shared/model/sql-result';
import type { Clock } from '../ports/clock';
import { type SqlClient, SqlError, type SqlTarget, type SqlValue } from '../ports/sql-client';
import type { Timer } from '../ports/timer';
import { createPreviewKeeper, type PreviewLimits } from '../sql/result-preview';
import { valueCell } from '../sql/value-text';

/** Messages beyond these are counted, not kept. */
const mostMessages = 1000;
const longestMessage = 4000;

export interface AdHocQuery {
  readonly query: string;
  readonly parameters: Readonly<Record<string, SqlValue>>;
  /** Rows of all results together; when more come the query is ended. */
  readonly limit: number;
  readonly timeoutSeconds: number;
  /** Aborts when whoever asked has gone. */
  readonly signal?: AbortSignal;
}

type EndCause = 'limit' | 'timeout' | 'gone';

/** Runs a query for someone who looks at its first rows. What the database refuses is the answer, not an error. */
export async function runAdHocQuery(
  asked: AdHocQuery,
  target: SqlTarget,
  deps: { readonly sqlClient: SqlClient; readonly clock: Clock; readonly timer: Timer },
): Promise<QueryAnswer> {
  const limits: PreviewLimits = {
    results: 100,
    rows: asked.limit,
    columns: 500,
    cell: 4000,
    total: 8 * 1024 * 1024,
  };
  const preview = createPreviewKeeper(limits);
  const messages: QueryAnswer['messages'] = [];
  const started = deps.clock.monotonic();
  const abort = new AbortController();
  let cause: EndCause | undefined;
  let rows = 0;
  let results = 0;
  let affected = 0;
  let outputs: Record<string, ResultCell> | undefined;

  const end = (why: EndCause) => {
    cause ??= why;
    abort.abort();
  };
  const gone = () => end('gone');
  asked.signal?.addEventListener('abort', gone, { once: true });
  if (asked.signal?.aborted) gone();
  const cancelTimeout = deps.timer.after(asked.timeoutSeconds * 1000, () => end('timeout'));

  const note = (message: SqlMessage) => {
    if (messages.length < mostMessages)
      messages.push({ ...message, text: message.text.slice(0, longestMessage), after_result: results });
  };

  const answer = (success: boolean, message: string, error?: SqlError): QueryAnswer => {
    const kept = preview.finish();
    return {
      success,
      message,
      results: kept.results,
      messages,
      rows_affected: affected,
      truncated: cause === 'limit',
      ...(error ? { error: { number: error.number, line: error.line } } : {}),
      ...(outputs === undefined ? {} : { output_parameters: outputs }),
      duration_seconds: Math.round(deps.clock.monotonic() - started) / 1000,
    };
  };

  try {
    await deps.sqlClient.run(
      target,
      {
        kind: 'script',
        text: asked.query,
        parameters: Object.entries(asked.parameters).map(([name, value]) => ({
          name,
          value,
          direction: 'in',
        })),
        transaction: false,
      },
      {
        onColumns(columns) {
          results += 1;
          preview.begin(columns);
        },
        onRow(values) {
          if (rows >= asked.limit) return end('limit');
          rows += 1;
          preview.row(values);
        },
        onMessage: note,
        onRowsAffected(count) {
          affected += count;
        },
        onOutput(values) {
          outputs = Object.fromEntries(
            Object.entries(values).map(([name, value]) => [name, valueCell(value, 'unknown')]),
          );
        },
      },
      abort.signal,
    );
    if (cause === 'limit') return answer(true, limitText(asked.limit));
    return answer(true, results > 0 ? `${rows} ${rows === 1 ? 'row' : 'rows'}` : `${affected} rows affected`);
  } catch (error) {
    if (cause === 'limit') return answer(true, limitText(asked.limit));
    if (cause === 'timeout') {
      return answer(false, `The query was ended after ${asked.timeoutSeconds} s (timeout)`);
    }
    if (error instanceof SqlError) return answer(false, error.message, error);
    throw error;
  } finally {
    cancelTimeout();
    asked.signal?.removeEventListener('abort', gone);
  }
}

function limitText(limit: number): string {
  return `The first ${limit} rows; the query was ended there, and what follows in it was not run`;
}
