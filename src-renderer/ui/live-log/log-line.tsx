import { Fragment, memo, type ReactNode } from 'react';
import { partsOfLine, type TextPart } from '../../lib/ansi';
import type { LogLine } from '../../lib/output-log';
import { formatBytes, formatClockMillis, formatFull } from '../../lib/time-text';
import styles from './live-log.module.css';

/** Inline styles of a part; the sixteen named colours come from the theme, others are made readable on it. */
function styleOf({ colour, ground }: TextPart): React.CSSProperties | undefined {
  if (colour === undefined && ground === undefined) return undefined;
  const named = (name: string) => (/^\d/.test(name) ? `rgb(${name})` : `var(--ansi-${name})`);
  if (ground !== undefined)
    return { background: named(ground), color: colour === undefined ? groundText(ground) : named(colour) };
  if (colour === undefined) return undefined;
  const isRgb = /^\d/.test(colour);
  return {
    color: isRgb
      ? `oklch(from rgb(${colour}) clamp(var(--ansi-darkest), l, var(--ansi-lightest)) c h)`
      : named(colour),
  };
}

/** Black or white, whichever can be read on a ground. */
function groundText(ground: string): string {
  const [red = 0, green = 0, blue = 0] = ground.split(',').map(Number);
  if (/^\d/.test(ground)) return red * 0.3 + green * 0.59 + blue * 0.11 > 140 ? '#000' : '#fff';
  return `var(--ansi-on-${/black|blue|magenta|red/.test(ground) ? 'dark' : 'light'})`;
}

/** The text with what was looked for marked. */
function marked(text: string, needle: string): ReactNode {
  if (needle === '') return text;
  const lower = text.toLowerCase();
  // Lower case can be longer than the text (İ): places would not fit any more.
  if (lower.length !== text.length || !lower.includes(needle)) return text;
  const found: ReactNode[] = [];
  let from = 0;
  for (let at = lower.indexOf(needle); at >= 0; at = lower.indexOf(needle, from)) {
    found.push(text.slice(from, at), <mark key={at}>{text.slice(at, at + needle.length)}</mark>);
    from = at + needle.length;
  }
  found.push(text.slice(from));
  return found;
}

function Part({ part, needle }: { readonly part: TextPart; readonly needle: string }) {
  const { isBold, isDim, isItalic, isUnderlined, isSign, href } = part;
  const names = [
    isBold && styles.bold,
    isDim && styles.dim,
    isItalic && styles.italic,
    isUnderlined && styles.underlined,
    isSign && styles.sign,
  ].filter(Boolean);
  const text = marked(part.text, needle);
  const style = styleOf(part);
  if (href !== undefined)
    return (
      <a href={href} target="_blank" rel="noopener noreferrer" title={href} style={style}>
        {text}
      </a>
    );
  if (names.length === 0 && style === undefined) return <>{text}</>;
  return (
    <span className={names.join(' ') || undefined} style={style}>
      {text}
    </span>
  );
}

export interface LogRowProps {
  readonly number: number;
  readonly line: LogLine | undefined;
  readonly needle: string;
  readonly isChosen: boolean;
  /** The one of the search's lines that the reader is at. */
  readonly isFound: boolean;
  /** Times of other days than the first are told whole. */
  readonly hasTimes: boolean;
  readonly restHref: (line: LogLine) => string;
  readonly onChoose: (number: number) => void;
  readonly style?: React.CSSProperties;
  readonly rowRef?: (element: HTMLElement | null) => void;
  readonly index: number;
}

/** One line of the output: its number, when it came, its text. */
export const LogRow = memo(function LogRow(props: LogRowProps) {
  const { number, line, needle, isChosen, isFound, hasTimes } = props;
  return (
    <div
      ref={props.rowRef}
      className={styles.row}
      data-index={props.index}
      data-line={number}
      data-stream={line?.stream ?? undefined}
      data-chosen={isChosen || undefined}
      data-found={isFound || undefined}
      style={props.style}
    >
      <span className={styles.gutter}>
        <button
          type="button"
          tabIndex={-1}
          className={styles.number}
          aria-label={`Link to line ${number}`}
          onClick={() => props.onChoose(number)}
        >
          {number}
        </button>
        {hasTimes && (
          <time className={styles.time} title={line?.time ? formatFull(line.time) : undefined}>
            {line?.time ? formatClockMillis(line.time) : ''}
          </time>
        )}
      </span>
      <span className={styles.text}>
        {line?.stream === 'stderr' && <span className="visually-hidden">stderr: </span>}
        {line === undefined ? (
          <span className={styles.waiting}>…</span>
        ) : (
          partsOfLine(line.text, line.style).map((part, index) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: a part is its place
            <Fragment key={index}>
              <Part part={part} needle={needle} />
            </Fragment>
          ))
        )}
        {line?.isCut && (
          <a className={styles.rest} href={props.restHref(line)} target="_blank" rel="noreferrer">
            … the whole line: {formatBytes(line.bytes)}
          </a>
        )}
      </span>
    </div>
  );
});
