import { useVirtualizer } from '@tanstack/react-virtual';
import { type ReactNode, type RefObject, useEffect, useState } from 'react';
import styles from './live-log.module.css';

export const rowHeight = 20;
const overscan = 12;

export interface RowsProps {
  readonly scroller: RefObject<HTMLDivElement | null>;
  readonly count: number;
  /** Draws row `index`; the wrapped ones are measured by `ref`. */
  readonly row: (index: number, ref?: (element: HTMLElement | null) => void) => ReactNode;
  readonly onRange: (first: number, last: number) => void;
  /** Set to what brings a row into the middle of sight. */
  readonly show: RefObject<((index: number) => void) | null>;
}

/** Rows of one height: their places are reckoned, so that a million of them cost what fifty do. */
export function EvenRows({ scroller, count, row, onRange, show }: RowsProps) {
  const [view, setView] = useState({ top: 0, height: 600 });
  useEffect(() => {
    const element = scroller.current;
    if (!element) return;
    const look = () => setView({ top: element.scrollTop, height: element.clientHeight });
    look();
    element.addEventListener('scroll', look, { passive: true });
    const observer = new ResizeObserver(look);
    observer.observe(element);
    return () => {
      element.removeEventListener('scroll', look);
      observer.disconnect();
    };
  }, [scroller]);
  show.current = (index) => {
    const element = scroller.current;
    if (element) element.scrollTop = Math.max(0, index * rowHeight - element.clientHeight / 2);
  };
  const first = Math.max(0, Math.min(count - 1, Math.floor(view.top / rowHeight)) - overscan);
  const last = Math.min(count, Math.ceil((view.top + view.height) / rowHeight) + overscan) - 1;
  useEffect(() => onRange(first, last));
  const indexes = Array.from({ length: Math.max(0, last - first + 1) }, (_, at) => first + at);
  return (
    <div className={styles.rows} style={{ height: count * rowHeight }}>
      <div className={styles.block} style={{ transform: `translateY(${first * rowHeight}px)` }}>
        {indexes.map((index) => row(index))}
      </div>
    </div>
  );
}

/** Rows as high as their wrapped text: each is measured when it is first drawn. */
export function WrappedRows({ scroller, count, row, onRange, show }: RowsProps) {
  const virtualizer = useVirtualizer({
    count,
    getScrollElement: () => scroller.current,
    estimateSize: () => rowHeight,
    overscan,
  });
  const items = virtualizer.getVirtualItems();
  show.current = (index) => virtualizer.scrollToIndex(index, { align: 'center' });
  const first = items[0]?.index ?? 0;
  const last = items.at(-1)?.index ?? -1;
  useEffect(() => onRange(first, last));
  return (
    <div className={styles.rows} data-wrapped style={{ height: virtualizer.getTotalSize() }}>
      <div className={styles.block} style={{ transform: `translateY(${items[0]?.start ?? 0}px)` }}>
        {items.map(({ index }) => row(index, virtualizer.measureElement))}
      </div>
    </div>
  );
}
