import { Checkbox } from '@fluentui/react-components';
import { useVirtualizer } from '@tanstack/react-virtual';
import { type KeyboardEvent, type ReactNode, useEffect, useId, useRef, useState } from 'react';
import { display } from '../lib/display';
import { nextSelection, type SelectionStep, stepOfKey } from './table-keys';
import { useWidth } from './use-width';
import styles from './virtual-table.module.css';

export interface Column<Row> {
  readonly id: string;
  readonly header: string;
  /** A track of CSS grid: `120px`, `minmax(180px, 2fr)`. */
  readonly width: string;
  readonly align?: 'start' | 'end';
  /** Left out when the table is narrower than this many pixels. */
  readonly hideBelow?: number;
  readonly isSortable?: boolean;
  /** `isActive`: the row the keyboard is at; controls of other rows take no Tab. */
  readonly cell: (row: Row, isActive: boolean) => ReactNode;
}

export interface TableSort {
  readonly column: string;
  readonly isDescending: boolean;
}

export interface VirtualTableProps<Row> {
  readonly label: string;
  readonly columns: readonly Column<Row>[];
  readonly rows: readonly Row[];
  readonly keyOf: (row: Row) => string;
  readonly rowHeight?: number;
  readonly sort?: TableSort;
  readonly onSort?: (column: string) => void;
  readonly selected?: ReadonlySet<string>;
  readonly onSelect?: (selected: ReadonlySet<string>) => void;
  /** Enter, or a click on the row. */
  readonly onOpen?: (row: Row) => void;
  /** The rows in sight, whenever they change: for data that is fetched only for these. */
  readonly onVisible?: (rows: readonly Row[]) => void;
  /** A word for the reader of the screen and the hover of a row's box, e.g. its name. */
  readonly nameOf: (row: Row) => string;
  /** What stands in place of rows when there are none. */
  readonly empty?: ReactNode;
}

const isControl = (target: EventTarget | null) =>
  target instanceof Element &&
  target.closest('button, a, input, [role="switch"], [role="menuitem"]') !== null;

/**
 * A table of any length: only rows in sight exist. Sort by heading, select by box or Space (Shift extends), move by
 * arrows, open by Enter or click. It fills its parent's height and keeps its scroll place while rows change.
 */
