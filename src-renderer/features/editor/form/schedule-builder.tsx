import { Field, Input, Select, ToggleButton } from '@fluentui/react-components';
import { useId } from 'react';
import { weekdayNames } from '../../../../src-shared/schedule/cron-field';
import styles from './form.module.css';
import {
  type IntervalUnit,
  intervalUnits,
  type PathEdit,
  type ScheduleShape,
  scheduleEdits,
  shapeOf,
  zoneIn,
  zonePath,
} from './schedule-shape';

/** Kinds in the order they are offered, with what a new one begins as. */
const starts: readonly (readonly [label: string, shape: () => ScheduleShape])[] = [
  ['By hand only', () => ({ kind: 'none' })],
  ['Every few minutes', () => ({ kind: 'minutes', every: 15 })],
  ['Every hour', () => ({ kind: 'hourly', minute: 0 })],
  ['Every day', () => ({ kind: 'daily', time: '07:00' })],
  ['On weekdays', () => ({ kind: 'weekly', days: weekdayNames.slice(0, 5), time: '07:00' })],
  ['Every month', () => ({ kind: 'monthly', day: '1', time: '07:00' })],
  ['At an interval', () => ({ kind: 'interval', count: 6, unit: 'hours' })],
  ['Once', () => ({ kind: 'date', at: tomorrow() })],
  ['Crontab line', () => ({ kind: 'crontab', expression: '0 7 * * 1-5' })],
];

function tomorrow(): string {
  const day = new Date(Date.now() + 86_400_000);
  const pad = (value: number) => String(value).padStart(2, '0');
  return `${day.getFullYear()}-${pad(day.getMonth() + 1)}-${pad(day.getDate())} 07:00:00`;
}

const dayLabels: Readonly<Record<string, string>> = {
  mon: 'Mon',
  tue: 'Tue',
  wed: 'Wed',
  thu: 'Thu',
  fri: 'Fri',
  sat: 'Sat',
  sun: 'Sun',
};

const zones = Intl.supportedValuesOf('timeZone');

interface Props {
  readonly schedule: unknown;
  readonly defaultZone: string | undefined;
  readonly isReadOnly: boolean;
  readonly onEdit: (edits: readonly PathEdit[]) => void;
}

/** Builds a `schedule:` by choosing; what it can't show it leaves to the text. */
export function ScheduleBuilder({ schedule, defaultZone, isReadOnly, onEdit }: Props) {
  const shape = shapeOf(schedule);
  const zoneList = useId();
  const change = (next: ScheduleShape) => onEdit(scheduleEdits(schedule, next));
  return (
    <>
      <Field label="Runs">
        <Select
          value={shape.kind}
          disabled={isReadOnly}
          onChange={(_, { value }) => {
            const start = starts.map(([, make]) => make()).find(({ kind }) => kind === value);
            if (start) change(start);
          }}
        >
          {starts.map(([label, make]) => (
            <option key={label} value={make().kind}>
              {label}
            </option>
          ))}
          {shape.kind === 'other' && <option value="other">As written in the YAML</option>}
        </Select>
      </Field>
      <Details {...{ shape, isReadOnly, change }} />
      {shape.kind !== 'none' && zonePath(schedule).length > 0 && (
        <Field label="Time zone">
          <Input
            value={zoneIn(schedule)}
            placeholder={defaultZone ? `${defaultZone} (default)` : "the program's"}
            list={zoneList}
            readOnly={isReadOnly}
            onChange={(_, { value }) =>
              onEdit([[zonePath(schedule), value.trim() === '' ? undefined : value]])
            }
          />
        </Field>
      )}
      <datalist id={zoneList}>
        {zones.map((zone) => (
          <option key={zone} value={zone} />
        ))}
      </datalist>
    </>
  );
}

interface DetailsProps {
  readonly shape: ScheduleShape;
  readonly isReadOnly: boolean;
  readonly change: (shape: ScheduleShape) => void;
}

function TimeField({
  time,
  isReadOnly,
  onTime,
}: {
  readonly time: string;
  readonly isReadOnly: boolean;
  readonly onTime: (time: string) => void;
}) {
  return (
    <Field label="At">
      <Input
        type="time"
        value={time}
        readOnly={isReadOnly}
        onChange={(_, { value }) => value && onTime(value)}
      />
    </Field>
  );
}

