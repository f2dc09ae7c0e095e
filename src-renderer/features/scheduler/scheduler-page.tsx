import { useLive } from '../../lib/live';
import { useUrlTab } from '../../lib/url-state';
import { Page, PageHeader } from '../../ui/page';
import { PageTabs, TabPanel } from '../../ui/page-tabs';
import { ErrorState } from '../../ui/states';
import { CalendarsTab } from './calendars-tab';
import { CheckTab } from './check-tab';
import { MachinesCard } from './machines-card';
import { MaintenanceTab } from './maintenance-tab';
import { MissedTab } from './missed-tab';
import { PlanTab } from './plan-tab';
import { PoolCard } from './pool-card';
import styles from './scheduler.module.css';
import { useSchedulerPage } from './scheduler-page-store';
import { StateCard } from './state-card';

const tabIds = ['plan', 'missed', 'maintenance', 'check', 'calendars'] as const;
const parts = {
  plan: { text: 'What will run', Body: PlanTab },
  missed: { text: 'Missed runs', Body: MissedTab },
  maintenance: { text: 'Maintenance windows', Body: MaintenanceTab },
  check: { text: 'Check', Body: CheckTab },
  calendars: { text: 'Holiday calendars', Body: CalendarsTab },
};
const tabs = tabIds.map((value) => ({ value, text: parts[value].text }));

/** /scheduler: is it running, how full is it, what will run, and what was missed. */
export function SchedulerPage() {
  const { status, error, load, apply } = useSchedulerPage();
  const [tab, choose] = useUrlTab(tabIds);
  useLive({ load, apply });
  const { Body } = parts[tab];
  return (
    <Page title="Scheduler">
      <PageHeader title="Scheduler" />
      {error && !status ? (
        <div className={styles.state}>
          <ErrorState what="The scheduler" error={error} onRetry={() => void load()} />
        </div>
      ) : (
        <>
          <div className={styles.top}>
            <StateCard />
            <PoolCard />
          </div>
          <MachinesCard />
          <PageTabs label="Parts of the scheduler" tabs={tabs} selected={tab} onSelect={choose} />
          <TabPanel value={tab}>
            <Body />
          </TabPanel>
        </>
      )}
    </Page>
  );
}
