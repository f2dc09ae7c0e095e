import { Button } from '@fluentui/react-components';
import { useState } from 'react';
import { api } from '../../lib/api';
import { desktop } from '../../lib/desktop';
import { useMay } from '../../lib/session';
import { useLoaded } from '../../lib/use-loaded';
import { Facts } from '../../ui/facts';
import { Card } from '../../ui/page';
import { ErrorState, SkeletonRows } from '../../ui/states';
import { TimeText } from '../../ui/time-text';
import { Licences } from './licences';
import styles from './settings.module.css';

/** Which program this is, where it lives, and what it is made of. */
export function AboutSection() {
  const mayKnowPlaces = useMay('admin');
  const [hasLicences, setLicences] = useState(false);
  const { data, error, reload } = useLoaded(
    async () => ({
      about: await api.system.about({}),
      places: mayKnowPlaces ? (await api.system.settings({})).places : undefined,
    }),
    String(mayKnowPlaces),
  );
  return (
    <>
      <Card title="About">
        {error && !data ? (
          <ErrorState what="The program" error={error} onRetry={reload} isSmall />
        ) : !data ? (
          <SkeletonRows count={5} rowHeight={28} />
        ) : (
          <Facts
            facts={[
              ['Version', `Job Scheduler ${data.about.version}`],
              ['Running since', <TimeText key="since" instant={data.about.started} />],
              ['Runtime', `${data.about.runtime}, ${data.about.platform}`],
              ['Address', data.about.addresses.join(', ') || 'not served; see This computer'],
              ['Data folder', data.places?.data_folder],
              ['Logs', data.places?.logs_folder],
              ['Jobs file', data.places?.jobs_file],
              ['Configuration', data.places && (data.places.config_file ?? 'no file; the defaults hold')],
            ]}
          />
        )}
      </Card>
      {!desktop && (
        <Card title="For other programs">
          <ul className={styles.links}>
            <li>
              <a href="/api/docs">REST API</a>
              <span className={styles.sub}>every operation, to read and to try</span>
            </li>
            <li>
              <a href="/api/openapi.json">OpenAPI document</a>
              <span className={styles.sub}>for generators of clients</span>
            </li>
            <li>
              <a href="/metrics">Metrics</a>
              <span className={styles.sub}>for Prometheus; needs a key</span>
            </li>
            <li>
              <a href="/api/health">Health</a>
              <span className={styles.sub}>for monitors</span>
            </li>
          </ul>
        </Card>
      )}
      <Card
        title="Licences"
        note="software of others that is part of this program"
        end={
          <Button size="small" onClick={() => setLicences(!hasLicences)}>
            {hasLicences ? 'Hide' : 'Show'}
          </Button>
        }
      >
        {hasLicences && <Licences />}
      </Card>
    </>
  );
}
