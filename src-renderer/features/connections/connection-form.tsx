import { Field, Input, Radio, RadioGroup, Select, Switch, Textarea } from '@fluentui/react-components';
import { Authentication } from '../../../src-shared/model/connection';
import { EncryptionFields } from '../../ui/encryption-fields';
import type { Draft, Problems } from './connection-draft';
import { loginWords, needsSecret, needsTenant, needsUser, takesClient } from './connection-words';
import styles from './connections.module.css';

interface FormProps {
  readonly draft: Draft;
  readonly problems: Problems;
  readonly isNew: boolean;
  /** A password is stored. */
  readonly hasPassword: boolean;
  readonly isReadOnly: boolean;
  readonly onChange: (part: Partial<Draft>) => void;
}

type TextKey = {
  [K in keyof Draft]: Draft[K] extends string ? (string extends Draft[K] ? K : never) : never;
}[keyof Draft];

function TextField({
  form,
  name,
  label,
  hint,
  required,
  type = 'text',
  placeholder,
}: {
  readonly form: FormProps;
  readonly name: TextKey;
  readonly label: string;
  readonly hint?: string;
  readonly required?: boolean;
  readonly type?: 'text' | 'number' | 'password';
  readonly placeholder?: string;
}) {
  return (
    <Field label={label} hint={hint} required={required} validationMessage={form.problems[name]}>
      <Input
        type={type}
        value={form.draft[name]}
        placeholder={placeholder}
        readOnly={form.isReadOnly}
        autoComplete={type === 'password' ? 'new-password' : 'off'}
        onChange={(_, { value }) => form.onChange({ [name]: value })}
      />
    </Field>
  );
}

/** `Production DB (EU)` -> `production_db_eu`. */
function idOf(name: string): string {
  return name
    .normalize('NFKD')
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '_')
    .replace(/^_+|_+$/g, '')
    .slice(0, 50);
}

function ServerFields({ form }: { readonly form: FormProps }) {
  const { draft, isReadOnly, onChange, hasPassword } = form;
  const { login } = draft;
  return (
    <>
      <div className={styles.pair}>
        <TextField form={form} name="server_name" label="Server" required hint="HOST or HOST\INSTANCE" />
        <TextField form={form} name="port" label="Port" type="number" hint="empty: by name" />
      </div>
      <TextField form={form} name="database_name" label="Database" required />
      <Field label="Login">
        <Select
          value={login}
          disabled={isReadOnly}
          onChange={(_, { value }) => onChange({ login: value as Authentication })}
        >
          {Authentication.options.map((value) => (
            <option key={value} value={value}>
              {loginWords[value]}
            </option>
          ))}
        </Select>
      </Field>
      {needsUser(login) && <TextField form={form} name="username" label="User" required />}
      {needsTenant(login) && <TextField form={form} name="tenant_id" label="Tenant id" />}
      {takesClient(login) && <TextField form={form} name="client_id" label="Client id" />}
      {needsSecret(login) && (
        <TextField
          form={form}
          name="password"
          type="password"
          label={login.endsWith('secret') ? 'Client secret' : 'Password'}
          placeholder={hasPassword ? 'unchanged' : ''}
          hint="Stored encrypted; can’t be read back"
        />
      )}
      <EncryptionFields
        encrypt={draft.encrypt}
        trust={draft.trust_server_certificate}
        isDisabled={isReadOnly}
        carried="queries, results"
        onEncrypt={(encrypt) => onChange({ encrypt })}
        onTrust={(trust_server_certificate) => onChange({ trust_server_certificate })}
      />
      <details className={styles.more}>
        <summary>More</summary>
        <div className={styles.fields}>
          <div className={styles.pair}>
            <TextField form={form} name="connection_timeout" label="Connecting may take (s)" type="number" />
            <TextField form={form} name="command_timeout" label="A query may take (s)" type="number" />
          </div>
          <TextField
            form={form}
            name="max_connections"
            label="Most connections at once"
            type="number"
            hint="empty: 10"
          />
          {login === 'windows' && <TextField form={form} name="driver" label="ODBC driver" />}
        </div>
      </details>
    </>
  );
}

/** The fields of a connection; those that its kind and login do not use are not there. */
export function ConnectionForm(form: FormProps) {
  const { draft, isNew, isReadOnly, onChange } = form;
  const nameField = (
    <Field label="Name" required validationMessage={form.problems.name}>
      <Input
        value={draft.name}
        readOnly={isReadOnly}
        onChange={(_, { value }) => {
          const follows = isNew && draft.connection_id === idOf(draft.name);
          onChange({ name: value, ...(follows ? { connection_id: idOf(value) } : {}) });
        }}
      />
    </Field>
  );
  return (
    <div className={styles.fields}>
      {isNew && (
        <Field label="Kind">
          <RadioGroup
            layout="horizontal"
            value={draft.kind}
            onChange={(_, { value }) => onChange({ kind: value as Draft['kind'] })}
          >
            <Radio value="sqlserver" label="SQL Server" />
            <Radio value="sqlite" label="SQLite file" />
          </RadioGroup>
        </Field>
      )}
      {nameField}
      {isNew ? (
        <TextField
          form={form}
          name="connection_id"
          label="Id"
          required
          hint="How jobs name it; it can’t be changed later"
        />
      ) : (
        <p className={styles.soft}>
          Jobs name it <code>{draft.connection_id}</code>
        </p>
      )}
      {draft.kind === 'sqlserver' ? (
        <ServerFields form={form} />
      ) : (
        <>
          <TextField
            form={form}
            name="database_name"
            label="File"
            required
            hint="A whole path, as the machine of the program sees it"
          />
          <TextField form={form} name="command_timeout" label="A query may take (s)" type="number" />
        </>
      )}
      <Field label="Description" validationMessage={form.problems.description}>
        <Textarea
          value={draft.description}
          readOnly={isReadOnly}
          maxLength={1000}
          onChange={(_, { value }) => onChange({ description: value })}
        />
      </Field>
      <Switch
        label={draft.is_active ? 'In use' : 'Switched off: jobs that use it fail with this reason'}
        checked={draft.is_active}
        disabled={isReadOnly}
        onChange={(_, { checked }) => onChange({ is_active: checked })}
      />
    </div>
  );
}
