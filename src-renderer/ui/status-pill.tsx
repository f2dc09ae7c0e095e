import { lookOf } from './status';
import styles from './status-pill.module.css';

/** A status as glyph, word and colour. */
export function StatusPill({ status, title }: { readonly status: string; readonly title?: string }) {
  const { glyph, word, tone, isOutlined } = lookOf(status);
  const className = isOutlined ? `${styles.pill} ${styles.outlined}` : styles.pill;
  return (
    <span className={className} data-tone={tone} title={title}>
      <span aria-hidden="true">{glyph}</span> {word}
    </span>
  );
}

/** The same look for what is no run: a glyph, a word, and a colour of the statuses. */
export function Pill({
  glyph,
  word,
  tone,
}: {
  readonly glyph: string;
  readonly word: string;
  readonly tone: string;
}) {
  return (
    <span className={styles.pill} data-tone={tone}>
      <span aria-hidden="true">{glyph}</span> {word}
    </span>
  );
}
