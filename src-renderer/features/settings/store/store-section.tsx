import { Button } from '@fluentui/react-components';
import { useEffect, useState } from 'react';
import type { StoreServer, StoreStatus, StoreTrial } from '../../../../src-shared/model/store';
import { api } from '../../../lib/api';
import { useLoaded } from '../../../lib/use-loaded';
import { confirm } from '../../../ui/confirm';
import { Facts } from '../../../ui/facts';
import { Notice } from '../../../ui/notice';
import { Card } from '../../../ui/page';
import { ErrorState, SkeletonRows } from '../../../ui/states';
import { attempt } from '../../../ui/toasts';
import { MoveProgress } from './move-progress';
import { restartProgram } from './restart';
import { ServerForm } from './server-form';
import styles from './store.module.css';
import {
  type DraftProblems,
  emptyDraft,
  problemsOf,
  type StoreDraft,
  serverOf,
  sizeText,
} from './store-draft';

const pollMs = 600;

const remoteWords: Readonly<Record<string, string>> = {
  in_step: 'has everything',
  behind: 'is being told',
  away: 'is away',
};

function NowCard({ status }: { readonly status: StoreStatus }) {
  const { server, remote, next } = status;
  const hasNews = next !== null || status.unfinished !== null || status.fixed_by.length > 0;
  return (
    <Card title="Where history and jobs are kept">
      <Facts
        facts={[
          ['Now in', server ? 'SQL Server' : 'The embedded store: a file of the data folder'],
          [server ? 'Database' : 'File', <code key="place">{status.place}</code>],
          [server ? 'Journal beside it' : 'Size', sizeText(status.bytes)],
          ['Login', server?.login],
          [
            'Encryption',
            server &&
              (server.encrypt
                ? server.trust_server_certificate
                  ? 'on; the certificate is not checked'
                  : 'on'
                : 'off'),
          ],
          [
            'The server',
            remote &&
              `${remoteWords[remote.state] ?? remote.state}${remote.waiting > 0 ? `; ${remote.waiting} changes wait` : ''}${remote.reason ? `: ${remote.reason}` : ''}`,
          ],
          ['Setting', <code key="file">{status.settings_file}</code>],
        ]}
      />
      {hasNews && (
        <div className={styles.body}>
          {status.unfinished && <Notice tone="error">{status.unfinished}</Notice>}
          {status.fixed_by.length > 0 && (
            <Notice tone="info">
              Set by {status.fixed_by.join(', ')}, which wins over the configuration. It can’t be switched
              here until that is taken out of the environment.
            </Notice>
          )}
          {next && (
            <>
              <Notice tone="success">
                From the next start on everything is in {next.engine === 'sqlserver' ? '' : 'the file '}
                <b>{next.place}</b>. {!status.can_restart && 'Stop the program and start it again.'}
              </Notice>
              {status.can_restart && (
                <div>
                  <Button appearance="primary" onClick={() => void restartProgram()}>
                    Restart now…
                  </Button>
                </div>
              )}
            </>
          )}
        </div>
      )}
    </Card>
  );
}

/** What a trial came to, in the words of the answer. */
function TrialNotice({ trial }: { readonly trial: StoreTrial }) {
  return (
    <Notice tone={trial.works ? (trial.holds === 'others' ? 'warning' : 'success') : 'error'}>
      {trial.works && <b>The connection works. </b>}
      {trial.message}
      {trial.works && !/[.!]$/.test(trial.message) && '.'}
      {trial.version && <span className={styles.version}>{trial.version}</span>}
      {trial.warnings.map((warning) => (
        <span key={warning} className={styles.version}>
          {warning}
        </span>
      ))}
    </Notice>
  );
}

