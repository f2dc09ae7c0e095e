import { Button, Label, Select } from '@fluentui/react-components';
import { useId, useState } from 'react';
import type { QueryAnswer } from '../../../../src-shared/contract/connections';
import { api, errorText } from '../../../lib/api';
import { formatDuration, formatNumber } from '../../../lib/time-text';
import { type Dict, isDict } from '../document/read-job-text';
import { useConnections } from '../use-connections';
import styles from './query-panel.module.css';
import { ResultGrid } from './result-grid';

type Parameter = string | number | boolean | null;
const isParameter = (value: unknown): value is Parameter =>
  value === null || ['string', 'number', 'boolean'].includes(typeof value);

/** The job's plain parameters; a macro has no value before the job runs. */
function parametersOf(job: Dict): Record<string, Parameter> {
  const given = isDict(job.query_parameters) ? Object.entries(job.query_parameters) : [];
  return Object.fromEntries(given.filter((entry): entry is [string, Parameter] => isParameter(entry[1])));
}

const limits = [100, 1000, 10_000];

export interface QueryRun {
  readonly isRunning: boolean;
  readonly answer: QueryAnswer | undefined;
  readonly problem: string | undefined;
  readonly chosen: string;
  readonly limit: number;
  choose(connection_id: string): void;
  setLimit(limit: number): void;
  run(): Promise<void>;
}

/** Runs the query of a job on a saved connection: the job's own, or another. */
export function useQuery(job: Dict | undefined, query: string): QueryRun {
  const own = isDict(job?.connection) ? job.connection.connection_id : undefined;
  const [picked, choose] = useState<string>();
  const [limit, setLimit] = useState(100);
  const [isRunning, setRunning] = useState(false);
  const [answer, setAnswer] = useState<QueryAnswer>();
  const [problem, setProblem] = useState<string>();
  const chosen = picked ?? (typeof own === 'string' ? own : '');
  return {
    ...{ isRunning, answer, problem, chosen, limit, choose, setLimit },
    async run() {
      if (isRunning || chosen === '' || query.trim() === '') return;
      setRunning(true);
      setProblem(undefined);
      try {
        const parameters = parametersOf(job ?? {});
        const params = { connection_id: chosen };
        setAnswer(await api.connections.query({ params, body: { query, parameters, limit } }));
      } catch (error) {
        setAnswer(undefined);
        setProblem(errorText(error));
      } finally {
        setRunning(false);
      }
    },
  };
}

/** Under the SQL: where to run it, how many rows, and what came back. */
export function QueryPanel({ query }: { readonly query: QueryRun }) {
  const connections = useConnections();
  const id = useId();
  const { answer, problem, chosen, isRunning } = query;
  const isKnown = connections.some(({ connection_id }) => connection_id === chosen);
  return (
    <section className={styles.panel} aria-label="Query">
      <div className={styles.bar}>
        <div className={styles.field}>
          <Label htmlFor={`${id}-connection`}>Connection</Label>
          <Select
            id={`${id}-connection`}
            size="small"
            value={chosen}
            onChange={(_, { value }) => query.choose(value)}
          >
            <option value="">{connections.length === 0 ? '(no saved connections)' : '(choose one)'}</option>
            {chosen !== '' && !isKnown && <option value={chosen}>{chosen}</option>}
            {connections.map(({ connection_id, name }) => (
              <option key={connection_id} value={connection_id}>
                {name}
              </option>
            ))}
          </Select>
        </div>
        <div className={styles.field}>
          <Label htmlFor={`${id}-rows`}>Rows</Label>
          <Select
            id={`${id}-rows`}
            size="small"
            value={String(query.limit)}
            onChange={(_, { value }) => query.setLimit(Number(value))}
          >
            {limits.map((limit) => (
              <option key={limit} value={limit}>
                {formatNumber(limit)}
              </option>
            ))}
          </Select>
        </div>
        <Button
          size="small"
          title={
            chosen === '' ? 'Choose a connection first' : 'Ctrl+Enter; what it changes is changed for real'
          }
          disabledFocusable={isRunning || chosen === ''}
          onClick={() => void query.run()}
        >
          {isRunning ? 'Running…' : 'Run query'}
        </Button>
        <span className={styles.note} role="status">
          {answer?.success && `${answer.message} · ${formatDuration(answer.duration_seconds)}`}
        </span>
      </div>
      {(problem !== undefined || answer?.success === false) && (
        <p className={styles.failure} role="alert" dir="auto">
          {problem ?? answer?.message}
          {answer?.error?.line === undefined ? '' : ` (line ${answer.error.line} of the query)`}
        </p>
      )}
      <div className={styles.results}>
        {answer?.results.map((preview, index) => (
          <ResultGrid
            // biome-ignore lint/suspicious/noArrayIndexKey: results have no other name than their place
            key={index}
            preview={preview}
            label={`Result ${index + 1}`}
            isEnded={answer.truncated && index === answer.results.length - 1}
          />
        ))}
        {answer?.messages.map((message, index) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: see above
          <p key={index} className={styles.message} dir="auto">
            {message.text}
          </p>
        ))}
        {!answer && !problem && (
          <p className={styles.message}>
            Runs the query above once, on the connection chosen here, and shows its first rows.
          </p>
        )}
      </div>
    </section>
  );
}
