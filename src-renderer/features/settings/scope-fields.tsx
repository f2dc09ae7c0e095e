import { Checkbox, Field, Radio, RadioGroup } from '@fluentui/react-components';
import { contract } from '../../../src-shared/contract/index';
import { operations } from '../../../src-shared/contract/operation';
import { type ScopeKind, scopeKinds, scopeOf } from '../../../src-shared/model/scope';
import styles from './scope-fields.module.css';

const kindWords: Readonly<Record<ScopeKind, string>> = { read: 'Look', operate: 'Act', write: 'Change' };

/** What there is to allow, group by group, out of the contract. */
const groups = [
  ...operations(contract).reduce((all, named) => {
    const { group, kind } = scopeOf(named);
    all.set(group, (all.get(group) ?? new Set<ScopeKind>()).add(kind));
    return all;
  }, new Map<string, Set<ScopeKind>>()),
];

/** What a key may call: all that its role may, or single parts. Null stands for all. */
export function ScopeFields({
  scopes,
  onChange,
}: {
  readonly scopes: readonly string[] | null;
  readonly onChange: (scopes: readonly string[] | null) => void;
}) {
  const toggle = (scope: string, isOn: boolean) =>
    onChange(isOn ? [...(scopes ?? []), scope] : (scopes ?? []).filter((one) => one !== scope));
  return (
    <Field label="May use">
      <RadioGroup
        layout="horizontal"
        value={scopes === null ? 'all' : 'some'}
        onChange={(_, { value }) => onChange(value === 'all' ? null : ['jobs:read'])}
      >
        <Radio value="all" label="All that its role may" />
        <Radio value="some" label="Only parts of it" />
      </RadioGroup>
      {scopes !== null && (
        <table className={styles.scopes} aria-label="Scopes">
          <thead>
            <tr>
              <th scope="col">Part</th>
              {scopeKinds.map((kind) => (
                <th key={kind} scope="col">
                  {kindWords[kind]}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {groups.map(([group, kinds]) => (
              <tr key={group}>
                <th scope="row">{group}</th>
                {scopeKinds.map((kind) => (
                  <td key={kind}>
                    {kinds.has(kind) && (
                      <Checkbox
                        aria-label={`${group}:${kind}`}
                        checked={scopes.includes(`${group}:${kind}`)}
                        onChange={(_, { checked }) => toggle(`${group}:${kind}`, checked === true)}
                      />
                    )}
                  </td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      )}
    </Field>
  );
}
