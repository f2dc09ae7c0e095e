import { useEffect, useState } from 'react';
import { api } from '../../lib/api';
import { useNow } from '../../lib/clock';
import { plural } from '../../lib/time-text';
import { Notice } from '../../ui/notice';
import { Card } from '../../ui/page';
import { Pill } from '../../ui/status-pill';
import { TimeText } from '../../ui/time-text';
import own from './machines-card.module.css';
import styles from './scheduler.module.css';

type Answer = Awaited<ReturnType<typeof api.scheduler.machines>>;

const everyMs = 5000;
const looks = {
  alive: { word: 'alive', tone: 'success', glyph: '✓' },
  silent: { word: 'silent', tone: 'retry', glyph: '!' },
  dead: { word: 'given up', tone: 'failed', glyph: '✕' },
  stopped: { word: 'stopped', tone: 'idle', glyph: '■' },
} as const;

/** The machines of a cluster and how each of them stands; nothing where one program works alone. */
export function MachinesCard() {
  const [answer, setAnswer] = useState<Answer>();
  const turn = Math.floor(useNow(everyMs) / everyMs);
  // biome-ignore lint/correctness/useExhaustiveDependencies: read again at each turn
  useEffect(() => {
    let isCurrent = true;
    api.scheduler.machines({}).then(
      (found) => isCurrent && setAnswer(found),
      // The state above says that the server is out of reach.
      () => undefined,
    );
    return () => {
      isCurrent = false;
    };
  }, [turn]);
  if (!answer?.is_clustered) return null;
  const alive = answer.machines.filter(({ state }) => state === 'alive').length;
  return (
    <Card title="Machines" note={answer.away === null ? `${alive} of ${answer.machines.length} alive` : ''}>
      {answer.away !== null && (
        <div className={styles.pad}>
          <Notice tone="warning">{answer.away}.</Notice>
        </div>
      )}
      {answer.machines.length > 0 && (
        <ul className={own.machines}>
          {answer.machines.map((one) => (
            <li
              key={one.node}
              className={own.machine}
              title={`${one.host}, version ${one.version}, lease number ${one.fence}`}
            >
              <Pill {...looks[one.state]} />
              <span className={own.machineName} dir="auto">
                {one.node}
                {one.is_this && <span className={own.thisOne}> this one</span>}
              </span>
              <span className={styles.soft}>{one.tags.join(', ')}</span>
              <span className={styles.soft}>
                {one.state === 'alive' ? (
                  `${plural(one.running, 'run')} under way`
                ) : (
                  <>
                    {one.state_text}; last heard of <TimeText instant={one.last_seen} />
                  </>
                )}
              </span>
            </li>
          ))}
        </ul>
      )}
    </Card>
  );
}
