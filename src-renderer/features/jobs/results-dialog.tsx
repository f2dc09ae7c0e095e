import {
  Button,
  Dialog,
  DialogActions,
  DialogBody,
  DialogContent,
  DialogSurface,
  DialogTitle,
} from '@fluentui/react-components';
import { create } from 'zustand';
import styles from './dialogs.module.css';

export interface ResultRow {
  readonly name: string;
  readonly isGood: boolean;
  readonly message: string;
}
interface Results {
  readonly title: string;
  readonly rows: readonly ResultRow[];
}

const useResults = create<{ readonly results: Results | undefined }>(() => ({ results: undefined }));

/** Shows what came of each job of a bulk action, failures first. */
export function showResults(results: Results): void {
  const rows = [...results.rows].sort((a, b) => Number(a.isGood) - Number(b.isGood));
  useResults.setState({ results: { ...results, rows } });
}

export function ResultsDialog() {
  const { results } = useResults();
  const close = () => useResults.setState({ results: undefined });
  return (
    <Dialog open={results !== undefined} onOpenChange={(_, { open }) => !open && close()}>
      <DialogSurface className={styles.wide}>
        <DialogBody>
          <DialogTitle>{results?.title}</DialogTitle>
          <DialogContent>
            {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a long list must be scrolled by keyboard */}
            <ul className={styles.results} tabIndex={0} aria-label="Results">
              {results?.rows.map((row) => (
                <li key={row.name} data-good={row.isGood || undefined}>
                  <span aria-hidden="true">{row.isGood ? '✓' : '✕'}</span>
                  <b dir="auto">{row.name}</b>
                  <span dir="auto">{row.message}</span>
                </li>
              ))}
            </ul>
          </DialogContent>
          <DialogActions>
            <Button appearance="primary" onClick={close}>
              Close
            </Button>
          </DialogActions>
        </DialogBody>
      </DialogSurface>
    </Dialog>
  );
}
