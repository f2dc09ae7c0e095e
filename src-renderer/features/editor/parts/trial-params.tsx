import { Field, Input, Select } from '@fluentui/react-components';
import { type JobParam, JobParams, type ParamValues } from '../../../../src-shared/model/params';
import { useEditor } from '../editor-store';
import { useTestRun } from '../test-run-store';
import styles from './test-run-panel.module.css';

function typedValue(param: JobParam, text: string): string | number | boolean {
  if (param.type === 'integer' || param.type === 'number') return Number(text);
  if (param.type === 'boolean') return text === 'true';
  return text;
}

/** What was typed for the params of the text; those left empty keep their defaults. */
export function trialParams(job: unknown, typed: Readonly<Record<string, string>>): ParamValues {
  const definitions = JobParams.safeParse(job);
  if (!definitions.success) return {};
  return Object.fromEntries(
    Object.entries(definitions.data)
      .filter(([name]) => (typed[name] ?? '') !== '')
      .map(([name, param]) => [name, typedValue(param, typed[name] ?? '')]),
  );
}

/** The params of the text as fields; nothing when it has none. */
export function TrialParams() {
  const definitions = JobParams.safeParse(useEditor((state) => state.reading.job?.params));
  const { typed, type } = useTestRun();
  if (!definitions.success || Object.keys(definitions.data).length === 0) return null;
  return (
    <div className={styles.params}>
      {Object.entries(definitions.data).map(([name, param]) => {
        const choices = param.type === 'boolean' ? [true, false] : param.choices;
        const fallback = param.default === undefined ? '' : `${String(param.default)} (default)`;
        return (
          <Field key={name} label={name} hint={param.description} required={param.required}>
            {choices ? (
              <Select value={typed[name] ?? ''} onChange={(_, { value }) => type(name, value)}>
                <option value="">{fallback}</option>
                {choices.map((choice) => (
                  <option key={String(choice)}>{String(choice)}</option>
                ))}
              </Select>
            ) : (
              <Input
                value={typed[name] ?? ''}
                placeholder={fallback}
                onChange={(_, { value }) => type(name, value)}
              />
            )}
          </Field>
        );
      })}
    </div>
  );
}
