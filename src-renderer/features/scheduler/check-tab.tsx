import { Button } from '@fluentui/react-components';
import { useState } from 'react';
import { Link } from 'react-router';
import type { DoctorReport, Finding } from '../../../src-shared/model/doctor';
import { api, errorText } from '../../lib/api';
import { useMay } from '../../lib/session';
import { formatDuration } from '../../lib/time-text';
import { useLoaded } from '../../lib/use-loaded';
import { Notice } from '../../ui/notice';
import { Card } from '../../ui/page';
import { EmptyState, ErrorState, SkeletonRows } from '../../ui/states';
import { TimeText } from '../../ui/time-text';
import own from './check-tab.module.css';
import styles from './scheduler.module.css';

const kindWords: Readonly<Record<Finding['kind'], string>> = {
  job: 'Job',
  program: 'Program',
  script: 'Script',
  folder: 'Folder',
  environment: 'Environment',
  connection: 'Connection',
  secret: 'Secret',
  output: 'Output',
  disk: 'Disk',
  key: 'API key',
  policy: 'Policy',
  certificate: 'Certificate',
  channel: 'Channel',
};

function FindingCell({ finding }: { readonly finding: Finding }) {
  const isError = finding.severity === 'error';
  return (
    <td dir="auto">
      <span className={own.finding} data-severity={finding.severity}>
        {isError ? '✕' : '!'} {kindWords[finding.kind]}
      </span>{' '}
      {finding.message}
      <span className={styles.sub}>To do: {finding.fix}</span>
    </td>
  );
}

function JobRows({ job }: { readonly job: DoctorReport['jobs'][number] }) {
  return job.findings.map((finding, index) => (
    <tr key={`${finding.kind} ${finding.message}`}>
      {index === 0 && (
        <>
          <td rowSpan={job.findings.length}>
            <Link to={`/jobs/${encodeURIComponent(job.job_id)}`} dir="auto">
              {job.name}
            </Link>
            <span className={styles.sub}>{job.job_type}</span>
          </td>
          <td rowSpan={job.findings.length} className={styles.when}>
            {job.next_run_time === null ? 'by hand' : <TimeText instant={job.next_run_time} />}
          </td>
        </>
      )}
      <FindingCell finding={finding} />
    </tr>
  ));
}

/** Which jobs can't run as things stand, why, and what to do: the daily check, and one whenever it is asked for. */
export function CheckTab() {
  const mayCheck = useMay('operator');
  const [fresh, setFresh] = useState<DoctorReport>();
  const [problem, setProblem] = useState('');
  const [isBusy, setBusy] = useState(false);
  // What a person may is known a moment after the page: then it is read anew.
  const { data, error, reload } = useLoaded(
    async () => (mayCheck ? api.system.doctor({ query: { last: true } }) : undefined),
    String(mayCheck),
  );
  const report = fresh ?? data;

  const check = async () => {
    setBusy(true);
    setProblem('');
    try {
      setFresh(await api.system.doctor({}));
    } catch (reason) {
      setProblem(errorText(reason));
    } finally {
      setBusy(false);
    }
  };

  if (!mayCheck)
    return (
      <Card title="Check">
        <EmptyState title="Checking jobs takes the role operator" isSmall />
      </Card>
    );
  const isWell = report !== undefined && report.failing === 0 && report.machine.length === 0;
  return (
    <Card
      title="Check"
      note="programs, scripts, policies, folders, logins, secrets, certificates and disk, each day at 16:00"
      end={
        <Button size="small" disabled={isBusy} onClick={() => void check()}>
          {isBusy ? 'Checking…' : 'Check now'}
        </Button>
      }
    >
      {problem !== '' && (
        <div className={styles.pad}>
          <Notice tone="error">{problem}</Notice>
        </div>
      )}
      {error && !report ? (
        <ErrorState what="The check" error={error} onRetry={reload} isSmall />
      ) : !report ? (
        <SkeletonRows count={4} />
      ) : (
        <>
          <p className={own.verdict} data-well={isWell || undefined} role="status">
            {isWell ? '✓' : '✕'} {report.text}
            <span className={styles.sub}>
              {report.checked} enabled {report.checked === 1 ? 'job' : 'jobs'} looked at{' '}
              <TimeText instant={report.checked_at} />, in {formatDuration(report.duration_seconds)}
            </span>
          </p>
          {report.jobs.length + report.machine.length > 0 && (
            <div className={styles.scroll}>
              <table className={styles.table}>
                <thead>
                  <tr>
                    <th scope="col" style={{ width: '28%' }}>
                      Job
                    </th>
                    <th scope="col" style={{ width: 152 }}>
                      Next run
                    </th>
                    <th scope="col">What was found</th>
                  </tr>
                </thead>
                <tbody>
                  {report.machine.map((finding) => (
                    <tr key={finding.message}>
                      <td>This program</td>
                      <td />
                      <FindingCell finding={finding} />
                    </tr>
                  ))}
                  {report.jobs.map((job) => (
                    <JobRows key={job.job_id} job={job} />
                  ))}
                </tbody>
              </table>
            </div>
          )}
        </>
      )}
    </Card>
  );
}
