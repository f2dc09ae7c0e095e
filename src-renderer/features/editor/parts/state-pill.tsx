import styles from '../editor.module.css';

/** How the text stands to what is saved. */
export function StatePill(props: {
  readonly isReadOnly: boolean;
  readonly isChanged: boolean;
  readonly isNew: boolean;
}) {
  const { isReadOnly, isChanged, isNew } = props;
  const [word, tone] = isReadOnly
    ? ['Read only', 'idle']
    : isChanged
      ? [isNew ? 'Not saved yet' : 'Unsaved', 'retry']
      : ['Saved', 'idle'];
  return (
    <span className={styles.pill} data-tone={tone} role="status">
      {word}
    </span>
  );
}
