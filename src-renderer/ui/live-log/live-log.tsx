import { useCallback, useEffect, useLayoutEffect, useRef, useState } from 'react';
import type { LogLine } from '../../lib/output-log';
import { plural } from '../../lib/time-text';
import { EmptyState, ErrorState, Skeleton } from '../states';
import { LeftOutNote } from './left-out';
import styles from './live-log.module.css';
import { LogRow } from './log-line';
import { LogToolbar } from './log-toolbar';
import { EvenRows, WrappedRows } from './rows';
import { useLogSearch } from './use-log-search';
import { useOutputLog } from './use-output-log';

/** A browser draws no element of more than some 30 million pixels: of longer outputs a window is shown. */
const windowLines = 1_000_000;
const wrappedWindowLines = 20_000;
/** This near to its end the output counts as being at its end. */
const endPixels = 30;

export interface LiveLogProps {
  readonly execution_id: string;
  /** Nothing will be added any more. */
  readonly isEnded: boolean;
  /** The line that is pointed at (`#L120`). */
  readonly line?: number;
  readonly onLine?: (line: number | undefined) => void;
  /** Why there is nothing to see, when there is nothing. */
  readonly empty?: string;
}

/**
 * The output of an execution: live while it runs, by range whatever its size. Follows its end until the reader
 * scrolls up; finds text in all of it; everything in it is text.
 */
