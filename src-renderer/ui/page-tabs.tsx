import { Tab, TabList } from '@fluentui/react-components';
import type { ReactNode, Ref } from 'react';
import styles from './page-tabs.module.css';

/**
 * The tabs of a page: one Tab stop, arrows walk along them, Enter or Space opens. What they show stands in a
 * `TabPanel` of the same value.
 */
export function PageTabs<T extends string>({
  label,
  tabs,
  selected,
  onSelect,
  className,
  listRef,
}: {
  readonly label: string;
  readonly tabs: readonly { readonly value: T; readonly text: ReactNode }[];
  readonly selected: T;
  readonly onSelect: (value: T) => void;
  readonly className?: string | undefined;
  readonly listRef?: Ref<HTMLDivElement>;
}) {
  return (
    <TabList
      ref={listRef}
      className={className}
      aria-label={label}
      selectedValue={selected}
      onTabSelect={(_, { value }) => {
        if (value !== selected) onSelect(value as T);
      }}
    >
      {tabs.map(({ value, text }) => (
        <Tab
          key={value}
          id={`tab-${value}`}
          value={value}
          aria-controls={value === selected ? `panel-${value}` : undefined}
        >
          {text}
        </Tab>
      ))}
    </TabList>
  );
}

/** What the selected tab shows. */
export function TabPanel({
  value,
  className = styles.panel,
  children,
}: {
  readonly value: string;
  readonly className?: string | undefined;
  readonly children: ReactNode;
}) {
  return (
    <div id={`panel-${value}`} role="tabpanel" aria-labelledby={`tab-${value}`} className={className}>
      {children}
    </div>
  );
}
