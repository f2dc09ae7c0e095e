import { Button, Field, Input, Select, Switch, Textarea } from '@fluentui/react-components';
import { type JsonSchema, shapesOf } from '../document/job-schema';
import { isDict } from '../document/read-job-text';
import { ConnectionField } from './connection-field';
import styles from './form.module.css';

/** `script_path` as a label. */
export function labelOf(key: string): string {
  const words = key.replaceAll('_', ' ');
  return words.charAt(0).toUpperCase() + words.slice(1);
}

type FieldKind = 'switch' | 'choice' | 'number' | 'text' | 'list' | 'mapping' | 'other';

function kindOf(schema: JsonSchema, value: unknown): FieldKind {
  const shapes = shapesOf(schema);
  const types = shapes.map((shape) => String(shape.type));
  if (Array.isArray(value)) return value.every((one) => typeof one !== 'object') ? 'list' : 'other';
  if (isDict(value))
    return Object.values(value).every((one) => typeof one !== 'object') ? 'mapping' : 'other';
  if (shapes.some((shape) => shape.enum) && shapes.length === 1) return 'choice';
  if (types.includes('array')) return 'list';
  if (types.includes('object')) return 'mapping';
  if (types.includes('boolean') && types.length === 1) return 'switch';
  if (types.every((type) => type === 'number' || type === 'integer')) return 'number';
  return types.includes('string') ? 'text' : 'other';
}

const asLines = (value: unknown): string => (Array.isArray(value) ? value.map(String).join('\n') : '');
const linesOf = (text: string): string[] => text.replace(/\n$/, '').split('\n');
const asPairs = (value: unknown): string =>
  isDict(value)
    ? Object.entries(value)
        .map(([key, child]) => `${key}=${String(child)}`)
        .join('\n')
    : '';

function pairsOf(text: string): Record<string, string> {
  const pairs = linesOf(text).map((line): [string, string] => {
    const at = line.indexOf('=');
    return at < 0 ? [line.trim(), ''] : [line.slice(0, at).trim(), line.slice(at + 1)];
  });
  return Object.fromEntries(pairs.filter(([key]) => key !== ''));
}

export interface TypeFieldProps {
  readonly name: string;
  readonly schema: JsonSchema;
  readonly value: unknown;
  /** The key holds code and has a tab of its own. */
  readonly onOpenCode?: () => void;
  readonly isReadOnly: boolean;
  readonly onValue: (value: unknown) => void;
}

/** One of a type's own keys, drawn as its schema says. */
export function TypeField(props: TypeFieldProps) {
  const { name, schema, value, onOpenCode, isReadOnly, onValue } = props;
  const label = labelOf(name);
  const hint = schema.description;
  if (onOpenCode) {
    const lines =
      typeof value === 'string' && value !== '' ? value.replace(/\n+$/, '').split('\n').length : 0;
    return (
      <Field label={label} hint={hint}>
        <Button onClick={onOpenCode}>
          {lines === 0
            ? 'Write it in its tab'
            : `Open its tab (${lines === 1 ? '1 line' : `${lines} lines`})`}
        </Button>
      </Field>
    );
  }
  if (name === 'connection') return <ConnectionField {...{ value, isReadOnly, onValue }} />;
  switch (kindOf(schema, value)) {
    case 'switch':
      return (
        <Switch
          label={label}
          checked={value === true}
          disabled={isReadOnly}
          onChange={(_, { checked }) => onValue(checked ? true : undefined)}
        />
      );
    case 'choice':
      return (
        <Field label={label} hint={hint}>
          <Select
            value={typeof value === 'string' ? value : ''}
            disabled={isReadOnly}
            onChange={(_, data) => onValue(data.value === '' ? undefined : data.value)}
          >
            <option value="">(not set)</option>
            {(shapesOf(schema)[0]?.enum ?? []).map((one) => (
              <option key={String(one)}>{String(one)}</option>
            ))}
          </Select>
        </Field>
      );
    case 'number':
      return (
        <Field label={label} hint={hint}>
          <Input
            type="number"
            value={value === undefined || value === null ? '' : String(value)}
            readOnly={isReadOnly}
            onChange={(_, data) => onValue(data.value === '' ? undefined : Number(data.value))}
          />
        </Field>
      );
    case 'text':
      return (
        <Field label={label} hint={hint}>
          <Input
            className={styles.mono}
            value={value === undefined || value === null ? '' : String(value)}
            readOnly={isReadOnly}
            onChange={(_, data) => onValue(data.value === '' ? undefined : data.value)}
          />
        </Field>
      );
    case 'list':
      return (
        <Field label={label} hint={hint ?? 'one a line'}>
          <Textarea
            className={styles.mono}
            resize="vertical"
            value={asLines(value)}
            readOnly={isReadOnly}
            onChange={(_, data) => onValue(data.value === '' ? undefined : linesOf(data.value))}
          />
        </Field>
      );
    case 'mapping':
      return (
        <Field label={label} hint={hint ?? 'name=value, one a line'}>
          <Textarea
            className={styles.mono}
            resize="vertical"
            defaultValue={asPairs(value)}
            readOnly={isReadOnly}
            onBlur={({ target }) => {
              const pairs = pairsOf(target.value);
              if (target.value !== asPairs(value))
                onValue(Object.keys(pairs).length === 0 ? undefined : pairs);
            }}
          />
        </Field>
      );
    case 'other':
      return (
        <Field label={label}>
          <p className={styles.note}>Says more than this form can show; change it in the YAML.</p>
        </Field>
      );
  }
}
