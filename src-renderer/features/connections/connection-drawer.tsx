import {
  Button,
  DrawerBody,
  DrawerFooter,
  DrawerHeader,
  DrawerHeaderTitle,
  OverlayDrawer,
} from '@fluentui/react-components';
import { type FormEvent, useRef, useState } from 'react';
import { Link } from 'react-router';
import { AppError } from '../../../src-shared/errors';
import { type Connection, ConnectionInput } from '../../../src-shared/model/connection';
import { api, errorText } from '../../lib/api';
import { useMay } from '../../lib/session';
import { confirm } from '../../ui/confirm';
import { Notice } from '../../ui/notice';
import { TimeText } from '../../ui/time-text';
import { notify } from '../../ui/toasts';
import { confirmDiscard, UnsavedGuard } from '../../ui/unsaved-guard';
import { type Draft, draftOf, emptyDraft, type Problems, problemsOf, toColumns } from './connection-draft';
import { ConnectionForm } from './connection-form';
import { adviceOn } from './connection-words';
import styles from './connections.module.css';
import { useConnections } from './connections-store';

/** What the last test said, and what to try when it failed. */
function TestResult({ connection, isDirty }: { readonly connection: Connection; readonly isDirty: boolean }) {
  const isTesting = useConnections(({ testing }) => testing.has(connection.connection_id));
  const test = connection.last_test;
  if (isTesting) return <Notice tone="info">Connecting…</Notice>;
  if (!test) return null;
  const advice = test.success ? undefined : adviceOn(test.message);
  return (
    <Notice tone={test.success ? 'success' : 'error'}>
      <b dir="auto">{test.success ? `Connected${test.version ? `: ${test.version}` : ''}` : test.message}</b>
      {advice && <p>{advice}</p>}
      <p className={styles.small}>
        Tested <TimeText instant={test.time} />
        {Date.parse(test.time) < Date.parse(connection.modified_date) && ', before the last change'}
        {isDirty && '; the test uses what is saved'}
      </p>
    </Notice>
  );
}

function Users({ jobs }: { readonly jobs: readonly string[] }) {
  return (
    <section className={styles.users}>
      <h3>Used by</h3>
      {jobs.length === 0 ? (
        <p className={styles.soft}>No job uses it.</p>
      ) : (
        <ul>
          {jobs.map((job_id) => (
            <li key={job_id}>
              <Link to={`/jobs/${encodeURIComponent(job_id)}`}>{job_id}</Link>
            </li>
          ))}
        </ul>
      )}
    </section>
  );
}

/** A refusal of the server at its fields, or as a whole. */
function splitRefusal(error: unknown): { readonly whole: string; readonly fields: Problems } {
  const fields: Record<string, string> = {};
  if (error instanceof AppError) for (const { path, message } of error.issues ?? []) fields[path] = message;
  return { whole: errorText(error), fields };
}

