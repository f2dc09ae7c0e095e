import { Checkbox } from '@fluentui/react-components';
import { useState } from 'react';
import type { SourceJob } from '../../../../src-shared/model/job-source';
import { plural } from '../../../lib/time-text';
import { FireTimes } from './fire-times';
import styles from './source-import.module.css';

const actionWords = {
  created: '+ New',
  updated: '~ Changed',
  unchanged: '= Same',
  refused: '✕ Refused',
} as const;

function timesWords(job: SourceJob): string {
  if (job.fire_times.length === 0) return 'no times';
  return job.differing === 0 ? '✓ same times' : `! ${plural(job.differing, 'time')} differ`;
}

function Sentences({
  title,
  mark,
  texts,
}: {
  readonly title: string;
  readonly mark: string;
  readonly texts: readonly string[];
}) {
  if (texts.length === 0) return null;
  return (
    <section>
      <b>{title}</b>
      <ul className={styles.sentences} data-mark={mark}>
        {texts.map((text) => (
          <li key={text} dir="auto">
            {text}
          </li>
        ))}
      </ul>
    </section>
  );
}

function Details({ job }: { readonly job: SourceJob }) {
  const issues = job.issues.map(
    ({ line, message }) => `${line === undefined ? '' : `line ${line}: `}${message}`,
  );
  return (
    <div className={styles.details}>
      {job.incomplete && (
        <p className={styles.warning}>
          Something it does or waits for has no counterpart here: it is never enabled by an import.
        </p>
      )}
      <Sentences title="Would not be valid here" mark="✕" texts={job.action === 'refused' ? issues : []} />
      <Sentences title="Does not map, and why" mark="–" texts={job.unmapped} />
      <Sentences title="Maps" mark="✓" texts={job.maps} />
      <section>
        <FireTimes slots={job.fire_times} clockChanges={job.clock_changes} timezone={job.timezone} />
      </section>
      <details className={styles.yaml}>
        <summary>The job as it would be saved</summary>
        <pre dir="ltr">{job.yaml}</pre>
      </details>
    </div>
  );
}

/** One job; what there is to say of it is only made when it is opened. */
function Row({
  job,
  isChosen,
  isAlone,
  onChoose,
}: {
  readonly job: SourceJob;
  readonly isChosen: boolean;
  readonly isAlone: boolean;
  readonly onChoose: (job_id: string, isChosen: boolean) => void;
}) {
  const [isOpen, setOpen] = useState(isAlone);
  return (
    <li className={styles.job}>
      <Checkbox
        aria-label={`Import ${job.name}`}
        checked={isChosen}
        disabled={job.action === 'refused'}
        onChange={(_, { checked }) => onChoose(job.job_id, checked === true)}
      />
      <details open={isOpen} onToggle={(event) => setOpen(event.currentTarget.open)}>
        <summary>
          <span className={styles.name}>
            <b dir="auto" title={job.name}>
              {job.name}
            </b>
            <span className={styles.place}>
              <code>{job.job_id}</code> · {job.place}
              {job.enabled_there ? '' : ' · disabled there'}
            </span>
          </span>
          <span data-kind={job.action}>{actionWords[job.action]}</span>
          <span data-kind={job.incomplete ? 'invalid' : undefined}>
            {job.incomplete ? '! Incomplete' : ''}
          </span>
          <span>
            {job.maps.length} map, {job.unmapped.length} do not
          </span>
          <span
            data-kind={job.differing > 0 ? 'conflict' : job.fire_times.length > 0 ? 'created' : undefined}
          >
            {timesWords(job)}
          </span>
          <span className={styles.chevron} aria-hidden="true">
            ›
          </span>
        </summary>
        {isOpen && <Details job={job} />}
      </details>
    </li>
  );
}

/** The jobs a source would make: each can be left out, and opened to see what maps, what does not, and its times. */
export function SourceJobs({
  jobs,
  chosen,
  onChoose,
}: {
  readonly jobs: readonly SourceJob[];
  readonly chosen: ReadonlySet<string>;
  readonly onChoose: (job_id: string, isChosen: boolean) => void;
}) {
  return (
    <ul className={styles.jobs} aria-label="Jobs of the source">
      {jobs.map((job) => (
        <Row
          key={job.job_id}
          job={job}
          isChosen={chosen.has(job.job_id)}
          isAlone={jobs.length === 1}
          onChoose={onChoose}
        />
      ))}
    </ul>
  );
}
