import { type ResultCell, type ResultPreview, resultsOf } from '../../../src-shared/model/sql-result';
import { isNumeric, resultWords } from '../../lib/result-words';
import { plural } from '../../lib/time-text';
import { EmptyState } from '../../ui/states';
import styles from './execution.module.css';

function cellText(cell: ResultCell): string {
  return cell === null ? 'NULL' : String(cell);
}

function Grid({
  result,
  number,
  of,
}: {
  readonly result: ResultPreview;
  readonly number: number;
  readonly of: number;
}) {
  const numeric = result.columns.map((_, index) => isNumeric(result, index));
  return (
    <div className={styles.result}>
      <p className={styles.soft}>
        {of > 1 ? `Result ${number} of ${of}: ` : ''}
        {resultWords(result)}
        {result.truncated && '; the history keeps no more, a report of the job (output_path) has all'}
      </p>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: it scrolls, so the keyboard must reach it */}
      <section className={styles.gridBox} tabIndex={0} aria-label={`Rows of result ${number}`}>
        <table className={styles.grid}>
          <thead>
            <tr>
              <th aria-label="Row" />
              {result.columns.map((column, index) => (
                <th
                  // biome-ignore lint/suspicious/noArrayIndexKey: names may occur twice
                  key={index}
                  scope="col"
                  data-align={numeric[index] ? 'end' : undefined}
                  dir="auto"
                >
                  {column.name || '(no name)'}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {result.rows.map((row, at) => (
              // biome-ignore lint/suspicious/noArrayIndexKey: rows have no name
              <tr key={at}>
                <th scope="row">{at + 1}</th>
                {row.map((cell, index) => (
                  <td
                    // biome-ignore lint/suspicious/noArrayIndexKey: see above
                    key={index}
                    data-align={numeric[index] ? 'end' : undefined}
                    data-null={cell === null || undefined}
                    title={cellText(cell).length > 40 ? cellText(cell) : undefined}
                    dir="auto"
                  >
                    {cellText(cell)}
                  </td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </section>
    </div>
  );
}

/** The first rows of what a query brought, as the history keeps them. */
export function ResultGrids({ metadata }: { readonly metadata: Readonly<Record<string, unknown>> }) {
  const results = resultsOf(metadata);
  const count = typeof metadata.result_count === 'number' ? metadata.result_count : results.length;
  if (results.length === 0)
    return (
      <EmptyState isSmall title="No result">
        The run brought no rows.
      </EmptyState>
    );
  return (
    <div className={styles.results}>
      {results.map((result, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: a result is its place
        <Grid key={index} result={result} number={index + 1} of={count} />
      ))}
      {count > results.length && (
        <p className={styles.soft}>
          {plural(count - results.length, 'more result')} of this run{' '}
          {count - results.length === 1 ? 'is' : 'are'} not kept in the history.
        </p>
      )}
    </div>
  );
}
