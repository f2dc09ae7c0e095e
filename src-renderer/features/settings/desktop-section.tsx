import { Button, Field, Input, Switch } from '@fluentui/react-components';
import { useEffect, useState } from 'react';
import type { DesktopStatus } from '../../../src-shared/desktop-contract';
import { desktopApi, useDesktop } from '../../lib/desktop-store';
import { confirm } from '../../ui/confirm';
import { Facts } from '../../ui/facts';
import { Card } from '../../ui/page';
import { ErrorState, SkeletonRows } from '../../ui/states';
import { attempt } from '../../ui/toasts';
import styles from './settings.module.css';

type Api = NonNullable<typeof desktopApi>;

/** Does something and takes in how things stand afterwards. */
async function act(work: (api: Api) => Promise<DesktopStatus>, text?: string): Promise<void> {
  const api = desktopApi;
  if (!api) return;
  const status = await attempt(
    () => work(api),
    text === undefined ? undefined : () => ({ kind: 'success', text }),
  );
  if (status) useDesktop.getState().note(status);
  else void useDesktop.getState().load();
}

function ServingCard({ serving }: Pick<DesktopStatus, 'serving'>) {
  const [port, setPort] = useState(String(serving.port));
  const isPort = /^\d{1,5}$/.test(port) && Number(port) <= 65_535;
  const serve = (enabled: boolean) =>
    act(
      (api) => api.setServing({ body: { enabled, ...(isPort ? { port: Number(port) } : {}) } }),
      enabled ? 'The pages are served' : 'The pages are no longer served',
    );
  return (
    <Card title="Browser and REST API" note="the same pages and the same API as --headless">
      <div className={styles.form}>
        <Switch
          checked={serving.on}
          onChange={(_, { checked }) => void serve(checked)}
          label={`Serve on ${serving.host}`}
        />
        <Field
          label="Port"
          validationState={isPort ? 'none' : 'error'}
          validationMessage={isPort ? undefined : `${port || 'empty'}; expected 0-65535`}
          hint={serving.address ? 'A change takes effect when it is switched off and on again' : undefined}
        >
          <Input value={port} inputMode="numeric" onChange={(_, data) => setPort(data.value)} />
        </Field>
        {serving.problem && <span className={styles.soft}>Not served: {serving.problem}</span>}
        {serving.address && (
          <>
            <Facts
              facts={[
                ['Address', <code key="address">{serving.address}</code>],
                ['Key', <code key="key">{serving.key_file}</code>],
              ]}
            />
            <div>
              <Button onClick={() => void act((api) => api.openPages({ body: {} }))}>
                Open in the browser
              </Button>
            </div>
          </>
        )}
      </div>
    </Card>
  );
}

function SecretKeeperCard({ secrets }: Pick<DesktopStatus, 'secrets'>) {
  const isSystem = secrets.keeper === 'system';
  const move = async () => {
    const isSure = await confirm({
      title: isSystem ? 'Move the key into a file?' : "Move the key to the system's own store?",
      text: isSystem
        ? `The ${secrets.stored} stored passwords and secrets are sealed with a key file of the data folder, which only you may read. --headless can then open them too.`
        : `The ${secrets.stored} stored passwords and secrets are sealed with your account's own key. Only you, on this computer, in the desktop application, can open them then: --headless and other accounts can't.`,
      action: 'Move',
    });
    if (!isSure) return;
    await act(
      (api) => api.setSecretKeeper({ body: { keeper: isSystem ? 'key_file' : 'system' } }),
      'The key has moved, and everything stored is sealed anew',
    );
  };
  return (
    <Card title="Key to passwords and secrets" note={`${secrets.stored} stored`}>
      <div className={styles.form}>
        <span>
          {isSystem
            ? "Kept by the system's own store for your account."
            : 'Kept in a key file of the data folder that only you may read.'}
        </span>
        {!isSystem && secrets.system_problem && <span className={styles.soft}>{secrets.system_problem}</span>}
        <div>
          <Button disabled={!isSystem && secrets.system_problem !== null} onClick={() => void move()}>
            {isSystem ? 'Move to a key file…' : "Move to the system's store…"}
          </Button>
        </div>
      </div>
    </Card>
  );
}

/** What only the desktop application has. */
export function DesktopSection() {
  const { status, error, load } = useDesktop();
  useEffect(() => void load(), [load]);
  if (!status) {
    return (
      <Card title="This computer">
        {error ? (
          <ErrorState what="The settings" error={error} onRetry={() => void load()} isSmall />
        ) : (
          <SkeletonRows count={4} />
        )}
      </Card>
    );
  }
  const { starts_at_login, updates } = status;
  return (
    <>
      <Card title="This computer">
        <div className={styles.form}>
          <Switch
            checked={starts_at_login === true}
            disabled={starts_at_login === null}
            onChange={(_, { checked }) =>
              void act((api) => api.setStartAtLogin({ body: { enabled: checked } }))
            }
            label="Start when I log in, in the tray"
          />
          {starts_at_login === null && (
            <span className={styles.soft}>Only an installed program can be started with the session.</span>
          )}
          <span className={styles.soft}>
            {status.keeps_in_tray
              ? 'Closing the window leaves Job Scheduler running beside the clock; quit it there.'
              : 'Closing the window leaves Job Scheduler running; start it again to get the window back.'}
          </span>
          <div className={styles.buttons}>
            {(['data', 'jobs', 'logs'] as const).map((folder) => (
              <Button key={folder} onClick={() => void act((api) => api.openFolder({ body: { folder } }))}>
                {{ data: 'Data folder', jobs: 'Jobs folder', logs: 'Logs folder' }[folder]}
              </Button>
            ))}
          </div>
        </div>
      </Card>
      <ServingCard serving={status.serving} />
      <SecretKeeperCard secrets={status.secrets} />
      <Card title="Updates">
        <div className={styles.form}>
          <span>{updates.state}</span>
          {updates.feed && (
            <div>
              <Button onClick={() => void act((api) => api.checkForUpdates({ body: {} }))}>Look now</Button>
            </div>
          )}
        </div>
      </Card>
    </>
  );
}
