import { Button, Input } from '@fluentui/react-components';
import { type FormEvent, useState } from 'react';
import { Link } from 'react-router';
import type { JobDetail } from '../../../../src-shared/model/job';
import { api, errorText } from '../../../lib/api';
import { serverNow } from '../../../lib/clock';
import { toLocalField } from '../../../lib/local-field';
import { formatFull, withLocalTimes } from '../../../lib/time-text';
import { Card } from '../../../ui/page';
import styles from './job-page.module.css';

type Answer = Awaited<ReturnType<typeof api.schedule.why>>;

/** Why it ran, did not run, or will not: for any instant, in words. */
export function WhyCard({ job }: { readonly job: JobDetail }) {
  const [at, setAt] = useState(() => toLocalField(Math.floor(serverNow() / 3_600_000) * 3_600_000));
  const [answer, setAnswer] = useState<Answer>();
  const [problem, setProblem] = useState('');

  const ask = async (instant: number) => {
    setProblem('');
    if (Number.isNaN(instant)) {
      setProblem('This is not a date and time');
      return;
    }
    try {
      setAnswer(
        await api.schedule.why({
          params: { job_id: job.job_id },
          query: { at: new Date(instant).toISOString() },
        }),
      );
    } catch (error) {
      setProblem(errorText(error));
    }
  };
  const onSubmit = (event: FormEvent) => {
    event.preventDefault();
    void ask(Date.parse(at));
  };
  const look = (instant: string) => {
    setAt(toLocalField(Date.parse(instant)));
    void ask(Date.parse(instant));
  };

  return (
    <Card title="Why didn't it run?" note="or why did it: ask for any time, past or future">
      <div className={styles.body}>
        <form className={styles.why} onSubmit={onSubmit}>
          <Input
            type="datetime-local"
            aria-label="At, in your time"
            value={at}
            onChange={(_, { value }) => setAt(value)}
          />
          <Button type="submit">Why?</Button>
          {answer?.previous && (
            <Button appearance="subtle" onClick={() => look(answer.previous?.scheduled_time ?? '')}>
              ← Planned before
            </Button>
          )}
          {answer?.next && (
            <Button appearance="subtle" onClick={() => look(answer.next?.scheduled_time ?? '')}>
              Planned next →
            </Button>
          )}
        </form>
        <div role="status">
          {problem !== '' && <p className={styles.problem}>{problem}</p>}
          {answer && problem === '' && (
            <p className={styles.reply}>
              <b dir="auto">{withLocalTimes(answer.answer, serverNow())}</b>
              <span className={styles.soft}>
                {formatFull(Date.parse(answer.at))}
                {answer.slot?.execution_id && (
                  <>
                    {' · '}
                    <Link to={`/executions/${answer.slot.execution_id}`}>{answer.slot.execution_id}</Link>
                  </>
                )}
              </span>
            </p>
          )}
        </div>
      </div>
    </Card>
  );
}
