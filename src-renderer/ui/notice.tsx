import type { ReactNode } from 'react';
import styles from './notice.module.css';

const glyphs = { info: 'i', warning: '!', error: '✕', success: '✓' } as const;

/** A word that stands beside what it is about, and stays there. Errors are told to screen readers at once. */
export function Notice({
  tone,
  children,
}: {
  readonly tone: keyof typeof glyphs;
  readonly children: ReactNode;
}) {
  return (
    <div
      className={styles.notice}
      data-tone={tone}
      role={tone === 'error' ? 'alert' : tone === 'success' ? 'status' : undefined}
    >
      <span className={styles.glyph} aria-hidden="true">
        {glyphs[tone]}
      </span>
      <div>{children}</div>
    </div>
  );
}
