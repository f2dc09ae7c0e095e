import type {
  ResultCell,
  ResultColumn,
  ResultPreview,
  SqlMessage,
} from '../../../src-shared/model/sql-result';
import type { Report } from '../../core/ports/report-writer';
import type { SqlSink } from '../../core/ports/sql-client';
import { createPreviewKeeper, historyLimits } from '../../core/sql/result-preview';
import { valueCell } from '../../core/sql/value-text';
import type { SeenResult } from './expect';
import { logCell, textTable } from './text-table';

/** Results that are looked at by `expect`; later ones only stream by. */
const mostSeen = 1000;

export interface Received {
  readonly results: readonly ResultPreview[];
  readonly result_count: number;
  readonly row_count: number;
  readonly rows_affected: number;
  readonly seen: readonly SeenResult[];
  readonly output_parameters: Readonly<Record<string, ResultCell>> | undefined;
  readonly return_value: number | undefined;
}

interface Watched {
  readonly columns: readonly ResultColumn[];
  row_count: number;
  first: SeenResult['first'];
}

export type WriteLog = (stream: 'stdout' | 'stderr', text: string) => void | Promise<void>;

/** As SQL Server's own tools write it. */
function messageLine(message: SqlMessage): string {
  const { text, number, severity = 0, line, procedure } = message;
  if (severity <= 10) return `${text}\n`;
  const place = [
    `Msg ${number ?? 50_000}`,
    `Level ${severity}`,
    ...(procedure ? [`Procedure ${procedure}`] : []),
    ...(line === undefined ? [] : [`Line ${line}`]),
  ];
  return `${place.join(', ')}: ${text}\n`;
}

/**
 * Takes results as they come, in order: the first rows of each to the log as a table, every row to the report, a
 * preview for the history.
 */
export function createResultReceiver(deps: {
  readonly write: WriteLog;
  readonly rowsShown: number;
  readonly report: Report | undefined;
}): {
  readonly sink: Required<Pick<SqlSink, 'onResultEnd' | 'onOutput'>> & SqlSink;
  /** Writes what is left of the log. */
  finish(): Promise<Received>;
} {
  const preview = createPreviewKeeper(historyLimits);
  const seen: Watched[] = [];
  let watched: Watched | undefined;
  let current: { columns: readonly ResultColumn[]; shown: string[][]; rows: number } | undefined;
  /** Messages that came while rows were coming: they follow the table. */
  let held: SqlMessage[] = [];
  let affected = 0;
  let outputs: Record<string, ResultCell> | undefined;
  let returnValue: number | undefined;

  const tell = (message: SqlMessage) =>
    deps.write((message.severity ?? 0) > 10 ? 'stderr' : 'stdout', messageLine(message));

  const flush = async () => {
    if (current) {
      const { columns, shown, rows } = current;
      current = undefined;
      const more = rows > shown.length ? `… ${rows - shown.length} more rows\n` : '';
      const table = columns.length === 0 ? '' : `${textTable(columns, shown)}\n`;
      await deps.write('stdout', `${table}${more}(${rows} ${rows === 1 ? 'row' : 'rows'})\n`);
    }
    const messages = held;
    held = [];
    for (const message of messages) await tell(message);
  };

  return {
    sink: {
      async onColumns(columns) {
        await flush();
        current = { columns, shown: [], rows: 0 };
        preview.begin(columns);
        watched = { columns, row_count: 0, first: undefined };
        if (seen.length < mostSeen) seen.push(watched);
        await deps.report?.columns(columns);
      },
      onRow(values) {
        if (current) {
          current.rows += 1;
          const { columns, shown } = current;
          if (shown.length < deps.rowsShown) shown.push(values.map((value, i) => logCell(value, columns[i])));
        }
        if (watched) {
          watched.row_count += 1;
          if (watched.row_count === 1) watched.first = values[0] ?? null;
        }
        preview.row(values);
        return deps.report?.row(values);
      },
      onResultEnd: flush,
      onMessage(message) {
        if (current) held.push(message);
        else return tell(message);
      },
      onRowsAffected(count) {
        affected += count;
        return deps.write('stdout', `(${count} ${count === 1 ? 'row' : 'rows'} affected)\n`);
      },
      async onOutput(values, return_value) {
        await flush();
        outputs = Object.fromEntries(
          Object.entries(values).map(([name, value]) => [name, valueCell(value, 'unknown')]),
        );
        returnValue = return_value;
        for (const [name, value] of Object.entries(outputs))
          await deps.write('stdout', `@${name} = ${value === null ? 'NULL' : value}\n`);
        await deps.write('stdout', `Return value: ${return_value}\n`);
      },
    },
    async finish() {
      await flush();
      return {
        ...preview.finish(),
        rows_affected: affected,
        seen,
        output_parameters: outputs,
        return_value: returnValue,
      };
    },
  };
}
