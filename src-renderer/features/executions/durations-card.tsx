import { useNavigate } from 'react-router';
import type { ExecutionContext } from '../../../src-shared/model/execution-context';
import { formatBothZones, formatDuration, formatRoughDuration } from '../../lib/time-text';
import { Card } from '../../ui/page';
import { barColour, lookOf } from '../../ui/status';
import styles from './execution.module.css';

const height = 64;
const slots = 30;

/** The job's last runs up to this one: how long they took, how they ended; the line is the usual. */
export function DurationsCard({
  context,
  shown,
}: {
  readonly context: ExecutionContext;
  readonly shown: string;
}) {
  const navigate = useNavigate();
  const runs = context.recent.filter((run) => run.duration_seconds !== null);
  const longest = Math.max(0.001, ...runs.map((run) => run.duration_seconds ?? 0));
  const step = 100 / slots;
  const usual = context.usual_seconds;
  return (
    <Card title="Durations" note={`last ${runs.length}`}>
      <div className={styles.durations}>
        <svg
          viewBox={`0 0 100 ${height}`}
          preserveAspectRatio="none"
          role="img"
          aria-label={wordsOf(context)}
        >
          {runs.map((run, index) => {
            const size = Math.max(3, ((run.duration_seconds ?? 0) / longest) * (height - 4));
            return (
              // biome-ignore lint/a11y/noStaticElementInteractions: see above
              <rect
                key={run.execution_id}
                x={(slots - runs.length + index) * step}
                y={height - size}
                width={step * 0.78}
                height={size}
                fill={barColour(run.status)}
                opacity={run.execution_id === shown ? 1 : 0.72}
                onClick={() => navigate(`/executions/${run.execution_id}`)}
              >
                <title>{`${lookOf(run.status).word}, ${formatDuration(run.duration_seconds)}\n${formatBothZones(Date.parse(run.start_time))}`}</title>
              </rect>
            );
          })}
          {usual !== null && (
            <line
              x1="0"
              x2="100"
              y1={height - (usual / longest) * (height - 4)}
              y2={height - (usual / longest) * (height - 4)}
              className={styles.usual}
            />
          )}
        </svg>
        <p className={styles.soft}>{wordsOf(context)}</p>
      </div>
    </Card>
  );
}

function wordsOf({ usual_seconds, p95_seconds }: ExecutionContext): string {
  if (usual_seconds === null) return 'No success yet to compare with';
  return `median ${formatRoughDuration(usual_seconds)}, 95th percentile ${formatRoughDuration(p95_seconds)}`;
}
