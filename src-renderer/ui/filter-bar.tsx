import { Button, Checkbox, Input, Popover, PopoverSurface, PopoverTrigger } from '@fluentui/react-components';
import { SearchRegular } from '@fluentui/react-icons/svg/search';
import { type ReactNode, useEffect, useRef, useState } from 'react';
import { useUrlList, useUrlText } from '../lib/url-state';
import styles from './filter-bar.module.css';

/** One row of filters above a list; everything chosen stands in the address. */
export function FilterBar({ children, end }: { readonly children: ReactNode; readonly end?: ReactNode }) {
  return (
    // biome-ignore lint/a11y/useSemanticElements: <search> is not known to every browser yet
    <div className={styles.bar} role="search">
      {children}
      {end !== undefined && <span className={styles.end}>{end}</span>}
    </div>
  );
}

const typingMs = 200;

/** The text filter (`?q=`); `/` comes here from anywhere on the page. */
export function FilterText({ label, name = 'q' }: { readonly label: string; readonly name?: string }) {
  const [text, setText] = useUrlText(name);
  const [typed, setTyped] = useState(text);
  const input = useRef<HTMLInputElement>(null);
  const told = useRef(text);

  useEffect(() => {
    // The address changed by other means than typing here: back, a link, "clear".
    if (text !== told.current) setTyped(text);
    told.current = text;
  }, [text]);

  useEffect(() => {
    if (typed === told.current) return;
    const timer = setTimeout(() => {
      told.current = typed;
      setText(typed);
    }, typingMs);
    return () => clearTimeout(timer);
  }, [typed, setText]);

  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      const isTyping =
        event.target instanceof Element && event.target.closest('input, textarea, [contenteditable]');
      if (event.key !== '/' || isTyping || event.ctrlKey || event.metaKey || event.altKey) return;
      event.preventDefault();
      input.current?.select();
    };
    document.addEventListener('keydown', onKey);
    return () => document.removeEventListener('keydown', onKey);
  }, []);

  return (
    <Input
      ref={input}
      className={styles.text}
      aria-label={label}
      placeholder={label}
      title="Press / to come here"
      contentBefore={<SearchRegular />}
      value={typed}
      onChange={(_, data) => setTyped(data.value)}
      onKeyDown={(event) => {
        if (event.key === 'Escape' && typed !== '') setTyped('');
      }}
    />
  );
}

export interface FilterOption {
  readonly value: string;
  readonly label: string;
}

/** A chip of a filter with several choices (`?type=sql,python`): "Type: any", or what is chosen with a cross. */
export function FilterChip({
  name,
  label,
  options,
}: {
  /** Its name in the address. */
  readonly name: string;
  readonly label: string;
  readonly options: readonly FilterOption[];
}) {
  const [chosen, setChosen] = useUrlList(name);
  const labels = chosen.map((value) => options.find((option) => option.value === value)?.label ?? value);
  const isOn = chosen.length > 0;
  const toggle = (value: string) =>
    setChosen(chosen.includes(value) ? chosen.filter((each) => each !== value) : [...chosen, value]);
  return (
    <span className={styles.chip} data-on={isOn || undefined}>
      <Popover positioning="below-start">
        <PopoverTrigger disableButtonEnhancement>
          <button type="button" className={styles.open}>
            <span className={styles.words}>
              {label}: {isOn ? labels.join(', ') : 'any'}
            </span>
            {!isOn && <span aria-hidden="true"> ▾</span>}
          </button>
        </PopoverTrigger>
        <PopoverSurface className={styles.options} aria-label={label}>
          {options.length === 0 && <span className={styles.none}>Nothing to choose from yet</span>}
          {options.map(({ value, label: text }) => (
            <Checkbox
              key={value}
              label={text}
              checked={chosen.includes(value)}
              onChange={() => toggle(value)}
            />
          ))}
          {isOn && (
            <Button size="small" appearance="subtle" onClick={() => setChosen([])}>
              Any
            </Button>
          )}
        </PopoverSurface>
      </Popover>
      {isOn && (
        <button
          type="button"
          className={styles.clear}
          aria-label={`Clear filter ${label}`}
          onClick={() => setChosen([])}
        >
          ✕
        </button>
      )}
    </span>
  );
}
