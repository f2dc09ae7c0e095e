import { Button, Field, Input, Select } from '@fluentui/react-components';
import { ChannelName, type RecipientList } from '../../../../src-shared/model/notification';
import {
  channelWords,
  listWords,
  needsTarget,
  recipientOf,
  recipientText,
  targetHints,
} from '../../../lib/notification-words';
import { type Dict, isDict } from '../document/read-job-text';
import styles from './form.module.css';

type Edit = (path: readonly (string | number)[], value: unknown) => void;

const lists = Object.keys(listWords) as RecipientList[];
const numberOf = (value: unknown): string => (typeof value === 'number' ? String(value) : '');

/** `notifications:` and what a job is watched for, as fields; the text keeps what it says beside. */
export function NotificationFields({
  job,
  isReadOnly,
  edit,
}: {
  readonly job: Dict;
  readonly isReadOnly: boolean;
  readonly edit: Edit;
}) {
  const told = isDict(job.notifications) ? job.notifications : {};
  const given = lists.filter((list) => Array.isArray(told[list]));
  const left = lists.filter((list) => !given.includes(list));
  return (
    <>
      <h3>Notifications</h3>
      {given.map((list) => (
        <RecipientFields
          key={list}
          list={list}
          recipients={told[list] as unknown[]}
          isReadOnly={isReadOnly}
          onRecipients={(next) => edit(['notifications', list], next)}
        />
      ))}
      {given.length === 0 && (
        <p className={styles.note}>Only those are told whom the configuration names for all jobs.</p>
      )}
      {!isReadOnly && left.length > 0 && (
        <Field label="Tell somebody when it has…">
          <Select
            value=""
            onChange={(_, { value }) => {
              if (value === '') return;
              const first = [{ email: '' }];
              if (job.notifications === undefined || job.notifications === null)
                edit(['notifications'], { [value]: first });
              else edit(['notifications', value], first);
            }}
          >
            <option value="">(choose an event)</option>
            {left.map((list) => (
              <option key={list} value={list}>
                {listWords[list]}
              </option>
            ))}
          </Select>
        </Field>
      )}
      {given.includes('on_failure') && (
        <div className={styles.pair}>
          <Field label="Told from failure no.">
            <Input
              type="number"
              min={1}
              value={numberOf(told.after_failures)}
              placeholder="1 (default)"
              readOnly={isReadOnly}
              onChange={(_, { value }) =>
                edit(['notifications', 'after_failures'], value === '' ? undefined : Number(value))
              }
            />
          </Field>
          <Field label="Reminded every … s">
            <Input
              type="number"
              min={0}
              value={numberOf(told.remind_every)}
              placeholder="86400 (default)"
              readOnly={isReadOnly}
              onChange={(_, { value }) =>
                edit(['notifications', 'remind_every'], value === '' ? undefined : Number(value))
              }
            />
          </Field>
        </div>
      )}
      <div className={styles.pair}>
        <Field label="Must be done by">
          <Input
            type="time"
            value={typeof job.must_finish_by === 'string' ? job.must_finish_by : ''}
            readOnly={isReadOnly}
            onChange={(_, { value }) => edit(['must_finish_by'], value === '' ? undefined : value)}
          />
        </Field>
        <Field label="A success every … s">
          <Input
            type="number"
            min={60}
            value={numberOf(job.expect_success_every)}
            placeholder="not watched"
            readOnly={isReadOnly}
            onChange={(_, { value }) =>
              edit(['expect_success_every'], value === '' ? undefined : Number(value))
            }
          />
        </Field>
      </div>
    </>
  );
}

function RecipientFields({
  list,
  recipients,
  isReadOnly,
  onRecipients,
}: {
  readonly list: RecipientList;
  readonly recipients: readonly unknown[];
  readonly isReadOnly: boolean;
  readonly onRecipients: (next: readonly unknown[] | undefined) => void;
}) {
  const change = (index: number, channel: ChannelName, text: string) =>
    onRecipients(recipients.map((one, at) => (at === index ? recipientOf(channel, text) : one)));
  return (
    <fieldset className={styles.recipients}>
      <legend>{listWords[list]}</legend>
      {recipients.map((recipient, index) => {
        const { channel, text } = recipientText(recipient);
        return (
          // biome-ignore lint/suspicious/noArrayIndexKey: two entries may be the same while they are typed
          <div key={`${channel} ${index}`} className={styles.recipient}>
            <Select
              aria-label={`Channel ${index + 1}`}
              value={channel}
              disabled={isReadOnly}
              onChange={(_, { value }) =>
                change(index, value as ChannelName, needsTarget(value as ChannelName) ? text : '')
              }
            >
              {ChannelName.options.map((name) => (
                <option key={name} value={name}>
                  {channelWords[name]}
                </option>
              ))}
            </Select>
            {needsTarget(channel) ? (
              <Input
                // What is typed is taken in when the field is left: half an address is none yet.
                key={text}
                aria-label={`Recipient ${index + 1}`}
                defaultValue={text}
                placeholder={targetHints[channel]}
                readOnly={isReadOnly}
                onBlur={({ target }) => {
                  if (target.value.trim() !== text) change(index, channel, target.value);
                }}
              />
            ) : (
              <span />
            )}
            {!isReadOnly && (
              <Button
                size="small"
                appearance="subtle"
                aria-label={`Remove recipient ${index + 1}`}
                onClick={() => {
                  const next = recipients.filter((_, at) => at !== index);
                  onRecipients(next.length === 0 ? undefined : next);
                }}
              >
                ✕
              </Button>
            )}
          </div>
        );
      })}
      {!isReadOnly && (
        <Button size="small" onClick={() => onRecipients([...recipients, { email: '' }])}>
          Add recipient
        </Button>
      )}
    </fieldset>
  );
}
