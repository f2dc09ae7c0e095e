import { Button } from '@fluentui/react-components';
import { Link, useNavigate } from 'react-router';
import { useLive } from '../../lib/live';
import { useMay } from '../../lib/session';
import { plural } from '../../lib/time-text';
import { Page, PageHeader } from '../../ui/page';
import { EmptyState, ErrorState } from '../../ui/states';
import { AttentionCard } from './attention-card';
import styles from './dashboard.module.css';
import { useDashboard } from './dashboard-store';
import { FirstSteps } from './first-steps';
import { useFirstSteps } from './first-steps-store';
import { HeatMapCard } from './heat-map-card';
import { RecentCard } from './recent-card';
import { RunningCard } from './running-card';
import { Tiles } from './tiles';
import { TimelineCard } from './timeline-card';
import { UpNextCard } from './up-next-card';

/** /: is anything wrong, and what runs next? */
export function DashboardPage() {
  const { data, error, load, apply } = useDashboard();
  const navigate = useNavigate();
  const mayEdit = useMay('editor');
  useLive({ load: () => void load(), apply });

  const { isSkipped, resume } = useFirstSteps();
  const isFirstRun = data?.jobs.total === 0;
  const isGuided = mayEdit && !isSkipped && data !== undefined && data.jobs.total === data.jobs.samples;
  return (
    <Page title="Dashboard">
      <PageHeader
        title="Dashboard"
        note={data && !isFirstRun ? <Answer attention={data.attention.total} /> : undefined}
        actions={
          mayEdit && (
            <>
              <Button onClick={() => navigate('/jobs?import=open')}>Import</Button>
              <Button
                appearance={isFirstRun && isGuided ? 'secondary' : 'primary'}
                onClick={() => navigate('/jobs/new')}
              >
                New job
              </Button>
            </>
          )
        }
      />
      {error && !data ? (
        <ErrorState what="The dashboard" error={error} onRetry={() => void load()} />
      ) : isFirstRun && isGuided ? (
        <FirstSteps hasSample={false} />
      ) : isFirstRun ? (
        <EmptyState
          title="Nothing is scheduled yet"
          actions={
            mayEdit && (
              <>
                <Button onClick={() => navigate('/jobs?templates=open')}>Begin with a template</Button>
                <Button appearance="subtle" onClick={resume}>
                  Show the first steps
                </Button>
              </>
            )
          }
        >
          Here you will see whether anything went wrong and what runs next. It begins with a job: a query, a
          script or a command, and when to run it.
        </EmptyState>
      ) : (
        <>
          {isGuided && <FirstSteps hasSample />}
          <Tiles data={data} />
          <TimelineCard />
          <div className={styles.three}>
            <AttentionCard attention={data?.attention} hasRuns={(data?.recent.length ?? 0) > 0} />
            <RunningCard running={data?.running} queue={data?.queue} />
            <UpNextCard next={data?.next} />
          </div>
          <div className={styles.two}>
            <RecentCard recent={data?.recent} />
            <HeatMapCard hours={data?.hours} />
          </div>
        </>
      )}
    </Page>
  );
}

/** The page's question, answered in words. */
function Answer({ attention }: { readonly attention: number }) {
  if (attention === 0) return <>Nothing needs attention</>;
  return (
    <Link to="/jobs?status=failed,timeout,interrupted,missed" className={styles.alarm}>
      {plural(attention, 'job needs', 'jobs need')} attention
    </Link>
  );
}