function ToServerCard({ status, onChange }: { readonly status: StoreStatus; readonly onChange: () => void }) {
  const [draft, setDraft] = useState<StoreDraft>(emptyDraft);
  const [problems, setProblems] = useState<DraftProblems>({});
  const [trial, setTrial] = useState<StoreTrial>();
  const [isBusy, setBusy] = useState(false);
  const isMoving = status.move?.state === 'running';

  const withServer = async (work: (server: StoreServer) => Promise<unknown>) => {
    const found = problemsOf(draft);
    setProblems(found);
    if (Object.keys(found).length > 0) return;
    setBusy(true);
    await work(serverOf(draft));
    setBusy(false);
  };
  const test = () =>
    withServer(async (body) => {
      setTrial(undefined);
      setTrial(await attempt(() => api.store.test({ body })));
    });
  const move = (more: { dry_run?: boolean; copy?: boolean }) =>
    withServer(async (server) => {
      await attempt(() => api.store.move({ body: { to: 'sqlserver', server, ...more } }));
      onChange();
    });
  const askAndMove = async (copy: boolean) => {
    const isSure = await confirm({
      title: copy ? 'Move everything to SQL Server?' : 'Use this database as it is?',
      text: copy
        ? 'Everything is copied there while jobs go on, both sides are compared, and the setting is written. It is used from the next start on. The embedded file stays as it is.'
        : 'Nothing is copied: from the next start on the jobs and the history of that database count. Those of this program stay in the embedded file, and are not seen.',
      action: copy ? 'Move' : 'Use it',
      isDangerous: !copy,
    });
    if (isSure) await move({ copy });
  };
  const isFixed = status.fixed_by.length > 0;
  return (
    <Card
      title="Move to SQL Server"
      note="one setting; the embedded store is the default and needs no server"
    >
      <form
        className={styles.form}
        onSubmit={(event) => {
          event.preventDefault();
          void test();
        }}
      >
        <ServerForm
          draft={draft}
          problems={problems}
          isDisabled={isMoving || isBusy}
          onChange={(part) => {
            setDraft({ ...draft, ...part });
            setProblems({});
            setTrial(undefined);
          }}
        />
        {trial && <TrialNotice trial={trial} />}
        <div className={styles.buttons}>
          <Button type="submit" disabled={isBusy || isMoving}>
            {isBusy ? 'Connecting …' : 'Test connection'}
          </Button>
          <Button disabled={!trial?.works || isBusy || isMoving} onClick={() => void move({ dry_run: true })}>
            Dry run
          </Button>
          {trial?.holds === 'others' ? (
            <Button disabled={isBusy || isMoving || isFixed} onClick={() => void askAndMove(false)}>
              Use it as it is…
            </Button>
          ) : (
            <Button
              appearance="primary"
              disabled={!trial?.works || isBusy || isMoving || isFixed}
              onClick={() => void askAndMove(true)}
            >
              Move…
            </Button>
          )}
        </div>
        {!trial && (
          <span className={styles.soft}>Test the connection first; nothing is written by a test.</span>
        )}
      </form>
    </Card>
  );
}

function ToEmbeddedCard({
  status,
  onChange,
}: {
  readonly status: StoreStatus;
  readonly onChange: () => void;
}) {
  const isMoving = status.move?.state === 'running';
  const move = async (dry_run: boolean) => {
    const isSure =
      dry_run ||
      (await confirm({
        title: 'Move everything back to the embedded store?',
        text: 'Everything is copied into a file of the data folder while jobs go on, compared with the server, and used from the next start on. Nothing is changed on the server.',
        action: 'Move',
      }));
    if (!isSure) return;
    await attempt(() => api.store.move({ body: { to: 'embedded', dry_run } }));
    onChange();
  };
  return (
    <Card title="Move back to the embedded store">
      <div className={styles.body}>
        <span className={styles.soft}>
          A SQLite file of the data folder that needs no server. What an earlier move has left there is kept
          under another name.
        </span>
        <div className={styles.buttons}>
          <Button disabled={isMoving} onClick={() => void move(true)}>
            Dry run
          </Button>
          <Button disabled={isMoving || status.fixed_by.length > 0} onClick={() => void move(false)}>
            Move…
          </Button>
        </div>
      </div>
    </Card>
  );
}

/** The embedded store or a SQL Server: which one it is, a trial of another, and the way there. */
export function StoreSection() {
  const { data: status, error, reload } = useLoaded(() => api.store.status({}));
  const isMoving = status?.move?.state === 'running';
  useEffect(() => {
    if (!isMoving) return undefined;
    const timer = setInterval(reload, pollMs);
    return () => clearInterval(timer);
  }, [isMoving, reload]);
  if (!status)
    return (
      <Card title="Where history and jobs are kept">
        {error ? (
          <ErrorState what="The store" error={error} onRetry={reload} isSmall />
        ) : (
          <SkeletonRows count={5} rowHeight={28} />
        )}
      </Card>
    );
  return (
    <>
      <NowCard status={status} />
      {status.move && <MoveProgress move={status.move} onChange={reload} />}
      {status.next === null &&
        (status.engine === 'embedded' ? (
          // Out of sight while it moves, so that the progress is in sight; what was typed stays.
          <div hidden={isMoving}>
            <ToServerCard status={status} onChange={reload} />
          </div>
        ) : (
          <ToEmbeddedCard status={status} onChange={reload} />
        ))}
    </>
  );
}
