import { Button } from '@fluentui/react-components';
import { ArrowImportRegular } from '@fluentui/react-icons/svg/arrow-import';
import { PlayCircleRegular } from '@fluentui/react-icons/svg/play-circle';
import { PlugConnectedRegular } from '@fluentui/react-icons/svg/plug-connected';
import type { ReactNode } from 'react';
import { useEffect } from 'react';
import { Link, useNavigate } from 'react-router';
import { useMay } from '../../lib/session';
import styles from './first-steps.module.css';
import { useFirstSteps } from './first-steps-store';

interface StepProps {
  readonly number: number;
  readonly icon: ReactNode;
  readonly title: string;
  readonly isDone: boolean;
  readonly children: ReactNode;
  readonly action: ReactNode;
}

function Step({ number, icon, title, isDone, children, action }: StepProps) {
  return (
    <li className={styles.step} data-done={isDone}>
      <span className={styles.icon} aria-hidden="true">
        {icon}
      </span>
      <h3>
        <span className={styles.number}>{isDone ? 'Done' : `Step ${number}`}</span>
        {title}
      </h3>
      <p>{children}</p>
      <div className={styles.action}>{action}</div>
    </li>
  );
}

/** Guides somebody who has no jobs yet: see one run, bring in one's own, reach the database. In any order, or not at all. */
export function FirstSteps({ hasSample }: { readonly hasSample: boolean }) {
  const { sampleRun, isBusy, connections, load, runSample, skip } = useFirstSteps();
  const navigate = useNavigate();
  const mayConnect = useMay('admin');
  useEffect(() => void load(), [load]);
  const isConnected = connections !== undefined && connections > 0;
  return (
    <section className={styles.box} aria-labelledby="first-steps">
      <header>
        <div>
          <h2 id="first-steps">First steps</h2>
          <p>
            A job is a query, a script or a command, and when to run it. Three ways to begin, in any order.
          </p>
        </div>
        <Button appearance="subtle" onClick={skip}>
          Skip
        </Button>
      </header>
      <ol className={styles.steps}>
        <Step
          number={1}
          icon={<PlayCircleRegular />}
          title="Watch a job run"
          isDone={hasSample || sampleRun !== undefined}
          action={
            <>
              <Button
                appearance={hasSample ? 'secondary' : 'primary'}
                disabled={isBusy}
                onClick={() => void runSample()}
              >
                {sampleRun ? 'Run it again' : hasSample ? 'Run a sample' : 'Create a sample and run it'}
              </Button>
              {sampleRun && <Link to={`/executions/${sampleRun}`}>Look at its run</Link>}
            </>
          }
        >
          A query on a small SQLite file that it makes itself, beside your jobs file. It needs nothing
          installed, has no schedule, and can be deleted like any job.
        </Step>
        <Step
          number={2}
          icon={<ArrowImportRegular />}
          title="Bring in your jobs"
          isDone={false}
          action={
            <>
              <Button onClick={() => navigate('/jobs?import=open')}>Import YAML…</Button>
              <Link to="/jobs?templates=open">Use a template</Link>
            </>
          }
        >
          A file of job definitions, an older one of the Python scheduler too. You see what it would add and
          what runs next before anything is saved.
        </Step>
        <Step
          number={3}
          icon={<PlugConnectedRegular />}
          title="Connect a SQL Server"
          isDone={isConnected}
          action={
            <Button disabled={!mayConnect} onClick={() => navigate('/connections?id=new')}>
              {isConnected ? 'Connect another…' : 'New connection…'}
            </Button>
          }
        >
          {mayConnect
            ? 'Server, database and login are kept in one place, the password sealed. Jobs name the connection, and a test says at once what is wrong.'
            : 'Connections are made by an administrator; jobs then use them by name.'}
        </Step>
      </ol>
    </section>
  );
}
