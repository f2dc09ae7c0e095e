import { Field, Input, Radio, RadioGroup, Select, Textarea } from '@fluentui/react-components';
import { EncryptionFields } from '../../../ui/encryption-fields';
import styles from './store.module.css';
import type { DraftProblems, StoreDraft } from './store-draft';

interface FormProps {
  readonly draft: StoreDraft;
  readonly problems: DraftProblems;
  readonly isDisabled: boolean;
  readonly onChange: (part: Partial<StoreDraft>) => void;
}

type TextKey = 'server' | 'port' | 'database' | 'username' | 'password';

function TextField({
  form: { draft, problems, isDisabled, onChange },
  name,
  label,
  hint,
}: {
  readonly form: FormProps;
  readonly name: TextKey;
  readonly label: string;
  readonly hint?: string;
}) {
  const isPassword = name === 'password';
  return (
    <Field label={label} hint={hint} validationMessage={problems[name]}>
      <Input
        type={isPassword ? 'password' : 'text'}
        inputMode={name === 'port' ? 'numeric' : undefined}
        value={draft[name]}
        disabled={isDisabled}
        autoComplete={isPassword ? 'new-password' : 'off'}
        spellCheck={false}
        onChange={(_, { value }) => onChange({ [name]: value })}
      />
    </Field>
  );
}

/** Which SQL Server, and who logs in: single fields, or a connection string as ODBC writes it. */
export function ServerForm(form: FormProps) {
  const { draft, problems, isDisabled, onChange } = form;
  return (
    <>
      <Field label="Given as">
        <RadioGroup
          layout="horizontal"
          value={draft.way}
          disabled={isDisabled}
          onChange={(_, { value }) => onChange({ way: value as StoreDraft['way'] })}
        >
          <Radio value="fields" label="Fields" />
          <Radio value="string" label="ODBC connection string" />
        </RadioGroup>
      </Field>
      {draft.way === 'string' ? (
        <Field
          label="Connection string"
          hint="DRIVER={ODBC Driver 17 for SQL Server};SERVER=HOST\INSTANCE;DATABASE=name;Trusted_Connection=yes"
          validationMessage={problems.connection_string}
        >
          <Textarea
            value={draft.connection_string}
            disabled={isDisabled}
            spellCheck={false}
            rows={4}
            onChange={(_, { value }) => onChange({ connection_string: value })}
          />
        </Field>
      ) : (
        <>
          <div className={styles.pair}>
            <TextField form={form} name="server" label="Server" hint="HOST or HOST\INSTANCE" />
            <TextField form={form} name="port" label="Port" hint="empty: by name" />
          </div>
          <TextField
            form={form}
            name="database"
            label="Database"
            hint="It exists already; the tables are made"
          />
          <Field label="Login">
            <Select
              value={draft.login}
              disabled={isDisabled}
              onChange={(_, { value }) => onChange({ login: value as StoreDraft['login'] })}
            >
              <option value="sql">SQL Server login (user and password)</option>
              <option value="windows">Windows login (the account this program runs as)</option>
            </Select>
          </Field>
          {draft.login === 'sql' && (
            <div className={styles.halves}>
              <TextField form={form} name="username" label="User" />
              <TextField
                form={form}
                name="password"
                label="Password"
                hint="Kept sealed; can’t be read back"
              />
            </div>
          )}
          <EncryptionFields
            encrypt={draft.encrypt}
            trust={draft.trust}
            isDisabled={isDisabled}
            carried="jobs, results"
            onEncrypt={(encrypt) => onChange({ encrypt })}
            onTrust={(trust) => onChange({ trust })}
          />
        </>
      )}
    </>
  );
}