/** One connection: to look at, change, test and delete; or a new one. */
export function ConnectionDrawer({
  connection,
  taken,
  onSaved,
  onClose,
}: {
  readonly connection: Connection | undefined;
  readonly taken: readonly string[];
  readonly onSaved: (connection_id: string) => void;
  readonly onClose: () => void;
}) {
  const mayChange = useMay('admin');
  const mayTest = useMay('operator');
  const test = useConnections((state) => state.test);
  const initial = useRef(connection ? draftOf(connection) : emptyDraft);
  const [draft, setShownDraft] = useState<Draft>(initial.current);
  // What is unsaved must be known at once, and not when the screen shows it.
  const latest = useRef(draft);
  const isGivenUp = useRef(false);
  const setDraft = (next: Draft) => {
    latest.current = next;
    setShownDraft(next);
  };
  const isDirtyNow = () =>
    !isGivenUp.current && JSON.stringify(latest.current) !== JSON.stringify(initial.current);
  const [isTried, setTried] = useState(false);
  const [isBusy, setBusy] = useState(false);
  const [refusal, setRefusal] = useState<ReturnType<typeof splitRefusal>>();
  const isDirty = JSON.stringify(draft) !== JSON.stringify(initial.current);
  const problems = problemsOf(draft, connection ? undefined : taken);
  const shownProblems: Problems = isTried ? { ...refusal?.fields, ...problems } : {};

  const change = (part: Partial<Draft>) => {
    setRefusal(undefined);
    setDraft({ ...latest.current, ...part });
  };

  const close = async () => {
    if (isDirtyNow() && !(await confirmDiscard('this connection'))) return;
    isGivenUp.current = true;
    onClose();
  };

  /** True when it was saved. */
  const save = async (): Promise<boolean> => {
    setTried(true);
    if (Object.keys(problems).length > 0) return false;
    setBusy(true);
    try {
      const columns = toColumns(draft);
      const { connection: saved } = connection
        ? await api.connections.update({
            params: { connection_id: connection.connection_id },
            body: columns,
          })
        : await api.connections.create({
            body: ConnectionInput.parse({ connection_id: draft.connection_id, ...columns }),
          });
      initial.current = draftOf(saved);
      setDraft(initial.current);
      setTried(false);
      notify({ kind: 'success', text: `Connection “${saved.name}” is saved` });
      onSaved(saved.connection_id);
      return true;
    } catch (error) {
      setRefusal(splitRefusal(error));
      return false;
    } finally {
      setBusy(false);
    }
  };

  const saveAndTest = async () => {
    const id = connection?.connection_id ?? draft.connection_id;
    if (!isDirty || (await save())) await test(id);
  };

  const remove = async () => {
    if (!connection) return;
    const isSure = await confirm({
      title: `Delete the connection “${connection.name}”?`,
      text: 'Its password can’t be brought back.',
      action: 'Delete',
      isDangerous: true,
    });
    if (!isSure) return;
    try {
      await api.connections.remove({ params: { connection_id: connection.connection_id } });
      isGivenUp.current = true;
      notify({ kind: 'success', text: `Connection “${connection.name}” is deleted` });
      onClose();
      void useConnections.getState().load();
    } catch (error) {
      setRefusal(splitRefusal(error));
    }
  };

  const onSubmit = (event: FormEvent) => {
    event.preventDefault();
    void save();
  };
  const isUsed = (connection?.used_by.length ?? 0) > 0;
  return (
    <OverlayDrawer open position="end" size="medium" onOpenChange={(_, data) => !data.open && void close()}>
      <UnsavedGuard isDirty={isDirtyNow} what="this connection" />
      <form
        className={styles.drawer}
        onSubmit={onSubmit}
        noValidate
        autoComplete="off"
        onKeyDown={(event) => {
          if (event.key !== 's' || !(event.ctrlKey || event.metaKey)) return;
          event.preventDefault();
          if (mayChange) void save();
        }}
      >
        <DrawerHeader>
          <DrawerHeaderTitle
            action={
              <Button appearance="subtle" aria-label="Close" onClick={() => void close()}>
                ✕
              </Button>
            }
          >
            <span dir="auto" className={styles.title}>
              {connection?.name ?? 'New connection'}
            </span>
          </DrawerHeaderTitle>
        </DrawerHeader>
        <DrawerBody className={styles.body}>
          {refusal && <Notice tone="error">{refusal.whole}</Notice>}
          {connection && <TestResult connection={connection} isDirty={isDirty} />}
          {!mayChange && <Notice tone="info">Only an admin changes connections.</Notice>}
          <ConnectionForm
            draft={draft}
            problems={shownProblems}
            isNew={!connection}
            hasPassword={connection?.has_password ?? false}
            isReadOnly={!mayChange}
            onChange={change}
          />
          {connection && <Users jobs={connection.used_by} />}
        </DrawerBody>
        <DrawerFooter className={styles.footer}>
          {mayChange && (
            <Button
              type="submit"
              appearance="primary"
              disabled={isBusy || (!isDirty && connection !== undefined)}
            >
              Save
            </Button>
          )}
          {mayTest && (connection || mayChange) && (
            <Button disabled={isBusy} onClick={() => void saveAndTest()}>
              {!connection || (isDirty && mayChange) ? 'Save and test' : 'Test'}
            </Button>
          )}
          {connection && mayChange && (
            <Button
              className={styles.delete}
              disabled={isUsed}
              title={isUsed ? `Used by ${connection.used_by.join(', ')}: change these jobs first` : undefined}
              onClick={() => void remove()}
            >
              Delete…
            </Button>
          )}
        </DrawerFooter>
      </form>
    </OverlayDrawer>
  );
}
