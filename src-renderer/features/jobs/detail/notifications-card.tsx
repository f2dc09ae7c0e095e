import { Button } from '@fluentui/react-components';
import { Fragment, type ReactNode, useState } from 'react';
import { useNavigate } from 'react-router';
import type { JobDetail } from '../../../../src-shared/model/job';
import type { RecipientList } from '../../../../src-shared/model/notification';
import { api } from '../../../lib/api';
import { channelWords, listWords } from '../../../lib/notification-words';
import { useMay } from '../../../lib/session';
import { formatDuration, formatRoughDuration, plural } from '../../../lib/time-text';
import { useLoaded } from '../../../lib/use-loaded';
import { Card } from '../../../ui/page';
import { EmptyState, ErrorState, SkeletonRows } from '../../../ui/states';
import { TestNotificationDialog } from '../../../ui/test-notification';
import { TimeText } from '../../../ui/time-text';
import styles from './job-page.module.css';
import { useJob } from './job-store';
import own from './notifications-card.module.css';

type Told = Awaited<ReturnType<typeof api.notifications.job>>;
type Audience = Told['audiences'][number];

const weekdays = ['Sun', 'Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat'];

/** Who hears of this job, what it is watched for, and what is usual for it. */
export function NotificationsCard({ job }: { readonly job: JobDetail }) {
  const { runs } = useJob();
  const mayEdit = useMay('editor');
  const navigate = useNavigate();
  const [isTesting, setTesting] = useState(false);
  const last = runs?.[0];
  const { data, error, reload } = useLoaded(
    () => api.notifications.job({ params: { job_id: job.job_id } }),
    `${job.job_id} ${job.modified_date} ${last?.execution_id} ${last?.status}`,
  );
  const told = data?.audiences.filter(({ targets }) => targets.length > 0) ?? [];
  const [first] = told.flatMap(({ targets }) => targets);
  return (
    <Card
      title="Notifications"
      end={
        mayEdit && (
          <span className={own.cardButtons}>
            <Button size="small" onClick={() => setTesting(true)}>
              Send test…
            </Button>
            <Button
              size="small"
              onClick={() => navigate(`/jobs/${encodeURIComponent(job.job_id)}/edit?tab=form`)}
            >
              Edit…
            </Button>
          </span>
        )
      }
    >
      {error && !data ? (
        <ErrorState what="Who is told" error={error} onRetry={reload} isSmall />
      ) : !data ? (
        <SkeletonRows count={3} />
      ) : (
        <>
          {data.trouble && <TroubleLine trouble={data.trouble} />}
          {told.length === 0 ? (
            <EmptyState title="Nobody is told of this job" isSmall>
              List people under <code>notifications: on_failure:</code> of the job, or for all jobs in the
              configuration.
            </EmptyState>
          ) : (
            <dl className={own.told}>
              {(Object.keys(listWords) as RecipientList[]).map((list) => {
                const audience = told.find((one) => one.list === list);
                const failure =
                  list === 'on_failure' ? undefined : told.find((one) => one.list === 'on_failure');
                const isSame =
                  failure !== undefined &&
                  JSON.stringify(failure.targets) === JSON.stringify(audience?.targets);
                return audience && <AudienceLine key={list} {...{ list, audience, isSame }} />;
              })}
            </dl>
          )}
          <Watched told={data} hasPeople={told.length > 0} />
          {data.usual.length > 0 && <Usual usual={data.usual} />}
        </>
      )}
      {isTesting && (
        <TestNotificationDialog
          job_id={job.job_id}
          {...(first ? { channel: first.channel } : {})}
          target={first && !first.target.includes('…') ? first.target : ''}
          onClose={() => setTesting(false)}
        />
      )}
    </Card>
  );
}

function TroubleLine({ trouble }: { readonly trouble: NonNullable<Told['trouble']> }) {
  return (
    <p className={own.trouble}>
      <b>{plural(trouble.failures, 'failure')}</b> in a row since <TimeText instant={trouble.since} />
      {trouble.last_told ? (
        <>
          , last told <TimeText instant={trouble.last_told} />
        </>
      ) : (
        ', nobody told yet'
      )}
    </p>
  );
}

function AudienceLine({
  list,
  audience,
  isSame,
}: {
  readonly list: RecipientList;
  readonly audience: Audience;
  /** Those who hear of failures, once more. */
  readonly isSame: boolean;
}) {
  if (isSame)
    return (
      <div>
        <dt>{listWords[list]}</dt>
        <dd>the same as of failures</dd>
      </div>
    );
  return (
    <div>
      <dt>{listWords[list]}</dt>
      <dd>
        {audience.targets.map(({ channel, target, problem }) => (
          <Fragment key={`${channel} ${target}`}>
            <span className={own.target} dir="auto">
              {target === '' ? channelWords[channel] : `${channelWords[channel]} ${target}`}
            </span>
            {problem !== null && <span className={own.failed}>! {problem}</span>}
          </Fragment>
        ))}
        {audience.from !== 'the job' && <span className={own.from}>by {audience.from}</span>}
      </dd>
    </div>
  );
}

function reminderText(seconds: number): string {
  if (seconds === 0) return 'none';
  return seconds === 86_400 ? 'daily while it fails' : `every ${formatDuration(seconds)} while it fails`;
}

function Watched({ told, hasPeople }: { readonly told: Told; readonly hasPeople: boolean }) {
  const rows: (readonly [string, ReactNode])[] = [];
  if (told.must_finish_by) rows.push(['Must be done by', told.must_finish_by]);
  if (told.expect_success_every) rows.push(['A success every', formatDuration(told.expect_success_every)]);
  if (told.long_running_after) rows.push(['Long after', formatDuration(told.long_running_after)]);
  if (hasPeople && told.after_failures > 1)
    rows.push(['First word', `after ${told.after_failures} failures in a row`]);
  if (hasPeople) rows.push(['Reminder', reminderText(told.remind_every)]);
  if (rows.length === 0) return null;
  return (
    <dl className={styles.settings}>
      {rows.map(([name, value]) => (
        <div key={name}>
          <dt>{name}</dt>
          <dd>{value}</dd>
        </div>
      ))}
    </dl>
  );
}

function Usual({ usual }: { readonly usual: Told['usual'] }) {
  return (
    <table className={own.usualTable}>
      <caption>Usual by weekday</caption>
      <thead>
        <tr>
          <th scope="col">Day</th>
          <th scope="col">Median</th>
          <th scope="col">95 %</th>
          <th scope="col">Long after</th>
        </tr>
      </thead>
      <tbody>
        {usual.map((one) => (
          <tr
            key={one.weekday}
            title={`${plural(one.samples, 'run')}${one.of_all_days ? ', of all days: this one has too few' : ''}`}
          >
            <th scope="row">{weekdays[one.weekday]}</th>
            <td>{formatRoughDuration(one.p50_seconds)}</td>
            <td>{formatRoughDuration(one.p95_seconds)}</td>
            <td>{formatRoughDuration(one.long_after_seconds)}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
