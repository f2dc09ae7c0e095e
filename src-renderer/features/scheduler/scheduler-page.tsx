import { Tab, TabList } from '@fluentui/react-components';
import { useLive } from '../../lib/live';
import { useUrlText } from '../../lib/url-state';
import { Page, PageHeader } from '../../ui/page';
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

const tabs = [
  { id: 'plan', label: 'What will run', body: PlanTab },
  { id: 'missed', label: 'Missed runs', body: MissedTab },
  { id: 'maintenance', label: 'Maintenance windows', body: MaintenanceTab },
  { id: 'check', label: 'Check', body: CheckTab },
  { id: 'calendars', label: 'Holiday calendars', body: CalendarsTab },
] as const;

/** /scheduler: is it running, how full is it, what will run, and what was missed. */
export function SchedulerPage() {
  const { status, error, load, apply } = useSchedulerPage();
  const [chosen, choose] = useUrlText('tab');
  useLive({ load, apply });
  const tab = tabs.find(({ id }) => id === chosen) ?? tabs[0];
  const Body = tab.body;
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
          <TabList
            selectedValue={tab.id}
            onTabSelect={(_, { value }) => choose(value === 'plan' ? '' : String(value))}
          >
            {tabs.map(({ id, label }) => (
              <Tab key={id} value={id}>
                {label}
              </Tab>
            ))}
          </TabList>
          <Body />
        </>
      )}
    </Page>
  );
}
