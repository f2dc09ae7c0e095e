import { Button, DialogActions, DialogContent, Radio, RadioGroup } from '@fluentui/react-components';
import { useState } from 'react';
import { Link } from 'react-router';
import { errorText } from '../../../lib/api';
import { plural } from '../../../lib/time-text';
import { Notice } from '../../../ui/notice';
import styles from './source-import.module.css';
import { SourceJobs } from './source-jobs';
import { askSource, type SourceGiven, type SourceReply } from './source-request';
import { stateWords, type TakenAs } from './source-words';

/** What a source would make, how to take it in, and then what was made of it. */
export function SourceImport({
  given,
  first,
  onBack,
  onClose,
}: {
  readonly given: SourceGiven;
  /** The answer of the dry run. */
  readonly first: SourceReply;
  readonly onBack: () => void;
  readonly onClose: () => void;
}) {
  const [chosen, setChosen] = useState<ReadonlySet<string>>(
    () => new Set(first.jobs.filter(({ action }) => action !== 'refused').map(({ job_id }) => job_id)),
  );
  const [state, setState] = useState<TakenAs>('disabled');
  const [done, setDone] = useState<SourceReply>();
  const [problem, setProblem] = useState('');
  const [isBusy, setBusy] = useState(false);

  const choose = (job_id: string, isChosen: boolean) =>
    setChosen((before) => {
      const after = new Set(before);
      if (isChosen) after.add(job_id);
      else after.delete(job_id);
      return after;
    });

  const save = async () => {
    setBusy(true);
    setProblem('');
    try {
      setDone(await askSource(given, { state, job_ids: [...chosen], dry_run: false }));
    } catch (error) {
      setProblem(errorText(error));
    } finally {
      setBusy(false);
    }
  };

  if (done) return <Result reply={done} state={state} onClose={onClose} />;
  const taken = first.jobs.filter(({ job_id }) => chosen.has(job_id));
  const resting = taken.filter((job) => job.incomplete || !job.enabled_there).length;
  const differing = first.jobs.filter((job) => job.differing > 0).length;
  return (
    <>
      <DialogContent className={styles.content}>
        <p className={styles.summary} role="status">
          {plural(first.jobs.length, 'job')}
          {first.jobs.length > 0 &&
            (differing === 0 ? ', all with the same times here' : `, ${differing} with times that differ`)}
          {first.left_out.length > 0 && `, ${plural(first.left_out.length, 'entry', 'entries')} left out`}
        </p>
        {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a long preview must be scrolled by keyboard */}
        {/* biome-ignore lint/a11y/useSemanticElements: a section of a dialog */}
        <div className={styles.preview} tabIndex={0} role="region" aria-label="Preview of the import">
          <SourceJobs jobs={first.jobs} chosen={chosen} onChoose={choose} />
          {first.left_out.map((one) => (
            <div key={one.place} className={styles.leftOut}>
              <b>Left out: {one.place}</b> {one.reason}
              <code dir="auto">{one.text}</code>
            </div>
          ))}
          <ul className={styles.notes}>
            {first.notes.map((note) => (
              <li key={note}>{note}</li>
            ))}
          </ul>
        </div>
        <RadioGroup
          aria-label="Take them in as"
          layout="horizontal"
          value={state}
          onChange={(_, { value }) => setState(value as TakenAs)}
        >
          {(Object.keys(stateWords) as TakenAs[]).map((one) => (
            <Radio key={one} value={one} label={stateWords[one][0]} />
          ))}
        </RadioGroup>
        <p className={styles.hint}>
          {stateWords[state][1]}
          {state === 'enabled' && resting > 0 && ` ${plural(resting, 'job')} of these will come as disabled.`}
        </p>
        {problem !== '' && <Notice tone="error">{problem}</Notice>}
      </DialogContent>
      <DialogActions>
        <Button appearance="primary" disabled={isBusy || taken.length === 0} onClick={() => void save()}>
          {taken.length === 0 ? 'Nothing to import' : `Import ${plural(taken.length, 'job')}`}
        </Button>
        <Button onClick={onBack}>Back</Button>
        <Button onClick={onClose}>Cancel</Button>
      </DialogActions>
    </>
  );
}

function Result({
  reply,
  state,
  onClose,
}: {
  readonly reply: SourceReply;
  readonly state: TakenAs;
  readonly onClose: () => void;
}) {
  return (
    <>
      <DialogContent className={styles.content}>
        <Notice tone="success">{reply.message}</Notice>
        <ul className={styles.results}>
          {reply.jobs.map((job) => (
            <li key={job.job_id}>
              <Link to={`/jobs/${encodeURIComponent(job.job_id)}`} dir="auto">
                {job.name}
              </Link>
              <span>{job.enabled ? stateWords[state][0].toLowerCase() : 'disabled'}</span>
              <span>
                {job.unmapped.length > 0 ? `${plural(job.unmapped.length, 'thing')} to look at` : ''}
              </span>
            </li>
          ))}
        </ul>
      </DialogContent>
      <DialogActions>
        <Button appearance="primary" onClick={onClose}>
          Done
        </Button>
      </DialogActions>
    </>
  );
}
