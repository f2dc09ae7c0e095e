import { Field, Input, Radio, RadioGroup } from '@fluentui/react-components';
import type { Role } from '../../../src-shared/roles';
import { readList } from '../../lib/list-text';

const roleWords: readonly (readonly [Role, string])[] = [
  ['viewer', 'Viewer: sees everything but connections and logs'],
  ['operator', 'Operator: also runs, stops and pauses'],
  ['editor', 'Editor: also changes jobs'],
  ['admin', 'Admin: also connections, keys, users and settings'],
];

/** `night, #etl` as a list; null when nothing is written: all jobs. */
export function tagsOf(text: string): string[] | null {
  const tags = [...new Set(readList(text).map((tag) => tag.replace(/^#/, '')))].filter((tag) => tag !== '');
  return tags.length === 0 ? null : tags;
}

/** The role, and the jobs it is for. */
export function RightsFields({
  role,
  tags,
  onRole,
  onTags,
}: {
  readonly role: Role;
  /** As it is written. */
  readonly tags: string;
  readonly onRole: (role: Role) => void;
  readonly onTags: (tags: string) => void;
}) {
  return (
    <>
      <Field label="Role">
        <RadioGroup value={role} onChange={(_, data) => onRole(data.value as Role)}>
          {roleWords.map(([value, words]) => (
            <Radio key={value} value={value} label={words} />
          ))}
        </RadioGroup>
      </Field>
      <Field
        label="Only jobs with these tags"
        hint="Empty: all jobs. Limits what may be run or changed; everything can still be seen."
      >
        <Input value={tags} placeholder="night, etl" onChange={(_, data) => onTags(data.value)} />
      </Field>
    </>
  );
}

/** `#night #etl`, or nothing for all jobs. */
export function TagWords({ tags }: { readonly tags: readonly string[] | null }) {
  return tags === null ? null : <>only {tags.map((tag) => `#${tag}`).join(' ')}</>;
}