export function VirtualTable<Row>(props: VirtualTableProps<Row>) {
  const { columns, rows, keyOf, selected, onSelect, onOpen, onVisible } = props;
  const rowHeight = Math.round((props.rowHeight ?? 52) * (display.density === 'compact' ? 0.77 : 1));
  const id = useId();
  const scroller = useRef<HTMLDivElement>(null);
  const width = useWidth(scroller);
  const [activeKey, setActiveKey] = useState<string>();
  const anchor = useRef<string | undefined>(undefined);
  const shown = columns.filter((column) => width === 0 || width >= (column.hideBelow ?? 0));
  const virtualizer = useVirtualizer({
    count: rows.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => rowHeight,
    // Rows beyond the edges, so that a fast scroll meets drawn ones.
    overscan: 14,
  });
  const items = virtualizer.getVirtualItems();
  const first = items[0]?.index ?? 0;
  const last = items.at(-1)?.index ?? -1;
  const activeIndex = Math.max(
    0,
    rows.findIndex((row) => keyOf(row) === activeKey),
  );
  const rowId = (index: number) => `${id}-row-${index}`;

  // biome-ignore lint/correctness/useExhaustiveDependencies: told of when the rows in sight change, not its maker
  useEffect(() => {
    onVisible?.(rows.slice(first, last + 1));
  }, [first, last, rows]);

  const select = (key: string, step: SelectionStep) => {
    if (!selected || !onSelect) return;
    const keys = rows.map(keyOf);
    onSelect(nextSelection({ keys, selected, key, anchor: anchor.current, step }));
    if (step !== 'extend') anchor.current = key;
  };

  const onKeyDown = (event: KeyboardEvent) => {
    if (isControl(event.target)) return;
    const row = rows[activeIndex];
    if (event.key === 'Enter' && row) onOpen?.(row);
    else if (event.key === ' ' && row) select(keyOf(row), event.shiftKey ? 'extend' : 'toggle');
    else if (event.key === 'a' && (event.ctrlKey || event.metaKey) && onSelect)
      onSelect(new Set(rows.map(keyOf)));
    else {
      const page = Math.max(1, Math.floor((scroller.current?.clientHeight ?? 0) / rowHeight) - 2);
      const to = stepOfKey(event.key, {
        at: activeKey === undefined ? -1 : activeIndex,
        page,
        count: rows.length,
      });
      const target = to === undefined ? undefined : rows[to];
      if (to === undefined || !target) return;
      setActiveKey(keyOf(target));
      virtualizer.scrollToIndex(to);
      if (event.shiftKey) select(keyOf(target), 'extend');
    }
    event.preventDefault();
  };

  const tracks = [onSelect ? '40px' : '', ...shown.map((column) => column.width)].join(' ');
  const isAll = rows.length > 0 && selected !== undefined && rows.every((row) => selected.has(keyOf(row)));
  const isSome = selected !== undefined && selected.size > 0;

  return (
    // biome-ignore lint/a11y/useSemanticElements: a table of rows that do not exist can't be a <table>
    <div
      ref={scroller}
      className={styles.scroller}
      role="grid"
      aria-label={props.label}
      aria-rowcount={rows.length + 1}
      aria-multiselectable={onSelect ? true : undefined}
      aria-activedescendant={
        activeKey !== undefined && activeIndex >= first && activeIndex <= last
          ? rowId(activeIndex)
          : undefined
      }
      tabIndex={0}
      onKeyDown={onKeyDown}
      style={{ '--tracks': tracks } as React.CSSProperties}
    >
      {/* biome-ignore lint/a11y/useSemanticElements: see above */}
      {/* biome-ignore lint/a11y/useFocusableInteractive: the grid holds the focus */}
      <div className={styles.head} role="row" aria-rowindex={1}>
        {onSelect && (
          <Head>
            <Checkbox
              aria-label="Select all"
              checked={isAll ? true : isSome ? 'mixed' : false}
              onChange={() => onSelect(isAll ? new Set() : new Set(rows.map(keyOf)))}
            />
          </Head>
        )}
        {shown.map((column) => (
          <Head key={column.id} column={column} sort={props.sort} onSort={props.onSort} />
        ))}
      </div>
      {rows.length === 0 ? (
        // biome-ignore lint/a11y/useSemanticElements: see above
        // biome-ignore lint/a11y/useFocusableInteractive: see above
        <div role="row">
          {/* biome-ignore lint/a11y/useSemanticElements: see above */}
          {/* biome-ignore lint/a11y/useFocusableInteractive: see above */}
          <div role="gridcell">{props.empty}</div>
        </div>
      ) : (
        // biome-ignore lint/a11y/useSemanticElements: see above
        <div role="rowgroup" style={{ height: virtualizer.getTotalSize(), position: 'relative' }}>
          {items.map(({ index, start }) => {
            const row = rows[index];
            if (!row) return null;
            const key = keyOf(row);
            const isActive = key === activeKey;
            return (
              // biome-ignore lint/a11y/useSemanticElements: see above
              // biome-ignore lint/a11y/useFocusableInteractive: see above
              // biome-ignore lint/a11y/useKeyWithClickEvents: the grid has the keys
              <div
                key={key}
                id={rowId(index)}
                role="row"
                aria-rowindex={index + 2}
                aria-selected={selected ? selected.has(key) : undefined}
                data-active={isActive || undefined}
                className={styles.row}
                style={{ height: rowHeight, transform: `translateY(${start}px)` }}
                onClick={(event) => {
                  setActiveKey(key);
                  if (isControl(event.target) || document.getSelection()?.type === 'Range') return;
                  if (event.ctrlKey || event.metaKey) select(key, 'toggle');
                  else if (event.shiftKey) select(key, 'extend');
                  else onOpen?.(row);
                }}
              >
                {onSelect && (
                  <Cell>
                    <Checkbox
                      aria-label={`Select ${props.nameOf(row)}`}
                      tabIndex={-1}
                      checked={selected?.has(key) ?? false}
                      onClick={(event) => {
                        event.preventDefault();
                        select(key, event.shiftKey ? 'extend' : 'toggle');
                      }}
                    />
                  </Cell>
                )}
                {shown.map((column) => (
                  <Cell key={column.id} align={column.align}>
                    {column.cell(row, isActive)}
                  </Cell>
                ))}
              </div>
            );
          })}
        </div>
      )}
    </div>
  );
}

function Cell({ align, children }: { readonly align?: 'start' | 'end'; readonly children: ReactNode }) {
  return (
    // biome-ignore lint/a11y/useSemanticElements: a table of rows that do not exist can't be a <table>
    // biome-ignore lint/a11y/useFocusableInteractive: the grid holds the focus
    <div role="gridcell" className={styles.cell} data-align={align}>
      {children}
    </div>
  );
}

function Head<Row>({
  column,
  sort,
  onSort,
  children,
}: {
  readonly column?: Column<Row>;
  readonly sort?: TableSort;
  readonly onSort?: (column: string) => void;
  readonly children?: ReactNode;
}) {
  const direction = sort && column && sort.column === column.id ? sort.isDescending : undefined;
  const ariaSort = direction === undefined ? undefined : direction ? 'descending' : 'ascending';
  return (
    // biome-ignore lint/a11y/useSemanticElements: a table of rows that do not exist can't be a <table>
    // biome-ignore lint/a11y/useFocusableInteractive: its button holds the focus
    <div role="columnheader" className={styles.cell} data-align={column?.align} aria-sort={ariaSort}>
      {children}
      {column &&
        (column.isSortable && onSort ? (
          <button type="button" className={styles.sort} onClick={() => onSort(column.id)}>
            {column.header}
            <span aria-hidden="true">{direction === undefined ? '' : direction ? ' ↓' : ' ↑'}</span>
          </button>
        ) : (
          column.header
        ))}
    </div>
  );
}
