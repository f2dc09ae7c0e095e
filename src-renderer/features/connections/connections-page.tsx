import { Button } from '@fluentui/react-components';
import { useCallback } from 'react';
import type { Connection } from '../../../src-shared/model/connection';
import { useLive } from '../../lib/live';
import { useMay } from '../../lib/session';
import { plural } from '../../lib/time-text';
import { useUrlText } from '../../lib/url-state';
import { FilterBar, FilterText } from '../../ui/filter-bar';
import { Page, PageHeader } from '../../ui/page';
import { EmptyState, ErrorState, SkeletonRows } from '../../ui/states';
import { TimeText } from '../../ui/time-text';
import { type Column, VirtualTable } from '../../ui/virtual-table';
import { ConnectionDrawer } from './connection-drawer';
import { loginText, placeText } from './connection-words';
import styles from './connections.module.css';
import { useConnections } from './connections-store';

function LastTest({ connection }: { readonly connection: Connection }) {
  const isTesting = useConnections(({ testing }) => testing.has(connection.connection_id));
  const { last_test } = connection;
  if (isTesting) return <span className={styles.soft}>● Testing…</span>;
  if (!last_test) return <span className={styles.soft}>– Never tested</span>;
  return (
    <>
      <span className={styles.test} data-good={last_test.success}>
        {last_test.success ? '✓ Works' : '✕ Failed'}
      </span>
      <span className={styles.sub} title={last_test.message}>
        {last_test.success ? <TimeText instant={last_test.time} /> : last_test.message}
      </span>
    </>
  );
}

function columnsFor(mayTest: boolean): readonly Column<Connection>[] {
  return [
    {
      id: 'name',
      header: 'Name',
      width: 'minmax(160px, 1.4fr)',
      cell: ({ name, connection_id, is_active }) => (
        <>
          <span className={styles.name} dir="auto" title={name}>
            {name}
          </span>
          <span className={styles.sub}>
            <code>{connection_id}</code>
            {!is_active && ' · switched off'}
          </span>
        </>
      ),
    },
    {
      id: 'place',
      header: 'Leads to',
      width: 'minmax(160px, 2fr)',
      cell: (connection) => (
        <>
          <span className={styles.line} title={placeText(connection)}>
            {placeText(connection)}
          </span>
          <span className={styles.sub} title={connection.warnings.join('\n')}>
            {loginText(connection)}
            {connection.warnings.length > 0 && (
              <span className={styles.weak}> · ! {connection.warnings[0]}</span>
            )}
          </span>
        </>
      ),
    },
    {
      id: 'test',
      header: 'Last test',
      width: 'minmax(140px, 1.4fr)',
      cell: (connection) => <LastTest connection={connection} />,
    },
    {
      id: 'used',
      header: 'Used by',
      width: '130px',
      hideBelow: 640,
      cell: ({ used_by }) => (
        <span title={used_by.join('\n')} className={used_by.length === 0 ? styles.soft : undefined}>
          {used_by.length === 0
            ? 'no job'
            : used_by.length === 1
              ? used_by[0]
              : plural(used_by.length, 'job')}
        </span>
      ),
    },
    {
      id: 'actions',
      header: '',
      width: mayTest ? '90px' : '0px',
      align: 'end',
      cell: (connection, isActive) =>
        mayTest && (
          <Button
            size="small"
            tabIndex={isActive ? 0 : -1}
            aria-label={`Test ${connection.name}`}
            onClick={() => void useConnections.getState().test(connection.connection_id)}
          >
            Test
          </Button>
        ),
    },
  ];
}

/** /connections: database logins that jobs use by name. */
export function ConnectionsPage() {
  const { connections, error, load, apply } = useConnections();
  const [text] = useUrlText('q');
  const [id, setId] = useUrlText('id');
  const mayChange = useMay('admin');
  const mayTest = useMay('operator');
  useLive({ load, apply });
  const close = useCallback(() => setId(''), [setId]);
  const rows = (connections ?? []).filter((connection) =>
    `${connection.name} ${connection.connection_id} ${placeText(connection)}`
      .toLowerCase()
      .includes(text.toLowerCase()),
  );
  const isNew = id === 'new' && mayChange;
  const opened = connections?.find(({ connection_id }) => connection_id === id);
  const newButton = mayChange && (
    <Button appearance="primary" onClick={() => setId('new')}>
      New connection
    </Button>
  );
  const isEmpty = connections?.length === 0;
  return (
    <Page title="Connections" isFilling>
      <PageHeader
        title="Connections"
        note={connections && plural(connections.length, 'connection')}
        actions={!isEmpty && newButton}
      />
      {!isEmpty && !error && (
        <FilterBar>
          <FilterText label="Filter by name, id or server" />
        </FilterBar>
      )}
      {error && !connections ? (
        <div className={styles.box}>
          <ErrorState what="The connections" error={error} onRetry={() => void load()} />
        </div>
      ) : !connections ? (
        <div className={styles.box}>
          <SkeletonRows count={6} rowHeight={52} />
        </div>
      ) : isEmpty ? (
        <div className={styles.box}>
          <EmptyState title="There is no connection yet" actions={newButton}>
            SQL jobs name a connection, so that its server and password stand in one place only, outside the
            jobs.
          </EmptyState>
        </div>
      ) : (
        <VirtualTable
          label="Connections"
          columns={columnsFor(mayTest)}
          rows={rows}
          keyOf={({ connection_id }) => connection_id}
          nameOf={({ name }) => name}
          onOpen={({ connection_id }) => setId(connection_id)}
          empty={<EmptyState title="No connection fits the filter" />}
        />
      )}
      {(isNew || opened) && (
        <ConnectionDrawer
          key={id}
          connection={opened}
          taken={connections?.map(({ connection_id }) => connection_id) ?? []}
          onSaved={(connection_id) => {
            void load();
            if (isNew) setId(connection_id);
          }}
          onClose={close}
        />
      )}
    </Page>
  );
}
