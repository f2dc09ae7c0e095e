import { Field, Select } from '@fluentui/react-components';
import { isDict } from '../document/read-job-text';
import { useConnections } from '../use-connections';
import styles from './form.module.css';

/** `connection:` by choosing a saved one; what is written out in the text stays there. */
export function ConnectionField({
  value,
  isReadOnly,
  onValue,
}: {
  readonly value: unknown;
  readonly isReadOnly: boolean;
  readonly onValue: (value: unknown) => void;
}) {
  const connections = useConnections();
  const chosen = isDict(value) && typeof value.connection_id === 'string' ? value.connection_id : '';
  const isInline = isDict(value) && chosen === '';
  const isKnown = connections.some(({ connection_id }) => connection_id === chosen);
  return (
    <Field label="Connection">
      <Select
        value={isInline ? ' inline' : chosen}
        disabled={isReadOnly}
        onChange={(_, data) => {
          if (data.value !== ' inline')
            onValue(data.value === '' ? undefined : { connection_id: data.value });
        }}
      >
        <option value="">(choose one)</option>
        {isInline && <option value=" inline">As written in the YAML</option>}
        {chosen !== '' && !isKnown && <option value={chosen}>{chosen} (not saved)</option>}
        {connections.map(({ connection_id, name }) => (
          <option key={connection_id} value={connection_id}>
            {name}
          </option>
        ))}
      </Select>
      {isInline && (
        <p className={styles.note}>Choosing a saved connection replaces what the text says of the server.</p>
      )}
    </Field>
  );
}
