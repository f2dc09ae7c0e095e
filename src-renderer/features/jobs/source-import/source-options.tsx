import { Field, Input, Select } from '@fluentui/react-components';
import { useEffect, useState } from 'react';
import { api } from '../../../lib/api';
import styles from './source-import.module.css';
import type { SourceGiven } from './source-request';

type Options = Pick<SourceGiven, 'timezone' | 'msdbConnection' | 'stepsConnection'>;

/** The saved connections to a SQL Server; none when they can't be read. */
function useServers(isWanted: boolean): readonly { readonly id: string; readonly name: string }[] {
  const [servers, setServers] = useState<readonly { id: string; name: string }[]>([]);
  useEffect(() => {
    if (!isWanted) return undefined;
    let isCurrent = true;
    api.connections.list({}).then(
      ({ connections }) => {
        const found = connections.filter(({ driver }) => driver.toLowerCase() !== 'sqlite');
        if (isCurrent) setServers(found.map(({ connection_id, name }) => ({ id: connection_id, name })));
      },
      () => undefined,
    );
    return () => {
      isCurrent = false;
    };
  }, [isWanted]);
  return servers;
}

/** What a file does not say of itself: its zone, and for Agent the connections. */
export function SourceOptions({
  source,
  options,
  onChange,
}: {
  readonly source: SourceGiven['source'];
  readonly options: Options;
  readonly onChange: (options: Options) => void;
}) {
  const isAgent = source === 'sql-agent';
  const servers = useServers(isAgent);
  const set = (change: Partial<Options>) => onChange({ ...options, ...change });
  return (
    <div className={styles.options}>
      <Field label="Time zone there" hint="empty: that of this program">
        <Input
          value={options.timezone}
          placeholder="Europe/Berlin"
          onChange={(_, { value }) => set({ timezone: value })}
        />
      </Field>
      {isAgent && (
        <>
          <Field label="Read the jobs out of msdb" hint="instead of a script">
            <Select
              value={options.msdbConnection}
              disabled={servers.length === 0}
              onChange={(_, { value }) => set({ msdbConnection: value })}
            >
              <option value="">
                {servers.length === 0 ? 'no connection is saved' : 'no, from a script'}
              </option>
              {servers.map(({ id, name }) => (
                <option key={id} value={id}>
                  {name}
                </option>
              ))}
            </Select>
          </Field>
          <Field label="T-SQL steps run over" hint="a saved connection to that server">
            <Select
              value={options.stepsConnection}
              disabled={servers.length === 0}
              onChange={(_, { value }) => set({ stepsConnection: value })}
            >
              <option value="">
                {options.msdbConnection === '' ? 'Windows login' : 'the same connection'}
              </option>
              {servers.map(({ id, name }) => (
                <option key={id} value={id}>
                  {name}
                </option>
              ))}
            </Select>
          </Field>
        </>
      )}
    </div>
  );
}
