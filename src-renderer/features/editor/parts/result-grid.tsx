import type { ResultPreview } from '../../../../src-shared/model/sql-result';
import { isNumeric, resultWords } from '../../../lib/result-words';
import styles from './result-grid.module.css';

/** Rows of a query, every cell as text. */
export function ResultGrid({
  preview,
  label,
  isEnded = false,
}: {
  readonly preview: ResultPreview;
  readonly label: string;
  /** The query was ended within this result. */
  readonly isEnded?: boolean;
}) {
  const { columns, rows } = preview;
  const numeric = columns.map((_, index) => isNumeric(preview, index));
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolling region must be reachable by keyboard
    <section className={styles.box} tabIndex={0} aria-label={label}>
      <table className={styles.grid}>
        <thead>
          <tr>
            {columns.map((column, index) => (
              // biome-ignore lint/suspicious/noArrayIndexKey: names of columns may repeat
              <th key={index} scope="col" data-numeric={numeric[index] || undefined}>
                {column.name || `(column ${index + 1})`}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map((row, at) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: rows have no other name than their place
            <tr key={at}>
              {columns.map((_, index) => (
                // biome-ignore lint/suspicious/noArrayIndexKey: see above
                <td key={index} data-numeric={numeric[index] || undefined}>
                  {row[index] === null || row[index] === undefined ? (
                    <i className={styles.none}>NULL</i>
                  ) : (
                    String(row[index])
                  )}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
      <p className={styles.count}>{resultWords(preview, isEnded)}</p>
    </section>
  );
}
