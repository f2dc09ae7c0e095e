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
import { create } from 'zustand';
import type { JobDetail } from '../../../../src-shared/model/job';
import { type JobParam, JobParams } from '../../../../src-shared/model/params';
import { api, errorText } from '../../../lib/api';
import { confirm } from '../../../ui/confirm';
import { attempt, notify } from '../../../ui/toasts';
import styles from './job-page.module.css';

interface Asked {
  readonly job: JobDetail;
  readonly params: JobParams;
  readonly onStarted: (execution_id: string) => void;
}

const useRun = create<{ readonly asked: Asked | undefined }>(() => ({ asked: undefined }));

function paramsOf(job: JobDetail): JobParams | undefined {
  const parsed = JobParams.safeParse(job.params);
  return parsed.success && Object.keys(parsed.data).length > 0 ? parsed.data : undefined;
}

/** Runs a job: at once, or after asking for its params; a disabled one only when that is meant. */
export async function startRun(job: JobDetail, onStarted: (execution_id: string) => void): Promise<void> {
  const params = paramsOf(job);
  if (params) {
    useRun.setState({ asked: { job, params, onStarted } });
    return;
  }
  const isMeant =
    job.enabled ||
    (await confirm({
      title: `Run “${job.name}” although it is disabled?`,
      text: 'It runs this once, and stays disabled.',
      action: 'Run it once',
    }));
  if (!isMeant) return;
  await attempt(
    () => api.jobs.run({ params: { job_id: job.job_id }, body: job.enabled ? {} : { force: true } }),
    ({ message, execution_id }) => ({
      kind: 'success',
      text: message,
      action: { text: 'Open', run: () => onStarted(execution_id) },
    }),
  );
}

export function RunDialog() {
  const { asked } = useRun();
  const close = () => useRun.setState({ asked: undefined });
  return (
    <Dialog open={asked !== undefined} onOpenChange={(_, { open }) => !open && close()}>
      <DialogSurface>{asked && <RunBody asked={asked} onClose={close} />}</DialogSurface>
    </Dialog>
  );
}

type Values = Readonly<Record<string, string | boolean>>;

/** A default as the field shows it; one that is computed at the run is left to the program. */
function initialOf({ type, default: preset }: JobParam): string | boolean {
  if (type === 'boolean') return preset === true || preset === 'true';
  const text = preset === undefined ? '' : String(preset);
  return text.includes('{{') ? '' : text;
}

/** What is sent: numbers as numbers; a field left empty keeps its default. */
export function runValues(params: JobParams, values: Values): Record<string, string | number | boolean> {
  const sent: Record<string, string | number | boolean> = {};
  for (const [name, { type }] of Object.entries(params)) {
    const value = values[name];
    if (value === undefined || value === '') continue;
    const isNumber = (type === 'integer' || type === 'number') && !Number.isNaN(Number(value));
    sent[name] = isNumber ? Number(value) : value;
  }
  return sent;
}

function RunBody({ asked, onClose }: { readonly asked: Asked; readonly onClose: () => void }) {
  const { job, params, onStarted } = asked;
  const [values, setValues] = useState<Values>(() =>
    Object.fromEntries(Object.entries(params).map(([name, param]) => [name, initialOf(param)])),
  );
  const [problem, setProblem] = useState('');
  const run = async () => {
    setProblem('');
    try {
      const { message, execution_id } = await api.jobs.run({
        params: { job_id: job.job_id },
        body: { params: runValues(params, values), ...(job.enabled ? {} : { force: true }) },
      });
      notify({
        kind: 'success',
        text: message,
        action: { text: 'Open', run: () => onStarted(execution_id) },
      });
      onClose();
    } catch (error) {
      setProblem(errorText(error));
    }
  };
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        void run();
      }}
    >
      <DialogBody>
        <DialogTitle>Run “{job.name}”</DialogTitle>
        <DialogContent className={styles.fields}>
          {!job.enabled && <p>It is disabled: it runs this once, and stays disabled.</p>}
          {Object.entries(params).map(([name, param]) => (
            <ParamField
              key={name}
              name={name}
              param={param}
              value={values[name] ?? ''}
              onChange={(value) => setValues((all) => ({ ...all, [name]: value }))}
            />
          ))}
          {problem !== '' && (
            <p role="alert" className={styles.problem}>
              {problem}
            </p>
          )}
        </DialogContent>
        <DialogActions>
          <Button appearance="primary" type="submit">
            {job.enabled ? 'Run' : 'Run it once'}
          </Button>
          <Button onClick={onClose}>Cancel</Button>
        </DialogActions>
      </DialogBody>
    </form>
  );
}

function ParamField({
  name,
  param,
  value,
  onChange,
}: {
  readonly name: string;
  readonly param: JobParam;
  readonly value: string | boolean;
  readonly onChange: (value: string | boolean) => void;
}) {
  const preset = param.default === undefined ? '' : String(param.default);
  const hint = [param.description, preset.includes('{{') ? `left empty: ${preset}` : '']
    .filter(Boolean)
    .join('; ');
  if (param.type === 'boolean')
    return (
      <Checkbox
        label={param.description ? `${name}: ${param.description}` : name}
        checked={value === true}
        onChange={(_, { checked }) => onChange(checked === true)}
      />
    );
  return (
    <Field label={name} required={param.required} hint={hint || undefined}>
      {param.type === 'choice' && param.choices ? (
        <Select value={String(value)} onChange={(_, data) => onChange(data.value)}>
          {(!param.required || value === '') && <option value="" />}
          {param.choices.map((choice) => (
            <option key={String(choice)} value={String(choice)}>
              {String(choice)}
            </option>
          ))}
        </Select>
      ) : (
        <Input
          type={
            { integer: 'number', number: 'number', date: 'date' }[param.type as string] as 'text' | undefined
          }
          step={param.type === 'number' ? 'any' : undefined}
          value={String(value)}
          onChange={(_, data) => onChange(data.value)}
        />
      )}
    </Field>
  );
}
