import { Fragment } from 'react';
import styles from './logs.module.css';

/** A text with every occurrence of what was searched for marked; case makes no difference. */
export function MarkedText({ text, search }: { readonly text: string; readonly search: string }) {
  if (search === '') return text;
  const parts: { at: number; text: string; isHit: boolean }[] = [];
  const lower = text.toLowerCase();
  const wanted = search.toLowerCase();
  let from = 0;
  // Letters whose lower case is longer would move every place behind them: such a text is shown unmarked.
  for (
    let at = lower.length === text.length ? lower.indexOf(wanted) : -1;
    at >= 0;
    at = lower.indexOf(wanted, from)
  ) {
    parts.push({ at: from, text: text.slice(from, at), isHit: false });
    parts.push({ at, text: text.slice(at, at + wanted.length), isHit: true });
    from = at + wanted.length;
  }
  parts.push({ at: from, text: text.slice(from), isHit: false });
  return parts.map((part) =>
    part.isHit ? (
      <mark key={`hit-${part.at}`} className={styles.mark}>
        {part.text}
      </mark>
    ) : (
      <Fragment key={`text-${part.at}`}>{part.text}</Fragment>
    ),
  );
}