export function LiveLog({ execution_id, isEnded, line: pointed, onLine, empty }: LiveLogProps) {
  const log = useOutputLog(execution_id, isEnded);
  const scroller = useRef<HTMLDivElement>(null);
  const show = useRef<((index: number) => void) | null>(null);
  const [isWrapped, setWrapped] = useState(false);
  const [isFollowing, setFollowing] = useState(pointed === undefined);
  const [text, setText] = useState('');
  const [isStderrOnly, setStderrOnly] = useState(false);
  const [isOnlyFound, setOnlyFound] = useState(false);
  const [at, setAt] = useState(-1);
  const [base, setBase] = useState(0);
  const lastTop = useRef(0);
  const search = useLogSearch(execution_id, { text, isStderrOnly, size: log.size, isEnded });
  const found = search.lines;
  const isFiltered = found !== undefined && (isOnlyFound || isStderrOnly);

  const most = isWrapped ? wrappedWindowLines : windowLines;
  const all = isFiltered ? found.length : log.total;
  // While following, the window is the end.
  const from = isFollowing ? Math.max(0, all - most) : Math.min(base, Math.max(0, all - 1));
  const count = Math.min(most, all - from);
  const numberOf = useCallback(
    (index: number) => (isFiltered ? (found[from + index] ?? 0) : from + index + 1),
    [isFiltered, found, from],
  );

  const pause = useCallback(() => {
    setBase(from);
    setFollowing(false);
  }, [from]);

  /** Brings a line into sight, and the window to it. */
  const goTo = useCallback(
    (number: number) => {
      const place = isFiltered ? found.indexOf(number) : number - 1;
      if (place < 0) return;
      const isInside = place >= from && place < from + most;
      const nextBase = isInside ? from : Math.max(0, place - Math.floor(most / 2));
      setFollowing(false);
      setBase(nextBase);
      requestAnimationFrame(() => requestAnimationFrame(() => show.current?.(place - nextBase)));
    },
    [isFiltered, found, from, most],
  );

  const goToEnd = useCallback(() => {
    setFollowing(true);
    const element = scroller.current;
    if (element) element.scrollTop = element.scrollHeight;
  }, []);

  // The end stays in sight while it is followed; also when wrapped rows turn out higher than reckoned.
  useLayoutEffect(() => {
    const element = scroller.current;
    if (!element || !isFollowing) return;
    element.scrollTop = element.scrollHeight;
    lastTop.current = element.scrollTop;
  });

  // Its place may shrink after it was drawn: what stands above it has loaded, the window was made smaller.
  const hasRows = count > 0;
  useEffect(() => {
    const element = scroller.current;
    if (!element || !isFollowing || !hasRows) return;
    const observer = new ResizeObserver(() => {
      element.scrollTop = element.scrollHeight;
      lastTop.current = element.scrollTop;
    });
    observer.observe(element);
    return () => observer.disconnect();
  }, [isFollowing, hasRows]);

  const onScroll = () => {
    const element = scroller.current;
    if (!element) return;
    const isUp = element.scrollTop < lastTop.current - 2;
    const isAtEnd = element.scrollHeight - element.clientHeight - element.scrollTop < endPixels;
    lastTop.current = element.scrollTop;
    if (isFollowing && isUp && !isAtEnd) pause();
    else if (!isFollowing && !isUp && isAtEnd && from + count >= all && !isEnded) setFollowing(true);
  };

  const onRange = useCallback(
    (first: number, last: number) => {
      if (!log.isLoaded || last < first) return;
      if (!isFiltered) log.want(numberOf(first), numberOf(last));
      else for (let index = first; index <= last; index += 1) log.want(numberOf(index), numberOf(index));
    },
    [log, isFiltered, numberOf],
  );

  const isPointedReady = log.isLoaded && pointed !== undefined && pointed <= log.total;
  const arrived = useRef<number | undefined>(undefined);
  useEffect(() => {
    if (!isPointedReady || arrived.current === pointed) return;
    arrived.current = pointed;
    goTo(pointed);
  }, [isPointedReady, pointed, goTo]);

  // A new search begins at its last line when the end was in sight, else at its first.
  const searchKey = `${search.text} ${found !== undefined}`;
  // biome-ignore lint/correctness/useExhaustiveDependencies: begun anew for another text, not for another place
  useEffect(() => {
    if (!found?.length || search.text === '') return setAt(-1);
    const start = isFollowing ? found.length - 1 : 0;
    setAt(start);
    goTo(found[start] ?? 1);
  }, [searchKey]);

  const step = (by: 1 | -1) => {
    if (!found?.length) return;
    const next = (at + by + found.length) % found.length;
    setAt(next);
    goTo(found[next] ?? 1);
  };

  const restHref = useCallback(
    (line: LogLine) =>
      `/api/executions/${encodeURIComponent(execution_id)}/output?offset=${line.offset}&limit=${Math.min(line.bytes, 16 * 1024 * 1024)}`,
    [execution_id],
  );
  const onChoose = useCallback(
    (number: number) => {
      arrived.current = number;
      onLine?.(number);
    },
    [onLine],
  );

  const hasTimes = log.line(Math.max(1, log.total))?.time != null;
  const Rows = isWrapped ? WrappedRows : EvenRows;
  const digits = String(Math.max(999, log.total)).length;
  return (
    <div className={styles.log} style={{ '--digits': `${digits}ch` } as React.CSSProperties}>
      <LogToolbar
        execution_id={execution_id}
        log={log}
        isEnded={isEnded}
        search={search}
        at={at}
        text={text}
        onText={setText}
        onStep={step}
        isStderrOnly={isStderrOnly}
        onStderrOnly={setStderrOnly}
        isOnlyFound={isOnlyFound}
        onOnlyFound={setOnlyFound}
        isWrapped={isWrapped}
        onWrapped={(wrapped) => {
          setBase(0);
          setWrapped(wrapped);
        }}
        isFollowing={isFollowing}
        onFollow={() => (isFollowing ? pause() : goToEnd())}
        onFocusLog={() => scroller.current?.focus()}
      />
      {log.leftOut && (
        <LeftOutNote execution_id={execution_id} leftOut={log.leftOut} isEnded={isEnded} onLine={goTo} />
      )}
      {from > 0 && !isFollowing && (
        <button type="button" className={styles.more} onClick={() => setBase(Math.max(0, from - most))}>
          {plural(from, 'line')} before these: show earlier ones
        </button>
      )}
      {!log.isLoaded && !log.error ? (
        <div className={styles.loading} aria-busy="true">
          {[62, 48, 71, 35, 55].map((width) => (
            <Skeleton key={width} width={`${width}%`} height={12} style={{ margin: '4px 0' }} />
          ))}
        </div>
      ) : log.error && log.total === 0 ? (
        <ErrorState what="The output" error={log.error} onRetry={() => void log.load()} isSmall />
      ) : all === 0 ? (
        <EmptyState
          isSmall
          title={isFiltered ? 'No line of the output fits' : isEnded ? 'No output' : 'No output yet'}
        >
          {isFiltered
            ? undefined
            : (empty ??
              (isEnded ? 'It ended without writing a line.' : 'Lines appear here as they are written.'))}
        </EmptyState>
      ) : (
        <div
          ref={scroller}
          className={styles.scroller}
          role="log"
          aria-label="Output"
          aria-live="off"
          // biome-ignore lint/a11y/noNoninteractiveTabindex: it scrolls, so the keyboard must reach it
          tabIndex={0}
          onScroll={onScroll}
          onKeyDown={(event) => {
            if (event.key === 'End' && !event.shiftKey) goToEnd();
            if (event.key === 'Home' && !event.shiftKey) {
              setFollowing(false);
              setBase(0);
            }
          }}
        >
          <Rows
            scroller={scroller}
            count={count}
            onRange={onRange}
            show={show}
            row={(index, ref) => {
              const number = numberOf(index);
              return (
                <LogRow
                  key={number}
                  index={index}
                  rowRef={ref}
                  number={number}
                  line={log.line(number)}
                  needle={search.text.toLowerCase()}
                  isChosen={number === pointed}
                  isFound={at >= 0 && found?.[at] === number}
                  hasTimes={hasTimes}
                  restHref={restHref}
                  onChoose={onChoose}
                />
              );
            }}
          />
        </div>
      )}
      {from + count < all && !isFollowing && (
        <button type="button" className={styles.more} onClick={() => setBase(from + most)}>
          {plural(all - from - count, 'line')} behind these: show later ones
        </button>
      )}
    </div>
  );
}
