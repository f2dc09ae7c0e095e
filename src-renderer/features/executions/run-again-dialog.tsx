import {
  Button,
  Checkbox,
  Dialog,
  DialogActions,
  DialogBody,
  DialogContent,
  DialogSurface,
  DialogTitle,
  Field,
  Input,
  Select,
} from '@fluentui/react-components';
import { useState } from 'react';
import type { JobParam, JobParams, ParamValues } from '../../../src-shared/model/params';
import styles from './execution.module.css';

type Value = string | number | boolean;

/** What a field holds, as the API wants it; an empty one is left out and keeps its default. */
function valuesOf(params: JobParams, typed: Readonly<Record<string, Value>>): ParamValues {
  const values: Record<string, Value> = {};
  for (const [name, { type }] of Object.entries(params)) {
    const value = typed[name];
    if (value === undefined || value === '') continue;
    const isNumber = (type === 'integer' || type === 'number') && Number.isFinite(Number(value));
    values[name] = isNumber ? Number(value) : value;
  }
  return values;
}

function ParamField({
  name,
  param,
  value,
  onChange,
}: {
  readonly name: string;
  readonly param: JobParam;
  readonly value: Value | undefined;
  readonly onChange: (value: Value) => void;
}) {
  const hint = [param.description, param.default === undefined ? '' : `default: ${String(param.default)}`]
    .filter(Boolean)
    .join(' · ');
  if (param.type === 'boolean')
    return (
      <Checkbox
        label={name}
        title={hint}
        checked={value === true}
        onChange={(_, data) => onChange(data.checked === true)}
      />
    );
  return (
    <Field label={name} hint={hint} required={param.required}>
      {param.choices ? (
        <Select value={String(value ?? '')} onChange={(_, data) => onChange(data.value)}>
          {value === undefined && <option value="">(default)</option>}
          {param.choices.map((choice) => (
            <option key={String(choice)}>{String(choice)}</option>
          ))}
        </Select>
      ) : (
        <Input
          value={String(value ?? '')}
          type={
            param.type === 'date'
              ? 'date'
              : param.type === 'integer' || param.type === 'number'
                ? 'number'
                : 'text'
          }
          onChange={(_, data) => onChange(data.value)}
        />
      )}
    </Field>
  );
}

/** Asks for the params of another run; they begin as this run had them. */
export function RunAgainDialog({
  name,
  params,
  given,
  onRun,
  onClose,
}: {
  readonly name: string;
  readonly params: JobParams;
  readonly given: ParamValues;
  readonly onRun: (values: ParamValues) => void;
  readonly onClose: () => void;
}) {
  const [typed, setTyped] = useState<Readonly<Record<string, Value>>>(given);
  return (
    <Dialog open onOpenChange={(_, data) => !data.open && onClose()}>
      <DialogSurface>
        <form
          onSubmit={(event) => {
            event.preventDefault();
            onRun(valuesOf(params, typed));
          }}
        >
          <DialogBody>
            <DialogTitle>Run {name} again</DialogTitle>
            <DialogContent className={styles.form}>
              {Object.entries(params).map(([param, definition]) => (
                <ParamField
                  key={param}
                  name={param}
                  param={definition}
                  value={typed[param]}
                  onChange={(value) => setTyped({ ...typed, [param]: value })}
                />
              ))}
            </DialogContent>
            <DialogActions>
              <Button appearance="primary" type="submit">
                Run
              </Button>
              <Button onClick={onClose}>Cancel</Button>
            </DialogActions>
          </DialogBody>
        </form>
      </DialogSurface>
    </Dialog>
  );
}
