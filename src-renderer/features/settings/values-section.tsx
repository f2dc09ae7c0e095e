import type { Setting } from '../../../src-shared/model/setting';
import { api } from '../../lib/api';
import { useLoaded } from '../../lib/use-loaded';
import { Card } from '../../ui/page';
import { EmptyState, ErrorState, SkeletonRows } from '../../ui/states';
import { groupOf, labelOf, settingGroups, settingWords, valueText } from './setting-words';
import styles from './settings.module.css';

const sourceWords = {
  default: 'default',
  file: 'file',
  environment: 'environment',
  option: 'command line',
} as const;

/** `C:\\data\\app_config.yaml:12:3` is `app_config.yaml, line 12` at a glance. */
function shortOrigin(origin: string): string {
  const [, file, line] = /([^\\/]+):(\d+):\d+$/.exec(origin) ?? [];
  return file ? `${file}, line ${line}` : origin;
}

/** Where a value comes from, and how it would be changed. */
function Source({ setting }: { readonly setting: Setting }) {
  const { source, origin, variable } = setting;
  return (
    <td title={[origin, variable && `Can be set by ${variable}`].filter(Boolean).join('\n')}>
      <span className={styles.source} data-source={source}>
        {sourceWords[source]}
      </span>
      {origin !== null && <span className={styles.sub}>{shortOrigin(origin)}</span>}
    </td>
  );
}

function SettingRow({ setting }: { readonly setting: Setting }) {
  const { key, value } = setting;
  const words = settingWords[key];
  const byDefault = setting.source === 'default' ? undefined : valueText(setting.default);
  return (
    <tr>
      <th scope="row" className={styles.label} title={key}>
        {labelOf(key)}
        <span className={styles.sub}>{words?.meaning ?? ''}</span>
      </th>
      <td>
        <span className={styles.value} data-unset={value === null || undefined} dir="auto">
          {valueText(value)}
        </span>
        <span className={styles.sub}>{byDefault !== undefined && `default: ${byDefault}`}</span>
      </td>
      <Source setting={setting} />
    </tr>
  );
}

/** Keys that only files of the Python program write; shown when one does. */
const isOldSpelling = ({ key, source }: Setting) =>
  key.startsWith('scheduler.executors.') && source === 'default';

const isFound = ({ key, value }: Setting, search: string) => {
  const text = `${key} ${labelOf(key)} ${settingWords[key]?.meaning ?? ''} ${valueText(value)}`.toLowerCase();
  return search
    .toLowerCase()
    .split(/\s+/)
    .every((part) => text.includes(part));
};

/** The configuration in force: every value with the place it comes from. It is changed there, not here. */
export function ValuesSection({ search }: { readonly search: string }) {
  const { data, error, reload } = useLoaded(() => api.system.settings({}));
  if (error && !data) {
    return (
      <Card title="Configuration">
        <ErrorState what="The configuration" error={error} onRetry={reload} isSmall />
      </Card>
    );
  }
  if (!data) {
    return (
      <Card title="Configuration">
        <SkeletonRows count={8} />
      </Card>
    );
  }
  const all = data.settings.filter(
    (setting) => !isOldSpelling(setting) && (search === '' || isFound(setting, search)),
  );
  const file = data.places.config_file;
  if (all.length === 0) return search === '' ? <EmptyState title="There are no settings" /> : null;
  return (
    <>
      {search === '' && (
        <p className={styles.intro}>
          {file ? (
            <>
              Read at the start from <code>{file}</code>
            </>
          ) : (
            'There is no configuration file; the defaults hold'
          )}
          . Environment variables win over the file, options of the command line over both. A change takes
          effect at the next start.
        </p>
      )}
      {settingGroups.map(({ id, title }) => {
        const members = all.filter((setting) => groupOf(setting.key) === id);
        return members.length === 0 ? null : (
          <Card key={id} title={title}>
            <div className={styles.scroll}>
              <table className={styles.values}>
                <thead className="visually-hidden">
                  <tr>
                    <th scope="col">Setting</th>
                    <th scope="col">Value</th>
                    <th scope="col">Comes from</th>
                  </tr>
                </thead>
                <tbody>
                  {members.map((setting) => (
                    <SettingRow key={setting.key} setting={setting} />
                  ))}
                </tbody>
              </table>
            </div>
          </Card>
        );
      })}
    </>
  );
}
