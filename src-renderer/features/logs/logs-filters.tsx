import { Combobox, Input, Option, Select } from '@fluentui/react-components';
import { useState } from 'react';
import { fromLocalField, toLocalField } from '../../lib/local-field';
import { useUrlText } from '../../lib/url-state';
import { FilterBar, FilterText } from '../../ui/filter-bar';
import styles from './logs.module.css';
import { levels, levelWords, ranges } from './logs-filter';

const mostOffered = 100;

function SourceFilter({ sources }: { readonly sources: readonly string[] }) {
  const [source, setSource] = useUrlText('source');
  const [typed, setTyped] = useState<string>();
  const wanted = (typed ?? '').toLowerCase();
  const offered = sources.filter((one) => one.toLowerCase().includes(wanted)).slice(0, mostOffered);
  return (
    <Combobox
      className={styles.sourceFilter}
      aria-label="Source"
      placeholder="All sources"
      clearable
      value={typed ?? source}
      selectedOptions={source ? [source] : []}
      onChange={(event) => setTyped(event.target.value)}
      onOptionSelect={(_, { optionValue }) => {
        setSource(optionValue ?? '');
        setTyped(undefined);
      }}
      onBlur={() => setTyped(undefined)}
    >
      {offered.map((one) => (
        <Option key={one} value={one} text={one}>
          {one}
        </Option>
      ))}
      {offered.length === 0 && (
        <Option value={source} text={source} disabled>
          No log of that name
        </Option>
      )}
    </Combobox>
  );
}

/** Level, source, time and text; all of them stand in the address. */
export function LogsFilters({
  sources,
  end,
}: {
  readonly sources: readonly string[];
  readonly end: React.ReactNode;
}) {
  const [level, setLevel] = useUrlText('level');
  const [range, setRange] = useUrlText('range');
  const [from, setFrom] = useUrlText('from');
  const [to, setTo] = useUrlText('to');
  return (
    <FilterBar end={end}>
      <FilterText label="Find in the lines" />
      <Select aria-label="Level" value={level} onChange={(_, { value }) => setLevel(value)}>
        <option value="">All levels</option>
        {levels.slice(1).map((one) => (
          <option key={one} value={one}>
            {one === 'error' ? 'Errors only' : `${levelWords[one]} and above`}
          </option>
        ))}
      </Select>
      <SourceFilter sources={sources} />
      <Select aria-label="Time" value={range} onChange={(_, { value }) => setRange(value)}>
        {ranges.map(({ value, label }) => (
          <option key={value} value={value}>
            {label}
          </option>
        ))}
      </Select>
      {range === 'custom' && (
        <>
          <Input
            type="datetime-local"
            aria-label="From"
            value={toLocalField(Date.parse(from))}
            onChange={(_, { value }) => setFrom(fromLocalField(value) ?? '')}
          />
          <Input
            type="datetime-local"
            aria-label="To"
            value={toLocalField(Date.parse(to))}
            onChange={(_, { value }) => setTo(fromLocalField(value) ?? '')}
          />
        </>
      )}
    </FilterBar>
  );
}
