import { Button, Drawer, DrawerBody, DrawerHeader, DrawerHeaderTitle } from '@fluentui/react-components';
import { DismissRegular } from '@fluentui/react-icons/svg/dismiss';
import { Link } from 'react-router';
import type { AuditRow } from '../../../../src-shared/contract/audit';
import { TimeText } from '../../../ui/time-text';
import styles from './audit.module.css';
import { actionWords, detailsOf, outcomeWords, valueText } from './audit-words';

function Value({ value, sign }: { readonly value: unknown; readonly sign: '-' | '+' }) {
  if (value === undefined) return null;
  return (
    <pre className={styles.value} data-sign={sign} dir="auto">
      {valueText(value)}
    </pre>
  );
}

/** One row of the audit whole: who, from where, and each value before and after. */
export function AuditDetail({ row, onClose }: { readonly row: AuditRow; readonly onClose: () => void }) {
  const { changes, notes, error, rest } = detailsOf(row);
  const isJob = row.action.startsWith('jobs.') && row.subject !== null && !row.subject.includes('/');
  const facts: readonly (readonly [string, React.ReactNode])[] = [
    ['When', <TimeText key="when" instant={row.time} absolute />],
    ['Who', row.actor],
    ['From', row.origin],
    ['What', row.action],
    [
      'About',
      isJob ? (
        <Link key="job" to={`/jobs/${encodeURIComponent(row.subject ?? '')}?tab=versions`}>
          {row.subject}
        </Link>
      ) : (
        (row.subject ?? '–')
      ),
    ],
    ['Outcome', outcomeWords[row.outcome] ?? row.outcome],
    [
      'Row',
      `${row.audit_id}${row.hash === null ? ', from before the chain' : `, ${row.hash.slice(0, 16)}…`}`,
    ],
  ];
  return (
    <Drawer open position="end" size="medium" onOpenChange={(_, data) => !data.open && onClose()}>
      <DrawerHeader>
        <DrawerHeaderTitle
          action={
            <Button appearance="subtle" icon={<DismissRegular />} aria-label="Close" onClick={onClose} />
          }
        >
          {actionWords(row.action)}
        </DrawerHeaderTitle>
      </DrawerHeader>
      <DrawerBody>
        <dl className={styles.facts}>
          {facts.map(([name, value]) => (
            <div key={name}>
              <dt>{name}</dt>
              <dd dir="auto">{value}</dd>
            </div>
          ))}
        </dl>
        {error !== '' && <p className={styles.error}>{error}</p>}
        {notes.map((note) => (
          <p key={note} className={styles.note}>
            {note}
          </p>
        ))}
        {changes.map((change) => (
          <section key={change.subject} className={styles.change}>
            <h3>{changes.length > 1 ? `What it changed: ${change.subject}` : 'What it changed'}</h3>
            {change.fields.map((field) => (
              <div key={field.path} className={styles.field}>
                <code>{field.path}</code>
                <Value value={field.before} sign="-" />
                <Value value={field.after} sign="+" />
              </div>
            ))}
          </section>
        ))}
        {Object.keys(rest).length > 0 && (
          <section className={styles.change}>
            <h3>What was asked</h3>
            <pre className={styles.value}>{JSON.stringify(rest, null, 2)}</pre>
          </section>
        )}
      </DrawerBody>
    </Drawer>
  );
}
