import { useVirtualizer } from '@tanstack/react-virtual';
import { type KeyboardEvent, useEffect, useId, useLayoutEffect, useRef } from 'react';
import { useNow } from '../../lib/clock';
import { formatClockSeconds, formatDay, formatFull } from '../../lib/time-text';
import { stepOfKey } from '../../ui/table-keys';
import styles from './logs.module.css';
import { levelWords } from './logs-filter';
import type { ShownLine } from './logs-store';
import { MarkedText } from './marked-text';

const rowHeight = 24;
/** So near to the end counts as being there. */
const nearEnd = 2 * rowHeight;

/** 09:41:02.107, with the day when it is not today. */
function LineTime({ time, now }: { readonly time: string; readonly now: number }) {
  const at = Date.parse(time);
  const isToday = formatDay(at, now) === formatDay(now, now);
  return (
    <time dateTime={time} title={formatFull(at)} className={styles.time}>
      {!isToday && <span className={styles.day}>{formatDay(at, now)} </span>}
      {formatClockSeconds(at)}
      {time.slice(19, 23)}
    </time>
  );
}

/**
 * Lines of the logs, oldest first; only those in sight exist. While it follows, it stays at the end; moving away from
 * the end stops that, and what comes is added below without moving anything.
 */
export function LogList({
  lines,
  search,
  isFollowing,
  onFollow,
  selectedKey,
  onSelect,
  onTop,
}: {
  readonly lines: readonly ShownLine[];
  readonly search: string;
  readonly isFollowing: boolean;
  readonly onFollow: (isFollowing: boolean) => void;
  readonly selectedKey: number | undefined;
  readonly onSelect: (line: ShownLine) => void;
  /** The first line came into sight. */
  readonly onTop: () => void;
}) {
  const id = useId();
  const now = useNow(60_000);
  const scroller = useRef<HTMLDivElement>(null);
  const virtualizer = useVirtualizer({
    count: lines.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => rowHeight,
    overscan: 20,
    getItemKey: (index) => lines[index]?.key ?? index,
  });
  const items = virtualizer.getVirtualItems();
  const selectedIndex = lines.findIndex((line) => line.key === selectedKey);

  // What is above the first shown line may grow (older lines) or shrink (too many): the view must not move.
  const firstKey = lines[0]?.key;
  const before = useRef({ firstKey, length: lines.length });
  useLayoutEffect(() => {
    const element = scroller.current;
    const known = before.current;
    before.current = { firstKey, length: lines.length };
    if (!element) return;
    if (isFollowing) {
      element.scrollTop = element.scrollHeight;
      return;
    }
    if (known.firstKey === firstKey || known.firstKey === undefined) return;
    const added = lines.findIndex((line) => line.key === known.firstKey);
    if (added > 0) element.scrollTop += added * rowHeight;
    else if (firstKey !== undefined && firstKey > known.firstKey)
      element.scrollTop -= (firstKey - known.firstKey) * rowHeight;
  }, [lines, firstKey, isFollowing]);

  const first = items[0]?.index ?? 0;
  useEffect(() => {
    const element = scroller.current;
    if (first === 0 && lines.length > 0 && element && element.scrollTop < rowHeight && !isFollowing) onTop();
  }, [first, lines.length, isFollowing, onTop]);

  const onScroll = () => {
    const element = scroller.current;
    if (!element) return;
    const isAtEnd = element.scrollHeight - element.scrollTop - element.clientHeight < nearEnd;
    if (isAtEnd !== isFollowing && element.scrollHeight > element.clientHeight) onFollow(isAtEnd);
    if (element.scrollTop < rowHeight && !isAtEnd) onTop();
  };

  const onKeyDown = (event: KeyboardEvent) => {
    const page = Math.max(1, Math.floor((scroller.current?.clientHeight ?? 0) / rowHeight) - 1);
    const at = selectedIndex >= 0 ? selectedIndex : event.key === 'ArrowUp' ? lines.length : -1;
    const to = stepOfKey(event.key, { at, page, count: lines.length });
    const target = to === undefined ? undefined : lines[to];
    if (to === undefined || !target) return;
    event.preventDefault();
    if (to < lines.length - 1) onFollow(false);
    onSelect(target);
    virtualizer.scrollToIndex(to);
  };

  return (
    <div
      ref={scroller}
      className={styles.list}
      role="listbox"
      aria-label="Log lines, oldest first"
      tabIndex={0}
      aria-activedescendant={
        items.some((item) => item.index === selectedIndex) ? `${id}-${selectedIndex}` : undefined
      }
      onScroll={onScroll}
      onKeyDown={onKeyDown}
    >
      <div role="presentation" style={{ height: virtualizer.getTotalSize(), position: 'relative' }}>
        {items.map(({ index, start, key }) => {
          const line = lines[index];
          if (!line) return null;
          return (
            // biome-ignore lint/a11y/useFocusableInteractive: the list holds the focus
            // biome-ignore lint/a11y/useKeyWithClickEvents: the list has the keys
            <div
              key={key}
              id={`${id}-${index}`}
              role="option"
              aria-selected={line.key === selectedKey}
              aria-posinset={index + 1}
              aria-setsize={lines.length}
              className={styles.line}
              data-level={line.level}
              style={{ transform: `translateY(${start}px)` }}
              onClick={() => onSelect(line)}
            >
              <LineTime time={line.time} now={now} />
              <span className={styles.level}>{levelWords[line.level]}</span>
              <span className={styles.source} title={line.source}>
                {line.source.replace(/^jobs\//, '')}
              </span>
              <span className={styles.message} dir="auto">
                <MarkedText text={line.message.slice(0, 2000)} search={search} />
              </span>
            </div>
          );
        })}
      </div>
    </div>
  );
}
