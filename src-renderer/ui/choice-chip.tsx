import { Popover, PopoverSurface, PopoverTrigger, Radio, RadioGroup } from '@fluentui/react-components';
import { type ReactNode, useState } from 'react';
import type { FilterOption } from './filter-bar';
import styles from './filter-bar.module.css';

/** A chip of a filter with one choice out of many: "Time: any", or what is chosen with a cross. */
export function ChoiceChip({
  label,
  value,
  options,
  any = 'any',
  onChange,
  children,
}: {
  readonly label: string;
  /** '' for none. */
  readonly value: string;
  readonly options: readonly FilterOption[];
  readonly any?: string;
  readonly onChange: (value: string) => void;
  /** More below the choices, e.g. fields for one's own. */
  readonly children?: ReactNode;
}) {
  const [isOpen, setOpen] = useState(false);
  const chosen = options.find((option) => option.value === value)?.label ?? value;
  const isOn = value !== '';
  return (
    <span className={styles.chip} data-on={isOn || undefined}>
      <Popover positioning="below-start" open={isOpen} onOpenChange={(_, data) => setOpen(data.open)}>
        <PopoverTrigger disableButtonEnhancement>
          <button type="button" className={styles.open}>
            <span className={styles.words} dir="auto">
              {label}: {isOn ? chosen : any}
            </span>
            {!isOn && <span aria-hidden="true"> ▾</span>}
          </button>
        </PopoverTrigger>
        <PopoverSurface className={styles.options} aria-label={label}>
          <RadioGroup aria-label={label} value={value} onChange={(_, data) => onChange(data.value)}>
            <Radio value="" label={any} />
            {options.map((option) => (
              <Radio key={option.value} value={option.value} label={option.label} />
            ))}
          </RadioGroup>
          {children}
        </PopoverSurface>
      </Popover>
      {isOn && (
        <button
          type="button"
          className={styles.clear}
          aria-label={`Clear filter ${label}`}
          onClick={() => onChange('')}
        >
          ✕
        </button>
      )}
    </span>
  );
}