function NumberField(props: {
  readonly label: string;
  readonly value: number;
  readonly min: number;
  readonly max: number;
  readonly isReadOnly: boolean;
  readonly onNumber: (value: number) => void;
}) {
  const { label, value, min, max, isReadOnly, onNumber } = props;
  return (
    <Field label={label}>
      <Input
        type="number"
        value={String(value)}
        min={min}
        max={max}
        readOnly={isReadOnly}
        onChange={(_, data) => {
          const number = Number(data.value);
          if (data.value !== '' && Number.isInteger(number) && number >= min && number <= max)
            onNumber(number);
        }}
      />
    </Field>
  );
}

function Details({ shape, isReadOnly, change }: DetailsProps) {
  switch (shape.kind) {
    case 'minutes':
      return (
        <NumberField
          label="Every … minutes, on the hour's grid"
          value={shape.every}
          {...{ min: 1, max: 59, isReadOnly }}
          onNumber={(every) => change({ ...shape, every })}
        />
      );
    case 'hourly':
      return (
        <NumberField
          label="At minute"
          value={shape.minute}
          {...{ min: 0, max: 59, isReadOnly }}
          onNumber={(minute) => change({ ...shape, minute })}
        />
      );
    case 'daily':
      return (
        <TimeField time={shape.time} isReadOnly={isReadOnly} onTime={(time) => change({ ...shape, time })} />
      );
    case 'weekly':
      return (
        <>
          <fieldset className={styles.days}>
            <legend>Days</legend>
            {weekdayNames.map((day) => (
              <ToggleButton
                key={day}
                size="small"
                checked={shape.days.includes(day)}
                disabled={isReadOnly}
                onClick={() => {
                  const days = shape.days.includes(day)
                    ? shape.days.filter((one) => one !== day)
                    : [...shape.days, day];
                  if (days.length > 0) change({ ...shape, days });
                }}
              >
                {dayLabels[day]}
              </ToggleButton>
            ))}
          </fieldset>
          <TimeField
            time={shape.time}
            isReadOnly={isReadOnly}
            onTime={(time) => change({ ...shape, time })}
          />
        </>
      );
    case 'monthly':
      return (
        <>
          <Field label="On day">
            <Select
              value={shape.day}
              disabled={isReadOnly}
              onChange={(_, { value }) => change({ ...shape, day: value })}
            >
              {Array.from({ length: 31 }, (_, index) => String(index + 1)).map((day) => (
                <option key={day}>{day}</option>
              ))}
              <option value="last">the last</option>
            </Select>
          </Field>
          <TimeField
            time={shape.time}
            isReadOnly={isReadOnly}
            onTime={(time) => change({ ...shape, time })}
          />
        </>
      );
    case 'interval':
      return (
        <div className={styles.pair}>
          <NumberField
            label="Every"
            value={shape.count}
            {...{ min: 1, max: 100_000, isReadOnly }}
            onNumber={(count) => change({ ...shape, count })}
          />
          <Field label="Unit">
            <Select
              value={shape.unit}
              disabled={isReadOnly}
              onChange={(_, { value }) => change({ ...shape, unit: value as IntervalUnit })}
            >
              {intervalUnits.map((unit) => (
                <option key={unit}>{unit}</option>
              ))}
            </Select>
          </Field>
        </div>
      );
    case 'date':
      return (
        <Field label="On">
          <Input
            type="datetime-local"
            step={1}
            value={shape.at.replace(' ', 'T').slice(0, 19)}
            readOnly={isReadOnly}
            onChange={(_, { value }) => value && change({ ...shape, at: value.replace('T', ' ') })}
          />
        </Field>
      );
    case 'crontab':
      return (
        <Field label="Minute, hour, day, month, weekday">
          <Input
            className={styles.mono}
            value={shape.expression}
            readOnly={isReadOnly}
            onChange={(_, { value }) => change({ ...shape, expression: value })}
          />
        </Field>
      );
    case 'other':
      return (
        <p className={styles.note}>This schedule says more than this form can show; change it in the YAML.</p>
      );
    case 'none':
      return null;
  }
}
