import { Button, Select } from '@fluentui/react-components';
import { useRef } from 'react';
import { useNow } from '../../lib/clock';
import { useLive } from '../../lib/live';
import { formatNumber, viewerZone, zoneOffsetText } from '../../lib/time-text';
import { useUrlText } from '../../lib/url-state';
import { Card } from '../../ui/page';
import { EmptyState, ErrorState, Skeleton } from '../../ui/states';
import { useWidth } from '../../ui/use-width';
import styles from './timeline.module.css';
import { TimelineChart } from './timeline-chart';
import { mostJobs, shownJobs, useTimeline, zooms } from './timeline-store';

const legend = [
  ['success', 'succeeded'],
  ['failed', 'failed'],
  ['running', 'running'],
  ['retry', 'retried'],
  ['missed', 'missed'],
] as const;

/** What ran and what will run, by job. */
export function TimelineCard() {
  const [zoomId, setZoomId] = useUrlText('zoom');
  const zoom = zooms.find((each) => each.id === zoomId) ?? zooms[2];
  const [jobsShown, setJobsShown] = useUrlText('jobs');
  const isWhole = jobsShown === 'all';
  const { jobs, total, error, load, apply } = useTimeline();
  // A point on the screen is seconds of the shortest zoom and minutes of the longest: drawn anew only for what is seen.
  const now = useNow(zoom.past < 3_600_000 ? 1000 : zoom.past < 12 * 3_600_000 ? 5000 : 60_000);
  const box = useRef<HTMLDivElement>(null);
  const width = useWidth(box);
  useLive({ load: () => void load(zoom, { isWhole }), apply }, `${zoom.id} ${isWhole}`);

  const step = (by: 1 | -1) => {
    const next = zooms[zooms.indexOf(zoom) + by];
    if (next) setZoomId(next.id === '24h' ? '' : next.id);
  };

  return (
    <Card
      title="Timeline"
      note={`${zoom.label}, your time (${zoneOffsetText(now, viewerZone)})${
        jobs && total > jobs.length ? ` · ${jobs.length} of ${formatNumber(total)} jobs` : ''
      }`}
      end={
        <span className={styles.tools}>
          <span className={styles.legend} aria-hidden="true">
            {legend.map(([status, word]) => (
              <span key={status}>
                <i data-status={status} />
                {word}
              </span>
            ))}
            <span>
              <i data-status="planned" />
              planned
            </span>
          </span>
          {(isWhole || total > shownJobs) && (
            <Button size="small" onClick={() => setJobsShown(isWhole ? '' : 'all')}>
              {isWhole
                ? 'Fewer jobs'
                : total > mostJobs
                  ? `Show ${formatNumber(mostJobs)} jobs`
                  : `All ${formatNumber(total)} jobs`}
            </Button>
          )}
          <Select
            size="small"
            aria-label="Zoom of the timeline"
            value={zoom.id}
            onChange={(_, { value }) => setZoomId(value === '24h' ? '' : value)}
          >
            {zooms.map(({ id, label }) => (
              <option key={id} value={id}>
                {label}
              </option>
            ))}
          </Select>
        </span>
      }
    >
      <div ref={box} className={styles.body}>
        {error && !jobs ? (
          <ErrorState
            what="The timeline"
            error={error}
            onRetry={() => void load(zoom, { isWhole })}
            isSmall
          />
        ) : !jobs || width === 0 ? (
          <Skeleton height={264} />
        ) : jobs.length === 0 ? (
          <EmptyState title="No jobs yet" isSmall>
            Every job has a line here: what it did, and what it will do.
          </EmptyState>
        ) : (
          <TimelineChart
            jobs={jobs}
            stretch={{ from: now - zoom.past, to: now + zoom.future }}
            now={now}
            width={width}
            onZoom={step}
          />
        )}
      </div>
    </Card>
  );
}
