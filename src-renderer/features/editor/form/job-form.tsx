import { Field, Input, Select, Switch, Textarea } from '@fluentui/react-components';
import { readList, writeList } from '../../../lib/list-text';
import { EmptyState } from '../../../ui/states';
import { jobSchema } from '../document/job-schema';
import type { JobTypeInfo } from '../document/read-job-text';
import { useEditor } from '../editor-store';
import styles from './form.module.css';
import { NotificationFields } from './notification-fields';
import { ScheduleBuilder } from './schedule-builder';
import { TypeField } from './type-fields';

const text = (value: unknown): string =>
  typeof value === 'string' || typeof value === 'number' ? String(value) : '';
const given = (value: string): string | undefined => (value === '' ? undefined : value);

/** `yes` and its like, as old files have them. */
const isOn = (value: unknown): boolean =>
  value === undefined || value === true || /^(true|yes|on)$/i.test(String(value));

/** The keys most jobs need, as fields. Every change is a change of the text, which keeps all it does not touch. */
export function JobForm({
  isReadOnly,
  onOpenCode,
}: {
  readonly isReadOnly: boolean;
  readonly onOpenCode: (key: string) => void;
}) {
  const { reading, opened, edit } = useEditor();
  const { job } = reading;
  if (reading.isBroken || !job) {
    return (
      <EmptyState title="The text can't be read at the moment" isSmall>
        The form comes back when the problem shown under the editor is mended.
      </EmptyState>
    );
  }
  const types = opened?.types ?? [];
  const saved = opened?.job;
  const idKey = 'job_id' in job ? 'job_id' : 'id';
  const typeKey = 'job_type' in job ? 'job_type' : 'type';
  const tags = Array.isArray(job.tags) ? job.tags.map(String) : [];
  return (
    <div className={styles.form}>
      <Field label="Name">
        <Input
          value={text(job.name)}
          readOnly={isReadOnly}
          onChange={(_, { value }) => edit(['name'], given(value))}
        />
      </Field>
      <div className={styles.pair}>
        <Field label="Id" hint={saved ? 'stays for good' : undefined}>
          <Input
            className={styles.mono}
            value={text(job[idKey])}
            readOnly={isReadOnly || saved !== undefined}
            onChange={(_, { value }) => edit([idKey], given(value))}
          />
        </Field>
        <Field label="Type">
          <Select
            value={reading.type}
            disabled={isReadOnly}
            onChange={(_, { value }) => edit([typeKey], value)}
          >
            {!types.some(({ type }) => type === reading.type) && <option>{reading.type}</option>}
            {types.map(({ type, label }) => (
              <option key={type} value={type}>
                {label}
              </option>
            ))}
          </Select>
        </Field>
      </div>
      <Switch
        label={isOn(job.enabled) ? 'Enabled' : 'Disabled: runs only by hand'}
        checked={isOn(job.enabled)}
        disabled={isReadOnly}
        onChange={(_, { checked }) => edit(['enabled'], checked)}
      />
      <Field label="Description">
        <Textarea
          value={text(job.description)}
          resize="vertical"
          readOnly={isReadOnly}
          onChange={(_, { value }) => edit(['description'], given(value))}
        />
      </Field>
      <TagsField {...{ tags, isReadOnly }} onTags={(next) => edit(['tags'], next)} />
      <h3>Schedule</h3>
      <ScheduleBuilder
        schedule={job.schedule}
        defaultZone={saved?.effective.timezone}
        isReadOnly={isReadOnly}
        onEdit={(edits) => {
          for (const [path, value] of edits) edit(path, value);
        }}
      />
      <OwnFields {...{ types, isReadOnly, onOpenCode }} />
      <h3>Limits</h3>
      <div className={styles.pair}>
        {limits.map(([key, label]) => (
          <Field key={key} label={label}>
            <Input
              type="number"
              min={0}
              value={text(job[key])}
              placeholder={saved ? `${String(saved.effective[key])} (default)` : 'default'}
              readOnly={isReadOnly}
              onChange={(_, { value }) => edit([key], value === '' ? undefined : Number(value))}
            />
          </Field>
        ))}
      </div>
      <NotificationFields {...{ job, isReadOnly, edit }} />
    </div>
  );
}

const limits = [
  ['timeout', 'Time limit, seconds'],
  ['max_retries', 'Retries'],
  ['retry_delay', 'Seconds between'],
  ['max_instances', 'At once'],
] as const;

function TagsField({
  tags,
  isReadOnly,
  onTags,
}: {
  readonly tags: readonly string[];
  readonly isReadOnly: boolean;
  readonly onTags: (tags: readonly string[] | undefined) => void;
}) {
  const written = writeList(tags);
  return (
    <Field label="Tags" hint="separated by commas">
      <Input
        // What is typed is taken in when the field is left: a comma is no tag yet.
        key={written}
        defaultValue={written}
        readOnly={isReadOnly}
        onBlur={({ target }) => {
          const next = readList(target.value);
          if (writeList(next) !== written) onTags(next.length === 0 ? undefined : next);
        }}
      />
    </Field>
  );
}

/** The keys of the job's type that it names as the first to fill in. */
function OwnFields({
  types,
  isReadOnly,
  onOpenCode,
}: {
  readonly types: readonly JobTypeInfo[];
  readonly isReadOnly: boolean;
  readonly onOpenCode: (key: string) => void;
}) {
  const { reading, edit } = useEditor();
  const type = types.find((one) => one.type === reading.type);
  if (!type || type.editor.primary.length === 0) return null;
  const { properties = {} } = jobSchema(types, type.type);
  return (
    <>
      <h3>{type.label}</h3>
      {type.editor.primary.map((key) => (
        <TypeField
          key={key}
          name={key}
          schema={properties[key] ?? {}}
          value={reading.job?.[key]}
          isReadOnly={isReadOnly}
          {...(key in type.editor.code ? { onOpenCode: () => onOpenCode(key) } : {})}
          onValue={(value) => edit([key], value)}
        />
      ))}
    </>
  );
}
